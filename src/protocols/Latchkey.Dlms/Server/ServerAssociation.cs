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
    private EndToEndSession? _endToEnd;
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

    public SystemTitle ClientTitle => _clientTitle;

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
        if (profile.IsPreEstablished) return ProcessBroadcast(apdu, output);
        if (apdu.IsEmpty) return Refuse(2, 2, output);
        if (apdu[0] == AssociationRequest.Tag) return Associate(apdu, output);
        if (apdu[0] == Release.RequestTag) return ReleaseNow(apdu, output);
        if (apdu[0] == (byte)ApduTag.GeneralBlockTransfer && IsAssociated) return ProcessBlock(apdu, output);
        if (ProtectedApdu.IsProtected(apdu[0]) || apdu[0] == GeneralCiphering.Tag) return ProcessProtected(apdu, output);
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
        _endToEnd = null;
        _dedicated?.Dispose();
        _dedicated = null;
        _requests?.Stop();
    }

    // Blocks go around the protection: what they carry is an APDU like any other, and it is answered in blocks.
    private int ProcessBlock(ReadOnlySpan<byte> apdu, Span<byte> output)
    {
        if (!Conformance.Has(Conformance.GeneralBlockTransfer)) return Refuse(1, 2, output);
        if (!GeneralBlock.TryRead(apdu, out GeneralBlock block)) return Refuse(2, 2, output);
        bool another = block.Number == 1 && !block.Raw.IsEmpty && _blocks?.Received.IsEmpty == false && !_blocks.BeganWith(block);
        if (_blocks is null || another)
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

    private SystemTitle ServerTitle => server.Security?.Title ?? default;

    private bool IsCiphered => profile.Context is ApplicationContext.LogicalNameCiphered;

    // What the association asks for, and what the security setup was raised to.
    private SecurityPolicy Policy => _session is null ? profile.Policy : profile.Policy | server.Security!.Policy;

    private bool RequiresProtection =>
        (Policy & (SecurityPolicy.AuthenticatedRequest | SecurityPolicy.EncryptedRequest | SecurityPolicy.SignedRequest)) != SecurityPolicy.None;

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
