using System.Security.Cryptography;
using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Server;

internal sealed partial class ServerAssociation
{
    private int Associate(ReadOnlySpan<byte> apdu, Span<byte> output)
    {
        // A new request ends the old association, whatever becomes of the new one.
        Close();
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

        bool titled = SystemTitle.TryRead(request.CallingSystemTitle, out _clientTitle);
        if ((IsCiphered || profile.Mechanism >= AuthenticationMechanism.Gmac) && !titled)
            return Reject(AssociationResult.RejectedPermanent, AssociationDiagnostic.AuthenticationFailure, default, output);
        if (IsCiphered) StartSession();
        if (!TryOpenInitiate(request.UserInformation, out InitiateRequest initiate, out int refused, output)) return refused;
        return Negotiate(request, initiate, output);
    }

    private void StartSession()
    {
        _generation = server.Security!.Generation;
        _session = server.Security.CreateSession(_clientTitle);
        _underPrevious = false;
    }

    private bool TryOpenInitiate(ReadOnlySpan<byte> information, out InitiateRequest initiate, out int refused, Span<byte> output)
    {
        initiate = default;
        ReadOnlySpan<byte> plain = information;
        if (_session is not null)
        {
            UnprotectResult result = Unprotect(information, out plain, out _);
            if (result != UnprotectResult.Success)
            {
                // Only a wrong tag says that somebody guesses; an old counter is a client that must catch up.
                if (result == UnprotectResult.TagMismatch) server.Lock.Failed();
                uint expected = _session.Receive.Expected;
                Close();
                refused = result == UnprotectResult.CounterTooLow
                    ? new ExceptionResponse(ExceptionState.ServiceNotAllowed, ExceptionService.InvocationCounterError, expected).Write(output)
                    : Reject(AssociationResult.RejectedPermanent, AssociationDiagnostic.AuthenticationFailure, default, output);
                return false;
            }

            server.Security!.Remember(_session);
        }

        refused = 0;
        if (InitiateRequest.TryRead(plain, out initiate)) return true;
        Close();
        refused = Reject(AssociationResult.RejectedPermanent, AssociationDiagnostic.NoReasonGiven, default, output);
        return false;
    }

    private int Negotiate(AssociationRequest request, InitiateRequest initiate, Span<byte> output)
    {
        Conformance common = initiate.Conformance & profile.Conformance;
        InitiateError? error = initiate.Version < InitiateRequest.DlmsVersion ? InitiateError.DlmsVersionTooLow
            : common == Conformance.None ? InitiateError.IncompatibleConformance
            : initiate.MaxReceivePdu is > 0 and < MinPdu ? InitiateError.PduSizeTooShort
            : null;
        if (error is InitiateError refused)
        {
            Close();
            Span<byte> reason = stackalloc byte[ConfirmedServiceError.Size];
            ConfirmedServiceError.Initiate(refused).Write(reason);
            return Reject(AssociationResult.RejectedPermanent, AssociationDiagnostic.NoReasonGiven, reason, output);
        }

        if (!TryAuthenticate(request, out AssociationDiagnostic diagnostic))
        {
            Close();
            server.Lock.Failed();
            return Reject(AssociationResult.RejectedPermanent, diagnostic, default, output);
        }

        if (!initiate.DedicatedKey.IsEmpty && _session is not null)
        {
            if (initiate.DedicatedKey.Length != server.Security!.Suite.KeySize())
            {
                Close();
                return Reject(AssociationResult.RejectedPermanent, AssociationDiagnostic.NoReasonGiven, default, output);
            }

            _dedicated = server.Security.CreateKey(initiate.DedicatedKey);
            _session.UseDedicatedKey(_dedicated);
        }

        Conformance = common;
        ClientMaxPdu = initiate.MaxReceivePdu == 0 ? ushort.MaxValue : initiate.MaxReceivePdu;
        State = profile.Mechanism >= AuthenticationMechanism.Manufacturer ? Phase.Proving : Phase.Associated;
        _requests ??= new RequestServer(server, this);
        return Accept(output);
    }

    private bool TryAuthenticate(AssociationRequest request, out AssociationDiagnostic diagnostic)
    {
        diagnostic = AssociationDiagnostic.AuthenticationFailure;
        if (profile.Mechanism == AuthenticationMechanism.None) return true;
        if (profile.Mechanism == AuthenticationMechanism.Low)
            return CryptographicOperations.FixedTimeEquals(request.Authentication, profile.Secret.Span);
        if (profile.Mechanism is AuthenticationMechanism.Manufacturer or AuthenticationMechanism.Ecdsa || !Hls.IsChallenge(request.Authentication))
            return false;
        request.Authentication.CopyTo(_clientChallenge);
        _clientChallengeSize = request.Authentication.Length;
        server.Challenges.Fill(_serverChallenge);

        // A client that reflects our own challenge would have us compute its proof.
        return !request.Authentication.SequenceEqual(_serverChallenge);
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
            Mechanism = proving ? profile.Mechanism : AuthenticationMechanism.None,
            Authentication = proving ? _serverChallenge : default,
            UserInformation = information[..size],
        }.Write(output);
        if (written == 0) Close();
        return written;
    }
}
