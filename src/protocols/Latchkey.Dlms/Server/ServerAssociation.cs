using System.Security.Cryptography;
using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Server;

/// <summary>One client's association over one connection: who it is, what was agreed, and how each APDU is answered.</summary>
internal sealed partial class ServerAssociation(DlmsServer server, AssociationProfile profile)
{
    private const int MinPdu = 12;
    private const int ChallengeSize = 16;
    private readonly byte[] _serverChallenge = new byte[ChallengeSize];
    private readonly byte[] _clientChallenge = new byte[Hls.MaxChallenge];
    private readonly byte[] _secured = new byte[96];
    private int _clientChallengeSize;
    private CipherSession? _session;
    private CipherKey? _dedicated;
    private SystemTitle _clientTitle;
    private int _generation;
    private RequestServer? _requests;
    private GeneralBlockTransfer? _blocks;
    private bool _insideBlocks;
    private bool _underPrevious;

    private enum Phase
    {
        Idle = 0,
        Proving = 1,
        Associated = 2,
    }

    private Phase State { get; set; }

    public bool IsAssociated => State == Phase.Associated;

    public AssociationProfile Profile => profile;

    public Conformance Conformance { get; private set; }

    /// <summary>The longest APDU that the client takes.</summary>
    public int ClientMaxPdu { get; private set; }

    public bool IsProving => State == Phase.Proving;

    /// <summary>When the association was asked for.</summary>
    public long AskedAt { get; private set; }

    /// <summary>When the client was heard last.</summary>
    public long HeardAt { get; private set; }

    public static int RefuseUnknown(ReadOnlySpan<byte> apdu, Span<byte> output)
    {
        bool asks = !apdu.IsEmpty && apdu[0] == AssociationRequest.Tag;
        return asks ? Reject(AssociationResult.RejectedPermanent, AssociationDiagnostic.NoReasonGiven, default, output) : Refuse(1, 1, output);
    }

    public int Process(ReadOnlySpan<byte> apdu, Span<byte> output)
    {
        bool outdated = _session is not null
            && (server.Security!.Generation != _generation || (_underPrevious && !server.Security.HoldsPrevious));
        if (outdated) Close();
        HeardAt = server.Time.GetTimestamp();
        if (apdu.IsEmpty) return Refuse(2, 2, output);
        if (apdu[0] == AssociationRequest.Tag)
        {
            AskedAt = HeardAt;
            return Associate(apdu, output);
        }

        if (apdu[0] == Release.RequestTag) return ReleaseNow(apdu, output);
        if (apdu[0] == (byte)ApduTag.GeneralBlockTransfer && IsAssociated) return ProcessBlock(apdu, output);
        if (ProtectedApdu.IsProtected(apdu[0])) return ProcessProtected(apdu, output);
        if (State == Phase.Idle) return Refuse(1, IsKnownService(apdu[0]) ? (byte)1 : (byte)2, output, unknown: !IsKnownService(apdu[0]));
        if (IsKnownService(apdu[0]) && RequiresProtection) return Refuse(1, 1, output);
        return Copy(_requests!.Answer(apdu, default, LimitFor(ProtectionFamily.None, output.Length)), output);
    }

    /// <summary>Writes the next block of a stream under way; 0 when the client has the word.</summary>
    public int Continue(Span<byte> output) => IsAssociated && _blocks is not null ? _blocks.WriteNext(output) : 0;

    public void Close()
    {
        State = Phase.Idle;
        _blocks = null;
        _session = null;
        _dedicated?.Dispose();
        _dedicated = null;
        _requests?.Stop();
    }

    // Blocks go around the protection: what they carry is an APDU like any other, and it is answered in blocks.
    private int ProcessBlock(ReadOnlySpan<byte> apdu, Span<byte> output)
    {
        if (!Conformance.Has(Conformance.GeneralBlockTransfer)) return Refuse(1, 2, output);
        if (!GeneralBlock.TryRead(apdu, out GeneralBlock block)) return Refuse(2, 2, output);
        if (_blocks is null || (block.Number == 1 && _blocks.IsSent && !_blocks.Received.IsEmpty))
            _blocks = new GeneralBlockTransfer(profile.MaxReceivePdu, GeneralBlockTransfer.MaxWindow);
        switch (_blocks.Receive(block))
        {
            case BlockTransferEvent.None:
                return 0;
            case BlockTransferEvent.Send:
                return _blocks.WriteNext(output);
            case BlockTransferEvent.Aborted:
                _blocks = null;
                return Refuse(1, 3, output);
        }

        // A block inside a block could go on for ever.
        if (_blocks.Received.IsEmpty || _blocks.Received[0] == (byte)ApduTag.GeneralBlockTransfer) return Refuse(2, 2, output);
        GeneralBlockTransfer transfer = _blocks;
        byte[] answer = System.Buffers.ArrayPool<byte>.Shared.Rent(server.Answer.Length);
        _insideBlocks = true;
        int size = Process(transfer.Received, answer);
        _insideBlocks = false;
        if (size > 0) transfer.Start(answer.AsSpan(0, size), Math.Min(ClientMaxPdu, output.Length), block.Window);
        System.Buffers.ArrayPool<byte>.Shared.Return(answer, clearArray: true);
        return size > 0 ? transfer.WriteNext(output) : 0;
    }

    /// <summary>HLS pass 3 to pass 4: checks the client's proof and writes the server's; 0 when the proof is wrong, and then the association is over.</summary>
    public int Prove(ReadOnlySpan<byte> proof, Span<byte> answer)
    {
        var client = new HlsPass
        {
            Challenge = _serverChallenge, OwnChallenge = _clientChallenge.AsSpan(0, _clientChallengeSize), Prover = _clientTitle, Verifier = ServerTitle,
        };
        var own = new HlsPass
        {
            Challenge = _clientChallenge.AsSpan(0, _clientChallengeSize), OwnChallenge = _serverChallenge, Prover = ServerTitle, Verifier = _clientTitle,
        };
        bool gmac = profile.Mechanism == AuthenticationMechanism.Gmac;
        bool proved = gmac
            ? _session is not null && Hls.VerifyGmac(_session.Global, _session.Receive, client, proof)
            : Hls.VerifyDigest(profile.Mechanism, client, profile.Secret.Span, proof);
        int size = !proved ? 0
            : gmac ? Hls.ComputeGmac(_session!.Global, _session.Transmit, own, answer)
            : Hls.ComputeDigest(profile.Mechanism, own, profile.Secret.Span, answer);
        if (size == 0)
        {
            server.Lock.Failed();
            State = Phase.Idle;
            return 0;
        }

        server.Lock.Succeeded();
        State = Phase.Associated;
        return size;
    }

    private SystemTitle ServerTitle => server.Security?.Title ?? default;

    private bool IsCiphered => profile.Context is ApplicationContext.LogicalNameCiphered;

    private bool RequiresProtection => (profile.Policy & (SecurityPolicy.AuthenticatedRequest | SecurityPolicy.EncryptedRequest)) != SecurityPolicy.None;

    private int ReleaseNow(ReadOnlySpan<byte> apdu, Span<byte> output)
    {
        if (!Release.TryRead(apdu, PeerTolerance.None, out Release request) || request.IsResponse) return Refuse(2, 2, output);
        if (State == Phase.Idle) return Refuse(1, 1, output);
        if (_session is null)
        {
            Close();
            return new Release { IsResponse = true, Reason = 0 }.Write(output);
        }

        // Anybody could end a ciphered association, were it not for the ciphered Initiate inside.
        UnprotectResult opened = Unprotect(request.UserInformation, out ReadOnlySpan<byte> plain, out _);
        if (opened != UnprotectResult.Success || plain[0] != InitiateRequest.Tag) return RefuseUnprotect(opened, output);
        Span<byte> response = stackalloc byte[InitiateSize];
        int size = new InitiateResponse
        {
            Version = InitiateRequest.DlmsVersion, Conformance = Conformance, MaxReceivePdu = profile.MaxReceivePdu, VaaName = InitiateResponse.LogicalNameVaa,
        }.Write(response);
        size = _session.Protect(
            ProtectionFamily.ServiceGlobal, SecurityControl.AuthenticatedAndEncrypted(_session.Suite), response[..size], _secured);
        Close();
        return new Release { IsResponse = true, Reason = 0, UserInformation = _secured.AsSpan(0, size) }.Write(output);
    }

    private const int InitiateSize = 32;

    private int ProcessProtected(ReadOnlySpan<byte> apdu, Span<byte> output)
    {
        if (State == Phase.Idle || _session is null) return Refuse(1, 1, output);
        UnprotectResult opened = Unprotect(apdu, out ReadOnlySpan<byte> plain, out ProtectedApdu read);
        if (opened != UnprotectResult.Success) return RefuseUnprotect(opened, output);
        SecurityControl control = read.Control;
        bool enough = (control.IsAuthenticated || !profile.Policy.Has(SecurityPolicy.AuthenticatedRequest))
            && (control.IsEncrypted || !profile.Policy.Has(SecurityPolicy.EncryptedRequest));
        if (!enough) return Refuse(1, 1, output);

        ReadOnlySpan<byte> answer = _requests!.Answer(plain, control, LimitFor(read.Family, output.Length));
        if (answer.IsEmpty) return 0;
        bool service = read.Family is ProtectionFamily.ServiceGlobal or ProtectionFamily.ServiceDedicated;

        // An exception has no tag of its own in the service families and goes in clear; it tells nothing.
        if (service && !ProtectedApdu.HasServiceTag(answer[0])) return Copy(answer, output);
        var unicast = new SecurityControl((byte)(control.Octet & 0x3F));
        int size = _session.Protect(read.Family, unicast, answer, output);
        if (server.Security!.ApplyStaged()) Rekey();
        return size;
    }

    // The key change came over this association: it goes on under the new keys, all others are over.
    private void Rekey()
    {
        CipherKey? dedicated = _dedicated;
        StartSession();
        if (dedicated is not null) _session!.UseDedicatedKey(dedicated);
    }

    private UnprotectResult Unprotect(ReadOnlySpan<byte> apdu, out ReadOnlySpan<byte> plain, out ProtectedApdu read)
    {
        plain = default;
        if (!ProtectedApdu.TryRead(apdu, out read)) return UnprotectResult.Malformed;
        UnprotectResult result = _session!.TryUnprotect(read, server.Plain, out int size);
        if (result == UnprotectResult.Success) LeavePreviousKeys();
        else if (TryOtherKeys(read, out size)) result = UnprotectResult.Success;
        plain = server.Plain.AsSpan(0, size);
        return result;
    }

    private void LeavePreviousKeys()
    {
        if (_underPrevious || !server.Security!.HoldsPrevious) return;
        server.Security.Remember(_session!);
        server.Security.DiscardPrevious();
    }

    // The client may not have heard that its keys took effect; until the new ones are used it may go on with the old.
    private bool TryOtherKeys(ProtectedApdu read, out int size)
    {
        size = 0;
        if (!server.Security!.HoldsPrevious) return false;
        CipherSession? other = _underPrevious ? server.Security.CreateSession(_clientTitle) : server.Security.CreatePreviousSession(_clientTitle);
        if (other is null || other.TryUnprotect(read, server.Plain, out size) != UnprotectResult.Success) return false;
        (_session, _underPrevious) = (other, !_underPrevious);
        LeavePreviousKeys();
        return true;
    }

    private int RefuseUnprotect(UnprotectResult result, Span<byte> output) => result switch
    {
        UnprotectResult.CounterTooLow =>
            new ExceptionResponse(ExceptionState.ServiceNotAllowed, ExceptionService.InvocationCounterError, _session!.Receive.Expected).Write(output),
        UnprotectResult.Malformed => Refuse(2, 2, output),
        _ => Refuse(1, 5, output),
    };

    private int LimitFor(ProtectionFamily family, int room)
    {
        // General blocks cut the finished answer to the client's size, so inside them the answer itself may be longer.
        int pdu = _insideBlocks ? room : Math.Min(ClientMaxPdu, room);
        if (family == ProtectionFamily.None) return pdu;
        return pdu - CipherSession.Overhead(family, SecurityControl.AuthenticatedAndEncrypted(_session!.Suite), pdu);
    }

    private static bool IsKnownService(byte tag) => (ApduTag)tag is ApduTag.GetRequest or ApduTag.SetRequest or ApduTag.ActionRequest or ApduTag.AccessRequest
        or ApduTag.GeneralBlockTransfer;

    private static int Reject(AssociationResult result, AssociationDiagnostic diagnostic, ReadOnlySpan<byte> information, Span<byte> output) =>
        new AssociationResponse
        {
            Context = ApplicationContext.LogicalName, Result = result, Diagnostic = diagnostic, UserInformation = information,
        }.Write(output);

    private static int Refuse(byte state, byte service, Span<byte> output, bool unknown = false) =>
        new ExceptionResponse((ExceptionState)(unknown ? 2 : state), (ExceptionService)service).Write(output);

    private static int Copy(ReadOnlySpan<byte> answer, Span<byte> output)
    {
        if (answer.Length > output.Length) return 0;
        answer.CopyTo(output);
        return answer.Length;
    }
}
