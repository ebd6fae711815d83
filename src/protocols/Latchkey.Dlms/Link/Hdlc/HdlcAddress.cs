namespace Latchkey.Dlms.Link.Hdlc;

/// <summary>An HDLC address: a client's, or a server's upper (logical) and lower (physical) half.</summary>
/// <remarks>Seven bits per octet, the lowest bit marks the last. One octet holds an upper address of 7 bits, two octets both halves of 7 bits,
/// four octets both halves of 14 bits. Source: IEC 62056-46, 6.4.2.</remarks>
public readonly record struct HdlcAddress
{
    /// <summary>The address that means every server, in one octet.</summary>
    public const ushort Broadcast = 0x7F;

    private HdlcAddress(ushort upper, ushort? lower, int size) => (Upper, Lower, Size) = (upper, lower, size);

    /// <summary>The client, or the upper (logical) server address.</summary>
    public ushort Upper { get; }

    /// <summary>The lower (physical) server address; null in the one-octet form.</summary>
    public ushort? Lower { get; }

    /// <summary>Octets on the wire: 1, 2 or 4.</summary>
    public int Size { get; }

    /// <summary>A client, 0 to 127.</summary>
    public static HdlcAddress Client(byte address)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(address, (byte)0x7F);
        return new HdlcAddress(address, null, 1);
    }

    /// <summary>A server in the shortest form that holds it.</summary>
    public static HdlcAddress Server(ushort upper, ushort? lower = null)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(upper, (ushort)0x3FFF);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lower ?? 0, (ushort)0x3FFF);
        bool small = upper <= 0x7F && (lower ?? 0) <= 0x7F;
        return small ? new HdlcAddress(upper, lower, lower.HasValue ? 2 : 1) : new HdlcAddress(upper, lower ?? 0, 4);
    }

    /// <summary>The same server in the four-octet form, which some meters insist on.</summary>
    public HdlcAddress InFourOctets() => new(Upper, Lower ?? 0, 4);

    /// <summary>Reads an address from the start of <paramref name="input"/>; three octets and more than four are refused.</summary>
    public static bool TryRead(ReadOnlySpan<byte> input, out HdlcAddress address)
    {
        address = default;
        int size = 0;
        while (size < input.Length && size < 5 && (input[size++] & 1) == 0)
        {
        }

        if (size == 0 || (input[size - 1] & 1) == 0) return false;
        switch (size)
        {
            case 1:
                address = new HdlcAddress((ushort)(input[0] >> 1), null, 1);
                return true;
            case 2:
                address = new HdlcAddress((ushort)(input[0] >> 1), (ushort)(input[1] >> 1), 2);
                return true;
            case 4:
                address = new HdlcAddress(Half(input[0], input[1]), Half(input[2], input[3]), 4);
                return true;
            default:
                return false;
        }
    }

    /// <summary>Writes <see cref="Size"/> octets.</summary>
    public void Write(Span<byte> target)
    {
        int lower = Lower ?? 0;
        switch (Size)
        {
            case 1:
                target[0] = (byte)((Upper << 1) | 1);
                break;
            case 2:
                target[0] = (byte)(Upper << 1);
                target[1] = (byte)((lower << 1) | 1);
                break;
            default:
                target[0] = (byte)((Upper >> 7) << 1);
                target[1] = (byte)((Upper & 0x7F) << 1);
                target[2] = (byte)((lower >> 7) << 1);
                target[3] = (byte)(((lower & 0x7F) << 1) | 1);
                break;
        }
    }

    /// <summary>Whether both name the same place, whatever form they are written in.</summary>
    public bool IsSamePlaceAs(HdlcAddress other) => Upper == other.Upper && (Lower ?? 0) == (other.Lower ?? 0);

    private static ushort Half(byte high, byte low) => (ushort)(((high >> 1) << 7) | (low >> 1));
}
