using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Security;

/// <summary>The five fields in front of general-ciphering and general-signing.</summary>
/// <remarks>Source: IEC 62056-5-3, General-Ciphering and General-Signing.</remarks>
public readonly ref struct GeneralHeader
{
    /// <summary>Which transaction this is.</summary>
    public ReadOnlySpan<byte> TransactionId { get; init; }

    /// <summary>The title of who protected.</summary>
    public ReadOnlySpan<byte> Originator { get; init; }

    /// <summary>The title of whom it is for.</summary>
    public ReadOnlySpan<byte> Recipient { get; init; }

    /// <summary>date-time, or empty.</summary>
    public ReadOnlySpan<byte> DateTime { get; init; }

    /// <summary>Anything else, or empty.</summary>
    public ReadOnlySpan<byte> OtherInformation { get; init; }

    internal static bool TryRead(scoped ref AxdrReader reader, out GeneralHeader header)
    {
        header = default;
        if (!reader.TryReadOctetString(out ReadOnlySpan<byte> transaction) || !reader.TryReadOctetString(out ReadOnlySpan<byte> originator)) return false;
        if (!reader.TryReadOctetString(out ReadOnlySpan<byte> recipient) || !reader.TryReadOctetString(out ReadOnlySpan<byte> time)) return false;
        if (!reader.TryReadOctetString(out ReadOnlySpan<byte> other)) return false;
        header = new GeneralHeader
        {
            TransactionId = transaction, Originator = originator, Recipient = recipient, DateTime = time, OtherInformation = other,
        };
        return true;
    }

    internal void Write(ref AxdrWriter writer)
    {
        writer.WriteOctetString(TransactionId);
        writer.WriteOctetString(Originator);
        writer.WriteOctetString(Recipient);
        writer.WriteOctetString(DateTime);
        writer.WriteOctetString(OtherInformation);
    }
}

/// <summary>How the key of a general-ciphering APDU is found.</summary>
public enum KeyInformation
{
    /// <summary>Nothing is said.</summary>
    None = 0,
    /// <summary>A key that both hold, by its number.</summary>
    Identified = 1,
    /// <summary>A key wrapped under another.</summary>
    Wrapped = 2,
    /// <summary>A key agreed from public keys.</summary>
    Agreed = 3,
}

/// <summary>general-ciphering: an APDU protected end to end, with its key named, wrapped or agreed.</summary>
/// <remarks>Source: IEC 62056-5-3, General-Ciphering.</remarks>
public readonly ref struct GeneralCiphering
{
    /// <summary>The APDU's tag.</summary>
    public const byte Tag = 0xDD;

    /// <summary>Transaction, parties, time.</summary>
    public GeneralHeader Header { get; init; }

    /// <summary>The five fields with their lengths, which the tag covers.</summary>
    public ReadOnlySpan<byte> HeaderOctets { get; init; }

    /// <summary>How the key is found.</summary>
    public KeyInformation KeyKind { get; init; }

    /// <summary>Key number (identified) or number of the wrapping key (wrapped).</summary>
    public byte KeyId { get; init; }

    /// <summary>With <see cref="KeyInformation.Agreed"/>: 01 one-pass C(1e,1s), 02 static C(0e,2s).</summary>
    public ReadOnlySpan<byte> KeyParameters { get; init; }

    /// <summary>The wrapped key, or the ephemeral point and its signature.</summary>
    public ReadOnlySpan<byte> KeyData { get; init; }

    /// <summary>Security control, counter, body and tag.</summary>
    public ReadOnlySpan<byte> Secured { get; init; }

    /// <summary>Reads an APDU that fills the input exactly.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, out GeneralCiphering read)
    {
        read = default;
        var reader = new AxdrReader(apdu);
        if (!reader.TryReadExact(Tag) || !GeneralHeader.TryRead(ref reader, out GeneralHeader header)) return false;
        ReadOnlySpan<byte> headerOctets = apdu[1..reader.Position];
        if (!reader.TryReadFlag(out bool hasKey)) return false;
        KeyInformation kind = KeyInformation.None;
        byte keyId = 0;
        ReadOnlySpan<byte> parameters = default;
        ReadOnlySpan<byte> data = default;
        if (hasKey)
        {
            if (!reader.TryReadByte(out byte choice)) return false;
            kind = (KeyInformation)(choice + 1);
            bool known = choice switch
            {
                0 => reader.TryReadByte(out keyId),
                1 => reader.TryReadByte(out keyId) && reader.TryReadOctetString(out data),
                2 => reader.TryReadOctetString(out parameters) && reader.TryReadOctetString(out data),
                _ => false,
            };
            if (!known) return false;
        }

        if (!reader.TryReadOctetString(out ReadOnlySpan<byte> secured) || !reader.AtEnd || secured.Length < CipherKey.HeaderSize) return false;
        read = new GeneralCiphering
        {
            Header = header, HeaderOctets = headerOctets, KeyKind = kind, KeyId = keyId, KeyParameters = parameters, KeyData = data, Secured = secured,
        };
        return true;
    }

    /// <summary>Protects an APDU and writes it; 0 when it does not fit. The key must be the one that the key information leads to.</summary>
    public int Write(CipherKey key, SecurityControl control, uint counter, ReadOnlySpan<byte> plain, Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        writer.WriteByte(Tag);
        Header.Write(ref writer);
        int headerEnd = writer.Position;
        writer.WriteByte(KeyKind == KeyInformation.None ? (byte)0 : (byte)1);
        if (KeyKind != KeyInformation.None) writer.WriteByte((byte)(KeyKind - 1));
        if (KeyKind is KeyInformation.Identified or KeyInformation.Wrapped) writer.WriteByte(KeyId);
        if (KeyKind == KeyInformation.Agreed) writer.WriteOctetString(KeyParameters);
        if (KeyKind is KeyInformation.Wrapped or KeyInformation.Agreed) writer.WriteOctetString(KeyData);
        int size = plain.Length + CipherKey.Overhead(control);
        writer.WriteLength(size);
        Span<byte> secured = writer.Take(size);
        if (writer.Overflowed || !SystemTitle.TryRead(Header.Originator, out SystemTitle sender)) return 0;
        _ = key.Protect(control, sender, counter, output[1..headerEnd], plain, secured);
        return writer.Position;
    }

    /// <summary>Opens the APDU with the key that its key information leads to.</summary>
    public bool TryUnprotect(CipherKey key, Span<byte> plain, out int size)
    {
        size = 0;
        return SystemTitle.TryRead(Header.Originator, out SystemTitle sender) && key.TryUnprotect(Secured, sender, HeaderOctets, plain, out size);
    }
}

/// <summary>general-signing: an APDU with the signature of its originator.</summary>
/// <remarks>The signature covers everything between the APDU's tag and the signature. Source: IEC 62056-5-3, General-Signing.</remarks>
public readonly ref struct GeneralSigning
{
    /// <summary>The APDU's tag.</summary>
    public const byte Tag = 0xDF;

    /// <summary>Transaction, parties, time.</summary>
    public GeneralHeader Header { get; init; }

    /// <summary>The APDU that is signed.</summary>
    public ReadOnlySpan<byte> Content { get; init; }

    /// <summary>R and S.</summary>
    public ReadOnlySpan<byte> Signature { get; init; }

    /// <summary>What the signature covers.</summary>
    public ReadOnlySpan<byte> SignedOctets { get; init; }

    /// <summary>Reads an APDU that fills the input exactly; the signature is not looked at.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, out GeneralSigning read)
    {
        read = default;
        var reader = new AxdrReader(apdu);
        if (!reader.TryReadExact(Tag) || !GeneralHeader.TryRead(ref reader, out GeneralHeader header)) return false;
        if (!reader.TryReadOctetString(out ReadOnlySpan<byte> content)) return false;
        ReadOnlySpan<byte> signed = apdu[1..reader.Position];
        if (!reader.TryReadOctetString(out ReadOnlySpan<byte> signature) || !reader.AtEnd) return false;
        read = new GeneralSigning { Header = header, Content = content, Signature = signature, SignedOctets = signed };
        return true;
    }

    /// <summary>Signs <see cref="Content"/> under <see cref="Header"/> and writes the APDU; 0 when it does not fit.</summary>
    public int Write(SecuritySuite suite, System.Security.Cryptography.ECDsa key, Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        writer.WriteByte(Tag);
        Header.Write(ref writer);
        writer.WriteOctetString(Content);
        int end = writer.Position;
        writer.WriteLength(suite.PointSize());
        Span<byte> signature = writer.Take(suite.PointSize());
        if (writer.Overflowed) return 0;
        bool signed = key.TrySignData(
            output[1..end], signature, Signatures.Hash(suite), System.Security.Cryptography.DSASignatureFormat.IeeeP1363FixedFieldConcatenation, out int size);
        return signed && size == signature.Length ? writer.Position : 0;
    }

    /// <summary>Whether the signature is the originator's.</summary>
    public bool IsSignedBy(SecuritySuite suite, System.Security.Cryptography.ECDsa key) => Signatures.Verify(suite, key, SignedOctets, Signature);
}
