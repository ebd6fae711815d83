using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Client;

public sealed partial class DlmsClient
{
    /// <summary>Takes an APDU from the server, whatever it holds.</summary>
    /// <param name="apdu">The APDU.</param>
    /// <param name="output">Room for a further request.</param>
    /// <param name="written">Octets to send with <see cref="ClientStep.Send"/>.</param>
    public ClientStep Take(ReadOnlySpan<byte> apdu, Span<byte> output, out int written)
    {
        written = 0;
        if (_operation == Operation.None || apdu.IsEmpty) return ClientStep.Ignored;
        if (_blocking && apdu[0] == (byte)ApduTag.GeneralBlockTransfer) return TakeGeneralBlock(apdu, output, out written);
        if (apdu[0] == (byte)ApduTag.ExceptionResponse) return TakeException(apdu);

        // What comes late from an earlier association is no answer to this request.
        if (_operation == Operation.Associate) return apdu[0] == AssociationResponse.Tag ? TakeAssociation(apdu, output, out written) : ClientStep.Ignored;
        if (_operation == Operation.Release) return apdu[0] == Acse.Release.ResponseTag ? TakeRelease(apdu) : ClientStep.Ignored;
        if (!TryOpen(apdu, out int size, out ClientStep refused)) return refused;
        ReadOnlySpan<byte> plain = _plain.AsSpan(0, size);
        if (plain[0] == (byte)ApduTag.ExceptionResponse) return TakeException(plain);
        return _operation switch
        {
            Operation.Prove => TakeProof(plain),
            Operation.Get => TakeGet(plain, output, out written),
            Operation.Set => TakeSet(plain, output, out written),
            Operation.Action => TakeAction(plain, output, out written),
            _ => TakeAccess(plain),
        };
    }

    private ClientStep TakeAssociation(ReadOnlySpan<byte> apdu, Span<byte> output, out int written)
    {
        written = 0;
        if (!AssociationResponse.TryRead(apdu, out AssociationResponse answer)) return Fail(ClientFailureKind.Malformed);
        if (answer.Result != AssociationResult.Accepted) return Fail(ClientFailureKind.AssociationRejected, (int)answer.Diagnostic);
        _ = SystemTitle.TryRead(answer.RespondingSystemTitle, out _serverTitle);
        if (!TryOpenInitiate(answer.UserInformation, out InitiateResponse initiate)) return Fail(ClientFailureKind.Malformed);
        if (_session is not null)
            _endToEnd = new EndToEndSession(_session, _options.PublicKeys, _options.Master, _options.ReceiveTransported ?? new ReceiveCounter());
        Conformance = initiate.Conformance;
        if (_session is not null && !_options.DedicatedKey.IsEmpty) _session.UseDedicatedKey(_options.Key!.WithEncryptionKey(_options.DedicatedKey.Span));
        ServerMaxPdu = initiate.MaxReceivePdu == 0 ? ushort.MaxValue : initiate.MaxReceivePdu;
        if (_options.Mechanism < AuthenticationMechanism.Manufacturer)
        {
            IsAssociated = true;
            return Finish();
        }

        return StartProof(answer, output, out written);
    }

    private bool TryOpenInitiate(ReadOnlySpan<byte> information, out InitiateResponse initiate)
    {
        if (_options.Context != ApplicationContext.LogicalNameCiphered) return InitiateResponse.TryRead(information, out initiate);
        initiate = default;
        _session = NewSession(_serverTitle);
        if (!ProtectedApdu.TryRead(information, out ProtectedApdu read) || !read.Control.IsAuthenticated) return false;
        bool family = read.Family == ProtectionFamily.ServiceGlobal
            || (read.Family == ProtectionFamily.GeneralGlobal && _options.Tolerance.Has(PeerTolerance.GeneralGloInAssociation));
        return family && _session.TryUnprotect(read, _plain, out int size) == UnprotectResult.Success
            && InitiateResponse.TryRead(_plain.AsSpan(0, size), out initiate);
    }

    private ClientStep StartProof(AssociationResponse answer, Span<byte> output, out int written)
    {
        written = 0;
        bool announced = answer.Diagnostic == AssociationDiagnostic.AuthenticationRequired
            || _options.Tolerance.Has(PeerTolerance.DiagnosticNullWithChallenge);

        // A server that sends our own challenge back would have us compute its proof.
        bool usable = announced && Hls.IsChallenge(answer.Authentication) && !answer.Authentication.SequenceEqual(_options.Challenge.Span);
        if (!usable) return Fail(ClientFailureKind.ServerNotProved);
        if (_options.Mechanism == AuthenticationMechanism.Ecdsa && !KnowsSigner(answer.RespondingQualifier)) return Fail(ClientFailureKind.ServerNotProved);
        answer.Authentication.CopyTo(_serverChallenge);
        _serverChallengeSize = answer.Authentication.Length;

        Span<byte> proof = stackalloc byte[Hls.MaxProof];
        HlsPass pass = Pass(fromClient: true);
        int size = Prove(pass, proof);
        if (size == 0) return Fail(ClientFailureKind.ServerNotProved);
        Span<byte> value = stackalloc byte[Hls.MaxProof + 4];
        var writer = new AxdrWriter(value);
        writer.OctetString(proof[..size]);
        _ = DataView.TryReadWhole(writer.Written, out DataView parameter);
        written = Invoke(new MethodDescriptor(InterfaceClass.Association, CurrentAssociation, 1), parameter, output);
        _operation = Operation.Prove;
        return written == 0 ? Fail(ClientFailureKind.TooLong) : ClientStep.Send;
    }

    private ClientStep TakeProof(ReadOnlySpan<byte> plain)
    {
        if (!ActionResponse.TryRead(plain, _options.Tolerance, out ActionResponse answer)) return Fail(ClientFailureKind.Malformed);
        if (answer.Result.Result != ActionResult.Success) return Fail(ClientFailureKind.Action, (int)answer.Result.Result);
        if (!answer.Result.Return.TryGetOctets(out ReadOnlySpan<byte> proof)) return Fail(ClientFailureKind.ServerNotProved);
        HlsPass pass = Pass(fromClient: false);
        IsAssociated = Verifies(pass, proof);
        return IsAssociated ? Finish() : Fail(ClientFailureKind.ServerNotProved);
    }

    private ClientStep TakeRelease(ReadOnlySpan<byte> apdu) =>
        Acse.Release.TryRead(apdu, _options.Tolerance, out Release answer) && answer.IsResponse ? Finish() : Fail(ClientFailureKind.Malformed);

    private ClientStep TakeGet(ReadOnlySpan<byte> plain, Span<byte> output, out int written)
    {
        written = 0;
        if (!GetResponse.TryRead(plain, _options.Tolerance, out GetResponse answer)) return Fail(ClientFailureKind.Malformed);
        if (answer.Invoke.Id != _invoke) return ClientStep.Ignored;
        switch (answer.Type)
        {
            case GetResponseType.Normal when answer.Result == DataAccessResult.Success:
                return Keep(_plain, plain.Length - answer.Data.Encoded.Length, answer.Data.Encoded.Length, isList: false);
            case GetResponseType.WithList when _asksList:
                return Keep(_plain, 3, plain.Length - 3, isList: true);
            case GetResponseType.WithDataBlock when answer.Result == DataAccessResult.Success:
                return TakeBlock(answer.Block, output, out written);
            default:
                return Fail(ClientFailureKind.Access, (int)answer.Result);
        }
    }

    private ClientStep TakeBlock(DataBlock block, Span<byte> output, out int written)
    {
        written = 0;

        // The answer to a request that we repeated may come twice: the block is here already.
        if (block.Number == _block && _block > 0) return ClientStep.Ignored;
        if (block.Number != _block + 1) return Fail(ClientFailureKind.Access, (int)DataAccessResult.DataBlockNumberInvalid);
        int size = _blocksSize + block.Raw.Length;
        if (size > _options.MaxValue) return Fail(ClientFailureKind.TooLong);
        if (_blocks.Length < size) Array.Resize(ref _blocks, Math.Min(_options.MaxValue, Math.Max(size, 2 * _blocks.Length)));
        block.Raw.CopyTo(_blocks.AsSpan(_blocksSize));
        (_blocksSize, _block) = (size, block.Number);
        if (block.IsLast) return KeepBlocks();

        _requestSize = _operation == Operation.Action
            ? new ActionRequest { Type = ActionRequestType.NextBlock, Invoke = InvokeId.Confirmed(_invoke), BlockNumber = _block }.Write(_request)
            : new GetRequest { Type = GetRequestType.Next, Invoke = InvokeId.Confirmed(_invoke), BlockNumber = _block }.Write(_request);
        written = SendOut(_request.AsSpan(0, _requestSize), output);
        return written == 0 ? Fail(ClientFailureKind.TooLong) : ClientStep.Send;
    }

    private ClientStep KeepBlocks()
    {
        if (_operation == Operation.Action) return KeepAction(_blocks, 0, _blocksSize);
        ReadOnlySpan<byte> whole = _blocks.AsSpan(0, _blocksSize);
        bool wellFormed = _asksList ? GetResultList.TryRead(whole, out _) : DataView.TryReadWhole(whole, out _);
        return wellFormed ? Keep(_blocks, 0, _blocksSize, _asksList) : Fail(ClientFailureKind.Malformed);
    }

    private ClientStep TakeSet(ReadOnlySpan<byte> plain, Span<byte> output, out int written)
    {
        written = 0;
        if (!SetResponse.TryRead(plain, _options.Tolerance, out SetResponse answer)) return Fail(ClientFailureKind.Malformed);
        if (answer.Invoke.Id != _invoke) return ClientStep.Ignored;
        switch (answer.Type)
        {
            case SetResponseType.DataBlock when _upload is not null:
                return NextUpload(answer.BlockNumber, output, out written);
            case SetResponseType.WithList or SetResponseType.LastDataBlockWithList when _asksList:
                int start = answer.Type == SetResponseType.WithList ? plain.Length - answer.Results.Length : plain.Length - answer.Results.Length - sizeof(uint);
                return Keep(_plain, start, answer.Results.Length, isList: true);
            case SetResponseType.Normal or SetResponseType.LastDataBlock:
                return answer.Result == DataAccessResult.Success ? Finish() : Fail(ClientFailureKind.Access, (int)answer.Result);
            default:
                return Fail(ClientFailureKind.Malformed);
        }
    }

    private ClientStep TakeAction(ReadOnlySpan<byte> plain, Span<byte> output, out int written)
    {
        written = 0;
        if (!ActionResponse.TryRead(plain, _options.Tolerance, out ActionResponse answer)) return Fail(ClientFailureKind.Malformed);
        if (answer.Invoke.Id != _invoke) return ClientStep.Ignored;
        const int Head = 3;
        switch (answer.Type)
        {
            case ActionResponseType.NextBlock when _upload is not null:
                return NextUpload(answer.BlockNumber, output, out written);
            case ActionResponseType.WithBlock:
                _upload = null;
                return TakeBlock(answer.Block, output, out written);
            case ActionResponseType.WithList when _asksList:
                return Keep(_plain, Head, plain.Length - Head, isList: true);
            case ActionResponseType.Normal when answer.Result.Result != ActionResult.Success:
                return Fail(ClientFailureKind.Action, (int)answer.Result.Result);
            case ActionResponseType.Normal:
                return KeepReturn(_plain, plain.Length, answer.Result);
            default:
                return Fail(ClientFailureKind.Malformed);
        }
    }

    private ClientStep KeepReturn(byte[] buffer, int end, MethodResult result)
    {
        int size = result.HasReturn && result.ReturnResult == DataAccessResult.Success ? result.Return.Encoded.Length : 0;
        return Keep(buffer, end - size, size, isList: false);
    }

    // What came in blocks is what would have followed the invoke id.
    private ClientStep KeepAction(byte[] buffer, int start, int size)
    {
        ReadOnlySpan<byte> whole = buffer.AsSpan(start, size);
        if (_asksList) return MethodResultList.TryRead(whole, out _) ? Keep(buffer, start, size, isList: true) : Fail(ClientFailureKind.Malformed);
        var reader = new AxdrReader(whole);
        if (!MethodResult.TryRead(ref reader, out MethodResult result) || !reader.AtEnd) return Fail(ClientFailureKind.Malformed);
        return result.Result == ActionResult.Success ? KeepReturn(buffer, start + size, result) : Fail(ClientFailureKind.Action, (int)result.Result);
    }

    private ClientStep TakeAccess(ReadOnlySpan<byte> plain)
    {
        if (!AccessResponse.TryRead(plain, _options.Tolerance, out AccessResponse answer)) return Fail(ClientFailureKind.Malformed);
        if (answer.Invoke.Id != _invoke) return ClientStep.Ignored;
        return Keep(_plain, 0, plain.Length, isList: true);
    }

    private ClientStep TakeException(ReadOnlySpan<byte> apdu)
    {
        if (!ExceptionResponse.TryRead(apdu, out ExceptionResponse exception)) return Fail(ClientFailureKind.Malformed);

        // The hint is not authenticated: it moves the counter forward at most, never back.
        if (exception.Service == ExceptionService.InvocationCounterError) _options.Transmit?.TryJumpTo(exception.ExpectedCounter);
        Failure = new ClientFailure(ClientFailureKind.Exception, (int)exception.Service, exception.ExpectedCounter);
        _operation = Operation.None;
        return ClientStep.Failed;
    }

    private ClientStep Keep(byte[] buffer, int start, int size, bool isList)
    {
        (_value, _valueStart, _valueSize, _isList) = (buffer, start, size, isList);
        return Finish();
    }

    private ClientStep Finish()
    {
        _operation = Operation.None;
        return ClientStep.Done;
    }

    private ClientStep Fail(ClientFailureKind kind, int code = 0)
    {
        Failure = new ClientFailure(kind, code);
        _operation = Operation.None;
        return ClientStep.Failed;
    }
}
