using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Server;

internal sealed partial class ServerAssociation
{
    private const int InitiateSize = 32;

    // Tag, the five fields, lengths of content and signature.
    private const int SigningHead = 40;

    /// <summary>Whether the request under way carries a valid signature of the client.</summary>
    public bool IsRequestSigned { get; private set; }

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

    private int ProcessProtected(ReadOnlySpan<byte> apdu, Span<byte> output)
    {
        if (State == Phase.Idle || _session is null) return Refuse(1, 1, output);
        ProtectionFamily family;
        SecurityControl control;
        ReadOnlySpan<byte> plain;
        ReadOnlySpan<byte> transaction = default;
        if (apdu[0] == GeneralCiphering.Tag)
        {
            if (!Conformance.Has(Conformance.GeneralProtection)) return Refuse(1, 2, output);
            if (!GeneralCiphering.TryRead(apdu, out GeneralCiphering read)) return Refuse(2, 2, output);
            UnprotectResult opened = _endToEnd!.TryUnprotect(read, server.Plain, out int size);
            if (opened != UnprotectResult.Success) return RefuseUnprotect(opened, output);
            (family, control) = (ProtectionFamily.EndToEnd, new SecurityControl(read.Secured[0]));
            plain = server.Plain.AsSpan(0, size);
            transaction = read.Header.TransactionId;
        }
        else
        {
            UnprotectResult opened = Unprotect(apdu, out plain, out ProtectedApdu read);
            if (opened != UnprotectResult.Success) return RefuseUnprotect(opened, output);
            (family, control) = (read.Family, read.Control);
        }

        return TryTakeSignature(ref plain, out bool signed) && IsEnough(control, signed)
            ? AnswerProtected(plain, family, control, transaction, signed, output)
            : Refuse(1, 1, output);
    }

    // A signature counts only inside ciphering: alone it could be recorded and played back.
    private bool TryTakeSignature(ref ReadOnlySpan<byte> plain, out bool signed)
    {
        signed = plain[0] == GeneralSigning.Tag;
        if (!signed) return true;
        bool holds = GeneralSigning.TryRead(plain, out GeneralSigning read)
            && SystemTitle.TryRead(read.Header.Originator, out SystemTitle from) && from == _clientTitle
            && SystemTitle.TryRead(read.Header.Recipient, out SystemTitle to) && to == ServerTitle
            && !read.Content.IsEmpty && read.Content[0] != GeneralSigning.Tag
            && server.Security!.PublicKeys?.SigningKeyOf(_clientTitle) is { } key && read.IsSignedBy(server.Security.Suite, key);
        plain = read.Content;
        return holds;
    }

    /// <summary>Whether the response to a request under this protection will be protected as rights demand.</summary>
    public bool Responds(AccessRights rights, SecurityControl control)
    {
        bool ciphered = control.Octet != 0;
        SecurityControl response = ciphered ? Raised(control) : control;
        bool signs = ciphered && (IsRequestSigned || Policy.Has(SecurityPolicy.SignedResponse)) && server.Security?.PublicKeys?.Signing is not null;
        return (response.IsAuthenticated || !rights.Has(AccessRights.AuthenticatedResponse))
            && (response.IsEncrypted || !rights.Has(AccessRights.EncryptedResponse))
            && (signs || !rights.Has(AccessRights.SignedResponse));
    }

    private bool IsEnough(SecurityControl control, bool signed)
    {
        SecurityPolicy policy = Policy;
        return (control.IsAuthenticated || !policy.Has(SecurityPolicy.AuthenticatedRequest))
            && (control.IsEncrypted || !policy.Has(SecurityPolicy.EncryptedRequest))
            && (signed || !policy.Has(SecurityPolicy.SignedRequest));
    }

    private int AnswerProtected(
        ReadOnlySpan<byte> plain, ProtectionFamily family, SecurityControl control, ReadOnlySpan<byte> transaction, bool signed, Span<byte> output)
    {
        bool signs = (signed || Policy.Has(SecurityPolicy.SignedResponse)) && server.Security!.PublicKeys?.Signing is not null;
        int limit = LimitFor(family, output.Length) - (signs ? SigningHead + _session!.Suite.PointSize() : 0);
        IsRequestSigned = signed;
        ReadOnlySpan<byte> answer = _requests!.Answer(plain, control, limit);
        IsRequestSigned = false;
        if (answer.IsEmpty) return 0;
        bool service = family is ProtectionFamily.ServiceGlobal or ProtectionFamily.ServiceDedicated;

        // An exception has no tag of its own in the service families and goes in clear; it tells nothing.
        if (service && !ProtectedApdu.HasServiceTag(answer[0])) return Copy(answer, output);
        if (signs) answer = Sign(answer, transaction);

        // What is signed has no tag of its own either and goes out under the general one.
        if (signs && service) family = family == ProtectionFamily.ServiceGlobal ? ProtectionFamily.GeneralGlobal : ProtectionFamily.GeneralDedicated;
        var unicast = new SecurityControl((byte)(Raised(control).Octet & 0x3F));
        int size = family == ProtectionFamily.EndToEnd
            ? _endToEnd!.Protect(KeyInformation.Identified, unicast, transaction, answer, output)
            : _session!.Protect(family, unicast, answer, output);
        if (server.Security!.ApplyStaged()) Rekey();
        return size;
    }

    // The policy may ask more of a response than the request had.
    private SecurityControl Raised(SecurityControl control) => new((byte)(control.Octet
        | (Policy.Has(SecurityPolicy.AuthenticatedResponse) ? SecurityControl.AuthenticatedOnly(0).Octet : 0)
        | (Policy.Has(SecurityPolicy.EncryptedResponse) ? SecurityControl.EncryptedOnly(0).Octet : 0)));

    private ReadOnlySpan<byte> Sign(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> transaction)
    {
        Span<byte> own = stackalloc byte[SystemTitle.Size];
        Span<byte> peer = stackalloc byte[SystemTitle.Size];
        ServerTitle.Write(own);
        _clientTitle.Write(peer);
        var signing = new GeneralSigning
        {
            Header = new GeneralHeader { TransactionId = transaction, Originator = own, Recipient = peer }, Content = answer,
        };

        // The request was read to its end: its place is free.
        int size = signing.Write(_session!.Suite, server.Security!.PublicKeys!.Signing!, server.Plain);
        return server.Plain.AsSpan(0, size);
    }

    // The key change came over this association: it goes on under the new keys, all others are over.
    private void Rekey()
    {
        CipherKey? dedicated = _dedicated;
        Enter(new Opening { Client = _clientTitle, Session = server.Security!.CreateSession(_clientTitle) });
        if (dedicated is not null) _session!.UseDedicatedKey(dedicated);
    }

    private UnprotectResult Unprotect(ReadOnlySpan<byte> apdu, out ReadOnlySpan<byte> plain, out ProtectedApdu read)
    {
        var standing = new Opening { Client = _clientTitle, Session = _session, UnderPrevious = _underPrevious };
        UnprotectResult result = Unprotect(apdu, ref standing, out plain, out read);
        if (!ReferenceEquals(standing.Session, _session)) Enter(standing);
        return result;
    }

    private UnprotectResult Unprotect(ReadOnlySpan<byte> apdu, scoped ref Opening opening, out ReadOnlySpan<byte> plain, out ProtectedApdu read)
    {
        plain = default;
        if (!ProtectedApdu.TryRead(apdu, out read)) return UnprotectResult.Malformed;
        UnprotectResult result = opening.Session!.TryUnprotect(read, server.Plain, out int size);
        if (result == UnprotectResult.Success) LeavePreviousKeys(opening);
        else if (TryOtherKeys(read, ref opening, out size)) result = UnprotectResult.Success;
        plain = server.Plain.AsSpan(0, size);
        return result;
    }

    private void LeavePreviousKeys(Opening opening)
    {
        if (opening.UnderPrevious || !server.Security!.HoldsPrevious) return;
        server.Security.Remember(opening.Session!);
        server.Security.DiscardPrevious();
    }

    // The client may not have heard that its keys took effect; until the new ones are used it may go on with the old.
    private bool TryOtherKeys(ProtectedApdu read, scoped ref Opening opening, out int size)
    {
        size = 0;
        if (!server.Security!.HoldsPrevious) return false;
        CipherSession? other = opening.UnderPrevious ? server.Security.CreateSession(opening.Client) : server.Security.CreatePreviousSession(opening.Client);
        if (other is null || other.TryUnprotect(read, server.Plain, out size) != UnprotectResult.Success) return false;
        (opening.Session, opening.UnderPrevious) = (other, !opening.UnderPrevious);
        LeavePreviousKeys(opening);
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
}
