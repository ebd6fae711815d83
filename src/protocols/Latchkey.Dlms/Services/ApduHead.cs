using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Services;

/// <summary>The three octets that Get, Set and Action APDUs start with.</summary>
internal static class ApduHead
{
    public static bool TryRead(ref AxdrReader reader, ApduTag tag, out byte type, out InvokeId invoke)
    {
        type = 0;
        invoke = default;
        if (!reader.TryReadExact((byte)tag) || !reader.TryReadByte(out type) || !reader.TryReadByte(out byte octet)) return false;
        invoke = new InvokeId(octet);
        return true;
    }

    public static void Write(ref AxdrWriter writer, ApduTag tag, byte type, InvokeId invoke)
    {
        writer.WriteByte((byte)tag);
        writer.WriteByte(type);
        writer.WriteByte(invoke.Octet);
    }

    public static bool Ends(AxdrReader reader, PeerTolerance tolerance) =>
        reader.AtEnd || tolerance.Has(PeerTolerance.TrailingOctets);
}
