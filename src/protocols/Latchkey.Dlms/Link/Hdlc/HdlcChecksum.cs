namespace Latchkey.Dlms.Link.Hdlc;

/// <summary>CRC-16/X-25: the header and frame check sequences of HDLC, sent low octet first.</summary>
/// <remarks>Source: ISO/IEC 13239; IEC 62056-46.</remarks>
public static class HdlcChecksum
{
    private const ushort Polynomial = 0x8408;
    private static readonly ushort[] Table = BuildTable();

    /// <summary>The check sequence of these octets.</summary>
    public static ushort Compute(ReadOnlySpan<byte> octets)
    {
        uint crc = 0xFFFF;
        foreach (byte octet in octets) crc = (crc >> 8) ^ Table[(crc ^ octet) & 0xFF];
        return (ushort)(crc ^ 0xFFFF);
    }

    /// <summary>Whether the two octets of <paramref name="check"/> are the check sequence of <paramref name="octets"/>.</summary>
    public static bool Matches(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> check)
    {
        ushort expected = Compute(octets);
        return check[0] == (expected & 0xFF) && check[1] == expected >> 8;
    }

    private static ushort[] BuildTable()
    {
        var table = new ushort[256];
        for (int i = 0; i < table.Length; i++)
        {
            uint value = (uint)i;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? (value >> 1) ^ Polynomial : value >> 1;
            table[i] = (ushort)value;
        }

        return table;
    }
}
