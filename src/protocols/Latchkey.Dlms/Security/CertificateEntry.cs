using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Latchkey.Dlms.Security;

/// <summary>Whose certificate it is.</summary>
/// <remarks>Source: IEC 62056-6-2, Security setup (class_id 64, version 1), certificate_entity.</remarks>
public enum CertificateEntity : byte
{
    /// <summary>A server's.</summary>
    Server = 0,
    /// <summary>A client's.</summary>
    Client = 1,
    /// <summary>A certification authority's.</summary>
    CertificationAuthority = 2,
    /// <summary>Another's.</summary>
    Other = 3,
}

/// <summary>What a key pair and its certificate are for.</summary>
/// <remarks>Source: IEC 62056-6-2, Security setup (class_id 64, version 1), certificate_type.</remarks>
public enum KeyPurpose : byte
{
    /// <summary>Digital signature.</summary>
    Signature = 0,
    /// <summary>Key agreement.</summary>
    Agreement = 1,
    /// <summary>TLS.</summary>
    Tls = 2,
    /// <summary>Another.</summary>
    Other = 3,
}

/// <summary>What a certificate says, read once; the octets are kept as they came.</summary>
internal sealed class CertificateEntry
{
    public const int MaxSize = 4_096;

    public required byte[] Der { get; init; }

    public required CertificateEntity Entity { get; init; }

    public required KeyPurpose Purpose { get; init; }

    /// <summary>The system title that the common name spells; default for an authority.</summary>
    public required SystemTitle Title { get; init; }

    public required byte[] Serial { get; init; }

    public required byte[] Issuer { get; init; }

    public required byte[] Subject { get; init; }

    /// <summary>x and y of the public key.</summary>
    public required byte[] Point { get; init; }

    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>Reads an X.509 v3 certificate on the curve of the suite; null for anything else.</summary>
    public static CertificateEntry? TryRead(ReadOnlySpan<byte> der, SecuritySuite suite, SystemTitle own)
    {
        if (der.Length is 0 or > MaxSize) return null;
        try
        {
            using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
            if (certificate.RawDataMemory.Length != der.Length || PointOf(certificate) is not byte[] point) return null;
            if (point.Length != suite.PointSize() || !Signatures.TryImport(suite, point, out ECDsa? same)) return null;
            same!.Dispose();
            bool authority = certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(e => e.CertificateAuthority);
            bool titled = TryTitle(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false), out SystemTitle title);
            if (!authority && !titled) return null;
            return new CertificateEntry
            {
                Der = der.ToArray(),
                Entity = authority ? CertificateEntity.CertificationAuthority : title == own ? CertificateEntity.Server : CertificateEntity.Client,
                Purpose = PurposeOf(certificate),
                Title = authority ? default : title,
                Serial = certificate.SerialNumberBytes.ToArray(),
                Issuer = certificate.IssuerName.RawData,
                Subject = certificate.SubjectName.RawData,
                Point = point,
                NotAfter = new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero),
            };
        }
        catch (CryptographicException)
        {
            // The library says only by throwing that octets are no certificate.
            return null;
        }
    }

    /// <summary>Whether the holder of this certificate signed another.</summary>
    public bool Signed(CertificateEntry other, SecuritySuite suite)
    {
        if (!Subject.AsSpan().SequenceEqual(other.Issuer) || !Signatures.TryImport(suite, Point, out ECDsa? key)) return false;
        using (key)
        {
            try
            {
                AsnReader certificate = new AsnReader(other.Der, AsnEncodingRules.DER).ReadSequence();
                ReadOnlyMemory<byte> signed = certificate.ReadEncodedValue();
                if (!AlgorithmInside(signed).Span.SequenceEqual(certificate.ReadEncodedValue().Span)) return false;
                byte[] signature = certificate.ReadBitString(out int unused);
                return unused == 0 && key!.VerifyData(signed.Span, signature, Signatures.Hash(suite), DSASignatureFormat.Rfc3279DerSequence);
            }
            catch (AsnContentException)
            {
                return false;
            }
        }
    }

    // The algorithm is named once more outside of what is signed; both must agree.
    private static ReadOnlyMemory<byte> AlgorithmInside(ReadOnlyMemory<byte> signed)
    {
        AsnReader fields = new AsnReader(signed, AsnEncodingRules.DER).ReadSequence();
        _ = fields.ReadEncodedValue();
        _ = fields.ReadInteger();
        return fields.ReadEncodedValue();
    }

    // The library hands a key out as what its certificate allows it to be.
    private static byte[]? PointOf(X509Certificate2 certificate)
    {
        using ECDsa? signing = certificate.GetECDsaPublicKey();
        using ECDiffieHellman? agreeing = signing is null ? certificate.GetECDiffieHellmanPublicKey() : null;
        if (signing is null && agreeing is null) return null;
        ECPoint point = (signing?.ExportParameters(includePrivateParameters: false) ?? agreeing!.ExportParameters(includePrivateParameters: false)).Q;
        return [.. point.X!, .. point.Y!];
    }

    private static bool TryTitle(string name, out SystemTitle title)
    {
        title = default;
        if (name.Length != 2 * SystemTitle.Size || !ulong.TryParse(name, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong value)) return false;
        title = new SystemTitle(value);
        return true;
    }

    private static KeyPurpose PurposeOf(X509Certificate2 certificate)
    {
        X509KeyUsageFlags usage = certificate.Extensions.OfType<X509KeyUsageExtension>().FirstOrDefault()?.KeyUsages ?? X509KeyUsageFlags.None;
        bool signs = (usage & (X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign)) != 0;
        bool agrees = (usage & X509KeyUsageFlags.KeyAgreement) != 0;
        if (certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Any()) return KeyPurpose.Tls;
        return signs && !agrees ? KeyPurpose.Signature : agrees && !signs ? KeyPurpose.Agreement : KeyPurpose.Other;
    }
}
