using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Security;

namespace Latchkey.Dlms.Server;

internal sealed partial class ServerAssociation
{
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
        int size = Verifies(client, proof) ? Compute(own, answer) : 0;
        if (size == 0)
        {
            server.Lock.Failed();

            // The refusal still goes out under the keys of the session.
            State = Phase.Idle;
            return 0;
        }

        server.Lock.Succeeded();
        State = Phase.Associated;
        return size;
    }

    private bool Verifies(HlsPass pass, ReadOnlySpan<byte> proof)
    {
        switch (profile.Mechanism)
        {
            case AuthenticationMechanism.Gmac:
                return _session is not null && Hls.VerifyGmac(_session.Global, _session.Receive, pass, proof);
            case AuthenticationMechanism.Ecdsa:
                return server.Security?.PublicKeys?.SigningKeyOf(_clientTitle) is { } key && Hls.VerifySignature(server.Security.Suite, key, pass, proof);
            case AuthenticationMechanism.Manufacturer when profile.ManufacturerProof is { } compute:
                return Hls.VerifyManufacturer(compute, pass, profile.Secret.Span, proof);
            default:
                return Hls.VerifyDigest(profile.Mechanism, pass, profile.Secret.Span, proof);
        }
    }

    private int Compute(HlsPass pass, Span<byte> answer)
    {
        switch (profile.Mechanism)
        {
            case AuthenticationMechanism.Gmac:
                return Hls.ComputeGmac(_session!.Global, _session.Transmit, pass, answer);
            case AuthenticationMechanism.Ecdsa:
                return Hls.ComputeSignature(server.Security!.Suite, server.Security.PublicKeys!.Signing!, pass, answer);
            case AuthenticationMechanism.Manufacturer when profile.ManufacturerProof is { } compute:
                return compute(pass, profile.Secret.Span, answer);
            default:
                return Hls.ComputeDigest(profile.Mechanism, pass, profile.Secret.Span, answer);
        }
    }
}
