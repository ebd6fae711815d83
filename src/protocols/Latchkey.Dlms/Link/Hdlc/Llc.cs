namespace Latchkey.Dlms.Link.Hdlc;

/// <summary>The three LLC octets in front of every APDU on HDLC, in its first segment only.</summary>
/// <remarks>Source: IEC 62056-46, 5.3.</remarks>
public static class Llc
{
    /// <summary>Octets of the header.</summary>
    public const int Size = 3;

    /// <summary>In front of an APDU from the client.</summary>
    public static ReadOnlySpan<byte> Command => [0xE6, 0xE6, 0x00];

    /// <summary>In front of an APDU from the server.</summary>
    public static ReadOnlySpan<byte> Response => [0xE6, 0xE7, 0x00];

    /// <summary>Takes the header off; false where neither stands there.</summary>
    public static bool TryStrip(ReadOnlySpan<byte> information, out ReadOnlySpan<byte> apdu)
    {
        bool present = information.StartsWith(Command) || information.StartsWith(Response);
        apdu = present ? information[Size..] : default;
        return present;
    }
}
