using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Dlms.Security;

/// <summary>What a party has of public-key cryptography in suites 1 and 2: its own key pairs, and certificates of itself, its peers and the
/// authorities that it trusts.</summary>
/// <remarks>A certificate of a peer is taken when a trusted authority signed it, or, where no authority is trusted yet, when whoever may
/// import it says so. Not for use from two threads at once. Source: IEC 62056-5-3, public key infrastructure; IEC 62056-6-2, Security setup.</remarks>
public sealed class PublicKeys(SecuritySuite suite, SystemTitle own, TimeProvider time) : IDisposable
{
    /// <summary>Certificates held at most.</summary>
    public const int MaxCertificates = 32;

    private readonly List<CertificateEntry> _certificates = [];
    private readonly Dictionary<SystemTitle, ECDsa> _peers = [];
    private readonly ECDsa?[] _pairs = new ECDsa?[3];

    /// <summary>Told of a new private key (PKCS#8), to make it durable before it is used; null where keys are not to survive.</summary>
    public Action<KeyPurpose, ReadOnlyMemory<byte>>? PrivateKeyChanged { get; init; }

    /// <summary>Told when a certificate came or went.</summary>
    public Action? CertificatesChanged { get; init; }

    /// <summary>The suite.</summary>
    public SecuritySuite Suite { get; } = suite;

    /// <summary>The certificates as they came.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates => [.. _certificates.Select(c => (ReadOnlyMemory<byte>)c.Der)];

    internal IReadOnlyList<CertificateEntry> Entries => _certificates;

    internal ECDsa? Signing => _pairs[(int)KeyPurpose.Signature];

    /// <summary>The own certificate for signatures, which goes into AARQ or AARE; empty where there is none.</summary>
    internal ReadOnlySpan<byte> SigningCertificate => Find(c => c.Title == own && c.Purpose == KeyPurpose.Signature)?.Der;

    /// <summary>Takes an own key pair (PKCS#8); false when it is none of this suite.</summary>
    public bool TryUsePrivateKey(KeyPurpose purpose, ReadOnlySpan<byte> pkcs8)
    {
        if (purpose > KeyPurpose.Tls) return false;
        var pair = ECDsa.Create();
        try
        {
            pair.ImportPkcs8PrivateKey(pkcs8, out int read);
            if (read == pkcs8.Length && pair.KeySize == Signatures.KeyBits(Suite))
            {
                Take(purpose, pair);
                return true;
            }
        }
        catch (CryptographicException)
        {
            // The library says only by throwing that octets are no key.
        }

        pair.Dispose();
        return false;
    }

    /// <summary>Makes a new own key pair; its certificate must be asked for and imported before peers know it.</summary>
    public bool TryGenerate(KeyPurpose purpose)
    {
        if (purpose > KeyPurpose.Tls || Suite == SecuritySuite.Suite0) return false;
        var pair = ECDsa.Create(Signatures.Curve(Suite));
        PrivateKeyChanged?.Invoke(purpose, pair.ExportPkcs8PrivateKey());
        Take(purpose, pair);
        return true;
    }

    /// <summary>A certificate signing request (PKCS#10) for an own key pair, in the name of the own title; null where there is no pair.</summary>
    public byte[]? CreateRequest(KeyPurpose purpose)
    {
        if (purpose > KeyPurpose.Tls || _pairs[(int)purpose] is not ECDsa pair) return null;
        return new CertificateRequest("CN=" + own, pair, Signatures.Hash(Suite)).CreateSigningRequest();
    }

    /// <summary>Trusts an authority's certificate without further proof; false when it is none.</summary>
    public bool TryTrust(ReadOnlySpan<byte> der) =>
        CertificateEntry.TryRead(der, Suite, own) is { Entity: CertificateEntity.CertificationAuthority } entry && TryAdd(entry);

    /// <summary>Takes a certificate that somebody with the right to do so imports.</summary>
    public bool TryImport(ReadOnlySpan<byte> der) => TryImport(der, demandAuthority: _certificates.Exists(IsAuthority));

    /// <summary>Takes a certificate that a peer sends of itself: only where an authority that is trusted signed it.</summary>
    internal bool TryImportFromPeer(ReadOnlySpan<byte> der, SystemTitle peer) =>
        CertificateEntry.TryRead(der, Suite, own) is { } entry && entry.Title == peer && entry.Entity != CertificateEntity.CertificationAuthority
        && IsSigned(entry) && TryAdd(entry);

    internal CertificateEntry? Find(Predicate<CertificateEntry> which) => _certificates.Find(which);

    internal bool TryRemove(CertificateEntry entry)
    {
        bool removed = _certificates.Remove(entry);
        if (_peers.Remove(entry.Title, out ECDsa? key)) key.Dispose();
        CertificatesChanged?.Invoke();
        return removed;
    }

    /// <summary>The key by which a peer's signatures are verified; null where no valid certificate of it is held.</summary>
    internal ECDsa? SigningKeyOf(SystemTitle peer)
    {
        CertificateEntry? entry = Find(c => c.Title == peer && c.Purpose == KeyPurpose.Signature);
        if (entry is null || entry.NotAfter < time.GetUtcNow()) return null;
        if (_peers.TryGetValue(peer, out ECDsa? known)) return known;
        if (!Signatures.TryImport(Suite, entry.Point, out ECDsa? key)) return null;
        _peers[peer] = key!;
        return key;
    }

    /// <summary>The secret that the own key for agreement shares with a point.</summary>
    internal bool TryAgree(ReadOnlySpan<byte> point, out byte[] secret)
    {
        secret = [];
        if (_pairs[(int)KeyPurpose.Agreement] is not ECDsa pair) return false;
        using ECDiffieHellman same = ECDiffieHellman.Create(pair.ExportParameters(includePrivateParameters: true));
        return KeyAgreement.TryAgree(Suite, same, point, out secret);
    }

    /// <summary>The point of a peer's certificate for agreement; empty where none is held.</summary>
    internal ReadOnlySpan<byte> AgreementPointOf(SystemTitle peer)
    {
        CertificateEntry? entry = Find(c => c.Title == peer && c.Purpose == KeyPurpose.Agreement);
        return entry is null || entry.NotAfter < time.GetUtcNow() ? default : entry.Point;
    }

    /// <summary>Clears the keys.</summary>
    public void Dispose()
    {
        foreach (ECDsa key in _peers.Values) key.Dispose();
        foreach (ECDsa? pair in _pairs) pair?.Dispose();
        _peers.Clear();
    }

    private bool TryImport(ReadOnlySpan<byte> der, bool demandAuthority)
    {
        if (CertificateEntry.TryRead(der, Suite, own) is not { } entry || entry.NotAfter < time.GetUtcNow()) return false;
        if (demandAuthority && !IsSigned(entry)) return false;

        // A certificate of oneself that does not fit the own key would make every signature wrong.
        bool mine = entry.Title == own && entry.Purpose <= KeyPurpose.Tls;
        return (!mine || IsOfOwnPair(entry)) && TryAdd(entry);
    }

    private bool IsOfOwnPair(CertificateEntry entry)
    {
        if (_pairs[(int)entry.Purpose] is not ECDsa pair) return false;
        ECPoint point = pair.ExportParameters(includePrivateParameters: false).Q;
        return entry.Point.AsSpan().SequenceEqual([.. point.X!, .. point.Y!]);
    }

    private bool IsSigned(CertificateEntry entry) => _certificates.Exists(c => IsAuthority(c) && c.Signed(entry, Suite));

    private bool TryAdd(CertificateEntry entry)
    {
        CertificateEntry? same = Find(c => c.Entity == entry.Entity && c.Purpose == entry.Purpose && c.Title == entry.Title && c.Subject.AsSpan().SequenceEqual(entry.Subject));
        if (same is null && _certificates.Count >= MaxCertificates) return false;
        if (same is not null) _ = TryRemove(same);
        _certificates.Add(entry);
        CertificatesChanged?.Invoke();
        return true;
    }

    private static bool IsAuthority(CertificateEntry entry) => entry.Entity == CertificateEntity.CertificationAuthority;

    private void Take(KeyPurpose purpose, ECDsa pair)
    {
        _pairs[(int)purpose]?.Dispose();
        _pairs[(int)purpose] = pair;
    }
}
