using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Latchkey.Sts;

/// <summary>A whole key change: the new key with its attributes, and its division into sections.</summary>
/// <remarks>Source: IEC 62055-41:2018, Set1stSectionDecoderKey to Set4thSectionDecoderKey.</remarks>
public static class KeyChangeSet
{
    private const int SgcLowBits = 12;
    private const int SgcAloneShift = 20;

    /// <summary>The form that fits an algorithm: four tokens for EA11, and for 64-bit keys three where the meter can take them.</summary>
    /// <remarks>Source: IEC 62055-41:2018, key-change tokens.</remarks>
    public static KeyChangeForm FormFor(EncryptionAlgorithm algorithm, bool takesThirdToken) =>
        algorithm == EncryptionAlgorithm.Ea11 ? KeyChangeForm.FourTokens
        : takesThirdToken ? KeyChangeForm.ThreeTokens
        : KeyChangeForm.TwoTokens;

    /// <summary>Divides a new key into the sections that bring it to a meter, in the order 1, 2, 3, 4.</summary>
    /// <param name="newKey">The new key: 8 bytes, or 16 for the form of four.</param>
    /// <param name="attributes">What the new key was made from.</param>
    /// <param name="form">Two, three or four tokens.</param>
    /// <param name="rollOver">Whether the new key's base date differs from the old one's: the meter then forgets its identifiers.</param>
    /// <exception cref="ArgumentException">The key's length and the form do not fit.</exception>
    /// <remarks>Source: IEC 62055-41:2018, Set1stSectionDecoderKey to Set4thSectionDecoderKey.</remarks>
    public static KeyChangeSection[] Divide(DecoderKey newKey, in DecoderKeyAttributes attributes, KeyChangeForm form, bool rollOver)
    {
        bool fits = newKey.Length == (form == KeyChangeForm.FourTokens ? DecoderKey.LongLength : DecoderKey.ShortLength);
        if (!fits) throw new ArgumentException($"A key of {newKey.Length} bytes does not fit {form}.", nameof(newKey));

        ReadOnlySpan<byte> key = newKey.Bytes;
        uint first = BinaryPrimitives.ReadUInt32BigEndian(key);
        uint last = BinaryPrimitives.ReadUInt32BigEndian(key[^4..]);
        uint sgc = (uint)attributes.SupplyGroup.Value;
        int flags = (rollOver ? 8 : 0) | (form == KeyChangeForm.ThreeTokens ? 4 : 0) | (int)attributes.KeyType;
        int ken = attributes.KeyExpiry.Value;

        KeyChangeSection one = Section(1, (ken >> 4 << 8) | (attributes.KeyRevision.Value << 4) | flags, first);
        KeyChangeSection two = Section(2, ((ken & 0xF) << 8) | attributes.TariffIndex.Value, last);
        if (form == KeyChangeForm.TwoTokens) return [one, two];
        if (form == KeyChangeForm.ThreeTokens) return [one, two, Section(3, (ulong)sgc << SgcAloneShift)];

        // The middle of a long key travels in order: bytes 4 to 7 in the third token, 8 to 11 in the fourth.
        uint second = BinaryPrimitives.ReadUInt32BigEndian(key[4..]);
        uint third = BinaryPrimitives.ReadUInt32BigEndian(key[8..]);
        return [one, two, Section(3, (int)(sgc & 0xFFF), second), Section(4, (int)(sgc >> SgcLowBits), third)];
    }

    private static KeyChangeSection Section(int number, int upperTwelve, uint part) => Section(number, ((ulong)upperTwelve << 32) | part);

    private static KeyChangeSection Section(int number, ulong body) =>
        KeyChangeSection.TryCreate(number, body, out KeyChangeSection section)
            ? section
            : throw new CryptographicException("A key-change section does not fit 44 bits.");
}
