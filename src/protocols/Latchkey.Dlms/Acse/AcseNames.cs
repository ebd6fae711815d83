using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Acse;

/// <summary>The object identifiers 2.16.756.5.8.x.n of DLMS and the small elements that several ACSE APDUs share.</summary>
internal static class AcseNames
{
    public const byte ContextArc = 1;
    public const byte MechanismArc = 2;
    public const byte AuthenticationRequirement = 0x80;

    private static ReadOnlySpan<byte> DlmsUa => [0x60, 0x85, 0x74, 0x05, 0x08];

    public static bool TryReadOid(ReadOnlySpan<byte> oid, byte arc, out byte last)
    {
        bool valid = oid.Length == 7 && oid.StartsWith(DlmsUa) && oid[5] == arc;
        last = valid ? oid[6] : (byte)0;
        return valid;
    }

    public static void WriteOid(ref AxdrWriter writer, byte arc, byte last)
    {
        writer.WriteOctets(DlmsUa);
        writer.WriteByte(arc);
        writer.WriteByte(last);
    }

    public static bool TryReadContext(ReadOnlySpan<byte> content, out ApplicationContext context)
    {
        context = default;
        if (!BerReader.TryReadSingle(content, 0x06, out ReadOnlySpan<byte> oid) || !TryReadOid(oid, ContextArc, out byte last)) return false;
        context = (ApplicationContext)last;
        return true;
    }

    public static void WriteContext(ref AxdrWriter writer, ApplicationContext context)
    {
        writer.WriteOctets([0xA1, 0x09, 0x06, 0x07]);
        WriteOid(ref writer, ContextArc, (byte)context);
    }

    public static bool TryReadMechanism(ReadOnlySpan<byte> content, out AuthenticationMechanism mechanism)
    {
        bool valid = TryReadOid(content, MechanismArc, out byte last);
        mechanism = (AuthenticationMechanism)last;
        return valid;
    }

    /// <summary>Writes sender requirements and mechanism name; the tags differ between request (8A, 8B) and response (88, 89).</summary>
    public static void WriteMechanism(ref AxdrWriter writer, byte requirementsTag, byte mechanismTag, AuthenticationMechanism mechanism)
    {
        writer.WriteOctets([requirementsTag, 0x02, 0x07, AuthenticationRequirement, mechanismTag, 0x07]);
        WriteOid(ref writer, MechanismArc, (byte)mechanism);
    }

    /// <summary>An element inside an element, both lengths computed.</summary>
    public static void WriteNested(ref AxdrWriter writer, byte outer, byte inner, ReadOnlySpan<byte> content)
    {
        writer.WriteByte(outer);
        writer.WriteLength(1 + AxdrWriter.LengthSize(content.Length) + content.Length);
        writer.WriteByte(inner);
        writer.WriteOctetString(content);
    }

    public static int NestedSize(ReadOnlySpan<byte> content)
    {
        int inner = 1 + AxdrWriter.LengthSize(content.Length) + content.Length;
        return 1 + AxdrWriter.LengthSize(inner) + inner;
    }

    /// <summary>Writes an APDU tag and length in front of what <paramref name="bodySize"/> says will follow.</summary>
    public static void WriteHead(ref AxdrWriter writer, byte tag, int bodySize)
    {
        writer.WriteByte(tag);
        writer.WriteLength(bodySize);
    }
}
