using System.Security.Cryptography;
using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Server;

internal sealed partial class ServerAssociation
{
    // Only a request that holds takes the place of the association that stands: anybody may send one, or play one back.
    private int Associate(ReadOnlySpan<byte> apdu, Span<byte> output)
    {
        if (!AssociationRequest.TryRead(apdu, out AssociationRequest request)) return Refuse(2, 2, output);
        bool proves = profile.Mechanism != AuthenticationMechanism.None;
        if (proves && server.Lock.IsLocked) return Reject(AssociationResult.RejectedTransient, AssociationDiagnostic.AuthenticationFailure, default, output);
        if (request.Context != profile.Context)
            return Reject(AssociationResult.RejectedPermanent, AssociationDiagnostic.ContextNotSupported, default, output);
        if (request.Mechanism != profile.Mechanism)
        {
            AssociationDiagnostic why = request.Mechanism == AuthenticationMechanism.None
                ? AssociationDiagnostic.MechanismRequired
                : AssociationDiagnostic.MechanismNotRecognised;
            return Reject(AssociationResult.RejectedPermanent, why, default, output);
        }

        bool titled = SystemTitle.TryRead(request.CallingSystemTitle, out SystemTitle client);
        if ((IsCiphered || profile.Mechanism >= AuthenticationMechanism.Gmac) && !titled)
            return Reject(AssociationResult.RejectedPermanent, AssociationDiagnostic.AuthenticationFailure, default, output);

        var opening = new Opening { Client = client, Session = IsCiphered ? server.Security!.CreateSession(client) : null };
        return TryOpenInitiate(request.UserInformation, ref opening, out InitiateRequest initiate, out int refused, output)
            ? Negotiate(request, initiate, opening, output)
            : refused;
    }

    private bool TryOpenInitiate(
        ReadOnlySpan<byte> information, scoped ref Opening opening, out InitiateRequest initiate, out int refused, Span<byte> output)
    {
        initiate = default;
        refused = 0;
        ReadOnlySpan<byte> plain = information;
        if (opening.Session is not null)
        {
            UnprotectResult result = Unprotect(information, ref opening, out plain, out _);
            if (result != UnprotectResult.Success)
            {
                // Only a wrong tag says that somebody guesses; an old counter is a client that must catch up.
                if (result == UnprotectResult.TagMismatch) server.Lock.Failed();
                refused = result == UnprotectResult.CounterTooLow
                    ? new ExceptionResponse(
                        ExceptionState.ServiceNotAllowed, ExceptionService.InvocationCounterError, opening.Session!.Receive.Expected).Write(output)
                    : Reject(AssociationResult.RejectedPermanent, AssociationDiagnostic.AuthenticationFailure, default, output);
                return false;
            }

            server.Security!.Remember(opening.Session!);
        }

        if (InitiateRequest.TryRead(plain, out initiate)) return true;
        refused = Reject(AssociationResult.RejectedPermanent, AssociationDiagnostic.NoReasonGiven, default, output);
        return false;
    }

    private int Negotiate(AssociationRequest request, InitiateRequest initiate, Opening opening, Span<byte> output)
    {
        Conformance common = initiate.Conformance & profile.Conformance & AssociationProfile.Implemented;
        InitiateError? error = initiate.Version < InitiateRequest.DlmsVersion ? InitiateError.DlmsVersionTooLow
            : common == Conformance.None ? InitiateError.IncompatibleConformance
            : initiate.MaxReceivePdu is > 0 and < MinPdu ? InitiateError.PduSizeTooShort
            : null;
        if (error is InitiateError refused)
        {
            Span<byte> reason = stackalloc byte[ConfirmedServiceError.Size];
            ConfirmedServiceError.Initiate(refused).Write(reason);
            return Reject(AssociationResult.RejectedPermanent, AssociationDiagnostic.NoReasonGiven, reason, output);
        }

        bool keyed = !initiate.DedicatedKey.IsEmpty && opening.Session is not null;
        if (keyed && initiate.DedicatedKey.Length != server.Security!.Suite.KeySize())
            return Reject(AssociationResult.RejectedPermanent, AssociationDiagnostic.NoReasonGiven, default, output);
        Span<byte> challenge = stackalloc byte[ChallengeSize];
        if (!TryAuthenticate(request, opening.Client, challenge))
        {
            server.Lock.Failed();
            return Reject(AssociationResult.RejectedPermanent, AssociationDiagnostic.AuthenticationFailure, default, output);
        }

        Adopt(request, initiate, opening, challenge);
        Conformance = common;
        return Accept(output);
    }

    private void Adopt(AssociationRequest request, InitiateRequest initiate, Opening opening, ReadOnlySpan<byte> challenge)
    {
        Close();
        AskedAt = HeardAt;
        _clientTitle = opening.Client;
        if (opening.Session is not null) Enter(opening);
        if (!initiate.DedicatedKey.IsEmpty && _session is not null)
        {
            _dedicated = server.Security!.CreateKey(initiate.DedicatedKey);
            _session.UseDedicatedKey(_dedicated);
        }

        challenge.CopyTo(_serverChallenge);
        if (profile.Mechanism >= AuthenticationMechanism.Manufacturer)
        {
            request.Authentication.CopyTo(_clientChallenge);
            _clientChallengeSize = request.Authentication.Length;
        }

        ClientMaxPdu = initiate.MaxReceivePdu == 0 ? ushort.MaxValue : initiate.MaxReceivePdu;
        State = profile.Mechanism >= AuthenticationMechanism.Manufacturer ? Phase.Proving : Phase.Associated;
        _requests ??= new RequestServer(server, this);
    }

    private void Enter(Opening opening)
    {
        _generation = server.Security!.Generation;
        (_session, _underPrevious) = (opening.Session, opening.UnderPrevious);
        _endToEnd = server.Security.CreateEndToEnd(_session!);
    }

    private bool TryAuthenticate(AssociationRequest request, SystemTitle client, Span<byte> challenge)
    {
        if (profile.Mechanism == AuthenticationMechanism.None) return true;
        if (profile.Mechanism == AuthenticationMechanism.Low)
            return CryptographicOperations.FixedTimeEquals(request.Authentication, profile.Secret.Span);
        if (!Hls.IsChallenge(request.Authentication)) return false;
        if (profile.Mechanism == AuthenticationMechanism.Ecdsa && !KnowsSigner(request.CallingQualifier, client)) return false;
        server.Challenges.Fill(challenge);

        // A client that reflects our own challenge would have us compute its proof.
        return !request.Authentication.SequenceEqual(challenge);
    }

    // The client's certificate is held already, or it came along and an authority that is trusted signed it.
    private bool KnowsSigner(ReadOnlySpan<byte> certificate, SystemTitle client)
    {
        if (server.Security?.PublicKeys is not { } keys || keys.Signing is null) return false;
        return keys.SigningKeyOf(client) is not null || (keys.TryImportFromPeer(certificate, client) && keys.SigningKeyOf(client) is not null);
    }

    private int Accept(Span<byte> output)
    {
        Span<byte> information = stackalloc byte[64];
        int size = new InitiateResponse
        {
            Version = InitiateRequest.DlmsVersion, Conformance = Conformance, MaxReceivePdu = profile.MaxReceivePdu, VaaName = InitiateResponse.LogicalNameVaa,
        }.Write(information);
        if (_session is not null)
        {
            SecurityControl control = SecurityControl.AuthenticatedAndEncrypted(_session.Suite);
            size = _session.Protect(ProtectionFamily.ServiceGlobal, control, information[..size], _secured);
            _secured.AsSpan(0, size).CopyTo(information);
        }

        Span<byte> title = stackalloc byte[SystemTitle.Size];
        ServerTitle.Write(title);
        bool proving = State == Phase.Proving;
        int written = size == 0 ? 0 : new AssociationResponse
        {
            Context = profile.Context,
            Diagnostic = proving ? AssociationDiagnostic.AuthenticationRequired : AssociationDiagnostic.Null,
            RespondingSystemTitle = server.Security is null || !(IsCiphered || proving) ? default : title,
            RespondingQualifier = profile.Mechanism == AuthenticationMechanism.Ecdsa ? server.Security!.PublicKeys!.SigningCertificate : default,
            Mechanism = proving ? profile.Mechanism : AuthenticationMechanism.None,
            Authentication = proving ? _serverChallenge : default,
            UserInformation = information[..size],
        }.Write(output);
        if (written == 0) Close();
        return written;
    }

    /// <summary>What an association will stand on if its request holds.</summary>
    private struct Opening
    {
        public SystemTitle Client;
        public CipherSession? Session;
        public bool UnderPrevious;
    }
}
