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
        if (apdu[0] == (byte)ApduTag.ExceptionResponse) return TakeException(apdu);
        if (_operation == Operation.Associate) return TakeAssociation(apdu, output, out written);
        if (_operation == Operation.Release) return TakeRelease(apdu);
        if (!TryOpen(apdu, out int size, out ClientStep refused)) return refused;
        ReadOnlySpan<byte> plain = _plain.AsSpan(0, size);
        if (plain[0] == (byte)ApduTag.ExceptionResponse) return TakeException(plain);
        return _operation switch
        {
            Operation.Prove => TakeProof(plain),
            Operation.Get => TakeGet(plain, output, out written),
            Operation.Set => TakeSet(plain),
            Operation.Action => TakeAction(plain),
            _ => TakeAccess(plain),
        };
    }

    private bool TryOpen(ReadOnlySpan<byte> apdu, out int size, out ClientStep refused)
    {
        refused = ClientStep.Failed;
        size = 0;
        if (_session is null)
        {
            size = Copy(apdu, _plain);
            if (size == 0) Fail(ClientFailureKind.Malformed);
            return size > 0;
        }

        if (!ProtectedApdu.TryRead(apdu, out ProtectedApdu read))
        {
            refused = Fail(ClientFailureKind.Protection, (int)UnprotectResult.Malformed);
            return false;
        }

        UnprotectResult result = _session.TryUnprotect(read, _plain, out size);

        // An answer that comes twice has an old counter; it is not a fault of the one under way.
        if (result == UnprotectResult.CounterTooLow) refused = ClientStep.Ignored;
        else if (result != UnprotectResult.Success) refused = Fail(ClientFailureKind.Protection, (int)result);
        return result == UnprotectResult.Success && (read.Control.IsAuthenticated || Reject(out refused));
    }

    private bool Reject(out ClientStep refused)
    {
        refused = Fail(ClientFailureKind.Protection, (int)UnprotectResult.ContentMismatch);
        return false;
    }

    private ClientStep TakeAssociation(ReadOnlySpan<byte> apdu, Span<byte> output, out int written)
    {
        written = 0;
        if (!AssociationResponse.TryRead(apdu, out AssociationResponse answer)) return Fail(ClientFailureKind.Malformed);
        if (answer.Result != AssociationResult.Accepted) return Fail(ClientFailureKind.AssociationRejected, (int)answer.Diagnostic);
        _ = SystemTitle.TryRead(answer.RespondingSystemTitle, out _serverTitle);
        if (!TryOpenInitiate(answer.UserInformation, out InitiateResponse initiate)) return Fail(ClientFailureKind.Malformed);
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
        answer.Authentication.CopyTo(_serverChallenge);
        _serverChallengeSize = answer.Authentication.Length;

        Span<byte> proof = stackalloc byte[Hls.MaxProof];
        HlsPass pass = Pass(fromClient: true);
        int size = _options.Mechanism == AuthenticationMechanism.Gmac
            ? Hls.ComputeGmac(_options.Key!, _options.Transmit!, pass, proof)
            : Hls.ComputeDigest(_options.Mechanism, pass, _options.Secret.Span, proof);
        if (size == 0) return Fail(ClientFailureKind.ServerNotProved);
        Span<byte> value = stackalloc byte[Hls.MaxProof + 4];
        var writer = new AxdrWriter(value);
        writer.OctetString(proof[..size]);
        _ = DataView.TryReadWhole(writer.Written, out DataView parameter);
        written = Invoke(new MethodDescriptor(InterfaceClass.Association, CurrentAssociation, 1), parameter, output);
        _operation = Operation.Prove;
        return written == 0 ? Fail(ClientFailureKind.TooLong) : ClientStep.Send;
    }

    private HlsPass Pass(bool fromClient)
    {
        ReadOnlySpan<byte> server = _serverChallenge.AsSpan(0, _serverChallengeSize);
        ReadOnlySpan<byte> client = _options.Challenge.Span;
        return fromClient
            ? new HlsPass { Challenge = server, OwnChallenge = client, Prover = _options.Title, Verifier = _serverTitle }
            : new HlsPass { Challenge = client, OwnChallenge = server, Prover = _serverTitle, Verifier = _options.Title };
    }

    private ClientStep TakeProof(ReadOnlySpan<byte> plain)
    {
        if (!ActionResponse.TryRead(plain, _options.Tolerance, out ActionResponse answer)) return Fail(ClientFailureKind.Malformed);
        if (answer.Result.Result != ActionResult.Success) return Fail(ClientFailureKind.Action, (int)answer.Result.Result);
        if (!answer.Result.Return.TryGetOctets(out ReadOnlySpan<byte> proof)) return Fail(ClientFailureKind.ServerNotProved);
        HlsPass pass = Pass(fromClient: false);
        IsAssociated = _options.Mechanism == AuthenticationMechanism.Gmac
            ? Hls.VerifyGmac(_options.Key!, _options.Receive!, pass, proof)
            : Hls.VerifyDigest(_options.Mechanism, pass, _options.Secret.Span, proof);
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

        var next = new GetRequest { Type = GetRequestType.Next, Invoke = InvokeId.Confirmed(_invoke), BlockNumber = _block };
        _requestSize = next.Write(_request);
        written = Protect(_request.AsSpan(0, _requestSize), output);
        return written == 0 ? Fail(ClientFailureKind.TooLong) : ClientStep.Send;
    }

    private ClientStep KeepBlocks()
    {
        ReadOnlySpan<byte> whole = _blocks.AsSpan(0, _blocksSize);
        bool wellFormed = _asksList ? GetResultList.TryRead(whole, out _) : DataView.TryReadWhole(whole, out _);
        return wellFormed ? Keep(_blocks, 0, _blocksSize, _asksList) : Fail(ClientFailureKind.Malformed);
    }

    private ClientStep TakeSet(ReadOnlySpan<byte> plain)
    {
        if (!SetResponse.TryRead(plain, _options.Tolerance, out SetResponse answer) || answer.Type != SetResponseType.Normal)
            return Fail(ClientFailureKind.Malformed);
        if (answer.Invoke.Id != _invoke) return ClientStep.Ignored;
        return answer.Result == DataAccessResult.Success ? Finish() : Fail(ClientFailureKind.Access, (int)answer.Result);
    }

    private ClientStep TakeAction(ReadOnlySpan<byte> plain)
    {
        if (!ActionResponse.TryRead(plain, _options.Tolerance, out ActionResponse answer) || answer.Type != ActionResponseType.Normal)
            return Fail(ClientFailureKind.Malformed);
        if (answer.Invoke.Id != _invoke) return ClientStep.Ignored;
        if (answer.Result.Result != ActionResult.Success) return Fail(ClientFailureKind.Action, (int)answer.Result.Result);
        int size = answer.Result.HasReturn && answer.Result.ReturnResult == DataAccessResult.Success ? answer.Result.Return.Encoded.Length : 0;
        return Keep(_plain, plain.Length - size, size, isList: false);
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
