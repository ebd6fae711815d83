using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Security;

namespace Latchkey.Dlms.Client;

public sealed partial class DlmsClient
{
    private HlsPass Pass(bool fromClient)
    {
        ReadOnlySpan<byte> server = _serverChallenge.AsSpan(0, _serverChallengeSize);
        ReadOnlySpan<byte> client = _options.Challenge.Span;
        return fromClient
            ? new HlsPass { Challenge = server, OwnChallenge = client, Prover = _options.Title, Verifier = _serverTitle }
            : new HlsPass { Challenge = client, OwnChallenge = server, Prover = _serverTitle, Verifier = _options.Title };
    }

    private int Prove(HlsPass pass, Span<byte> proof)
    {
        switch (_options.Mechanism)
        {
            case AuthenticationMechanism.Gmac:
                return _options.Key is null || _options.Transmit is null ? 0 : Hls.ComputeGmac(_options.Key, _options.Transmit, pass, proof);
            case AuthenticationMechanism.Ecdsa:
                return _options.PublicKeys?.Signing is { } key ? Hls.ComputeSignature(_options.PublicKeys.Suite, key, pass, proof) : 0;
            case AuthenticationMechanism.Manufacturer when _options.ManufacturerProof is { } compute:
                return compute(pass, _options.Secret.Span, proof);
            default:
                return Hls.ComputeDigest(_options.Mechanism, pass, _options.Secret.Span, proof);
        }
    }

    private bool Verifies(HlsPass pass, ReadOnlySpan<byte> proof)
    {
        switch (_options.Mechanism)
        {
            case AuthenticationMechanism.Gmac:
                return Hls.VerifyGmac(_options.Key!, _options.Receive!, pass, proof);
            case AuthenticationMechanism.Ecdsa:
                return _options.PublicKeys?.SigningKeyOf(_serverTitle) is { } key && Hls.VerifySignature(_options.PublicKeys.Suite, key, pass, proof);
            case AuthenticationMechanism.Manufacturer when _options.ManufacturerProof is { } compute:
                return Hls.VerifyManufacturer(compute, pass, _options.Secret.Span, proof);
            default:
                return Hls.VerifyDigest(_options.Mechanism, pass, _options.Secret.Span, proof);
        }
    }

    // The meter's certificate is held already, or it came along and an authority that is trusted signed it.
    private bool KnowsSigner(ReadOnlySpan<byte> certificate)
    {
        if (_options.PublicKeys is not { } keys) return false;
        return keys.SigningKeyOf(_serverTitle) is not null || (keys.TryImportFromPeer(certificate, _serverTitle) && keys.SigningKeyOf(_serverTitle) is not null);
    }
}
