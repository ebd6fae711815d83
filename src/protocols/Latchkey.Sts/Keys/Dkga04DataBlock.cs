namespace Latchkey.Sts;

/// <summary>The 49 bytes that DKGA04 hashes: two groups of counted, length-prefixed ASCII digits, then the length of the key in bits.</summary>
/// <remarks>Source: IEC 62055-41:2018, DKGA04.</remarks>
public static class Dkga04DataBlock
{
    /// <summary>The length in bytes.</summary>
    /// <remarks>Source: IEC 62055-41:2018, DKGA04.</remarks>
    public const int Length = 49;

    private const int GroupItems = 4;
    private const int Algorithm = 4;
    private const int BitsPerByte = 8;

    /// <summary>Writes the block. Common keys hash the number of the meter as it is: sources disagree, and one that was run against 3,000 keys does so.</summary>
    /// <exception cref="ArgumentException">Less than 49 bytes of room.</exception>
    /// <remarks>Source: IEC 62055-41:2018, DKGA04.</remarks>
    public static void Write(in DecoderKeyAttributes attributes, Span<byte> destination)
    {
        if (destination.Length < Length) throw new ArgumentException("49 bytes are needed.", nameof(destination));
        destination[0] = GroupItems;
        int at = 1;
        PutDigits(destination, ref at, Algorithm, 2);
        PutDigits(destination, ref at, (ulong)attributes.BaseDate.TwoDigitYear, 2);
        PutDigits(destination, ref at, (ulong)attributes.Algorithm, 2);
        PutDigits(destination, ref at, (ulong)attributes.TariffIndex.Value, 2);
        destination[at++] = 0;
        destination[at++] = GroupItems;
        PutDigits(destination, ref at, (ulong)attributes.SupplyGroup.Value, SupplyGroupCode.DigitCount);
        PutDigits(destination, ref at, (ulong)attributes.KeyType, 1);
        PutDigits(destination, ref at, (ulong)attributes.KeyRevision.Value, 1);
        PutDigits(destination, ref at, attributes.Pan.Value, MeterPan.DigitCount);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(destination[at..], DecoderKey.LengthFor(attributes.Algorithm) * BitsPerByte);
    }

    private static void PutDigits(Span<byte> destination, ref int at, ulong value, int digits)
    {
        destination[at++] = (byte)digits;
        for (int i = digits - 1; i >= 0; i--)
        {
            destination[at + i] = (byte)('0' + (value % 10));
            value /= 10;
        }

        at += digits;
    }
}
