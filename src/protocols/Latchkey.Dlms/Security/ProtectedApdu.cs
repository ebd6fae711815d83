using System.Buffers.Binary;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Security;

/// <summary>How an APDU is wrapped when it is ciphered.</summary>
public enum ProtectionFamily
{
    /// <summary>Not at all.</summary>
    None = 0,
    /// <summary>A tag of its own per service, global key.</summary>
    ServiceGlobal = 1,
    /// <summary>A tag of its own per service, dedicated key.</summary>
    ServiceDedicated = 2,
    /// <summary>general-glo-ciphering: any APDU, global key.</summary>
    GeneralGlobal = 3,
    /// <summary>general-ded-ciphering: any APDU, dedicated key.</summary>
    GeneralDedicated = 4,
    /// <summary>general-ciphering: any APDU, end to end, its key named, wrapped or agreed.</summary>
    EndToEnd = 5,
}

/// <summary>A ciphered APDU, seen where it lies: glo-, ded-, general-glo- or general-ded-ciphering.</summary>
/// <remarks>Source: IEC 62056-5-3, ciphered xDLMS APDUs.</remarks>
public readonly ref struct ProtectedApdu
{
    /// <summary>The wrapping.</summary>
    public ProtectionFamily Family { get; init; }

    /// <summary>The tag of the plain APDU as the wrapping gives it away; only in the service families.</summary>
    public ApduTag PlainTag { get; init; }

    /// <summary>The sender's title; only in the general families.</summary>
    public SystemTitle Sender { get; init; }

    /// <summary>Security control, counter, body and tag.</summary>
    public ReadOnlySpan<byte> Secured { get; init; }

    /// <summary>The security control octet.</summary>
    public SecurityControl Control => new(Secured[0]);

    /// <summary>The invocation counter.</summary>
    public uint Counter => BinaryPrimitives.ReadUInt32BigEndian(Secured[1..]);

    /// <summary>Body and tag.</summary>
    public ReadOnlySpan<byte> Body => Secured[CipherKey.HeaderSize..];

    /// <summary>Whether a first octet announces a ciphered APDU.</summary>
    public static bool IsProtected(byte tag) => tag is (byte)ApduTag.GeneralGloCiphering or (byte)ApduTag.GeneralDedCiphering
        || TryGetPlainTag(tag, out _, out _);

    /// <summary>Reads an APDU that fills the input exactly; one that cannot hold its own header and tag is refused.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, out ProtectedApdu read)
    {
        read = default;
        var reader = new AxdrReader(apdu);
        if (!reader.TryReadByte(out byte tag)) return false;
        ProtectionFamily family = ProtectionFamily.None;
        SystemTitle sender = default;
        ApduTag plainTag = default;
        if (tag is (byte)ApduTag.GeneralGloCiphering or (byte)ApduTag.GeneralDedCiphering)
        {
            family = tag == (byte)ApduTag.GeneralGloCiphering ? ProtectionFamily.GeneralGlobal : ProtectionFamily.GeneralDedicated;
            if (!reader.TryReadOctetString(out ReadOnlySpan<byte> title) || !SystemTitle.TryRead(title, out sender)) return false;
        }
        else if (!TryGetPlainTag(tag, out plainTag, out family))
        {
            return false;
        }

        if (!reader.TryReadOctetString(out ReadOnlySpan<byte> secured) || !reader.AtEnd || secured.Length < CipherKey.HeaderSize) return false;
        if (secured.Length < CipherKey.Overhead(new SecurityControl(secured[0]))) return false;
        read = new ProtectedApdu { Family = family, PlainTag = plainTag, Sender = sender, Secured = secured };
        return true;
    }

    /// <summary>Octets that a wrapping adds around the secured octets.</summary>
    public static int WrapSize(ProtectionFamily family, int securedSize) =>
        1 + AxdrWriter.LengthSize(securedSize)
        + (family is ProtectionFamily.GeneralGlobal or ProtectionFamily.GeneralDedicated ? 1 + SystemTitle.Size : 0);

    /// <summary>Writes the wrapping, so that the secured octets follow; false where the service has no tag of its own or it does not fit.</summary>
    internal static bool TryWriteHead(ref AxdrWriter writer, ProtectionFamily family, byte plainTag, SystemTitle sender, int securedSize)
    {
        switch (family)
        {
            case ProtectionFamily.ServiceGlobal or ProtectionFamily.ServiceDedicated:
                if (!TryGetCipheredTag(plainTag, family, out byte tag)) return false;
                writer.WriteByte(tag);
                break;
            case ProtectionFamily.GeneralGlobal or ProtectionFamily.GeneralDedicated:
                writer.WriteByte((byte)(family == ProtectionFamily.GeneralGlobal ? ApduTag.GeneralGloCiphering : ApduTag.GeneralDedCiphering));
                writer.WriteByte(SystemTitle.Size);
                Span<byte> title = writer.Take(SystemTitle.Size);
                if (!title.IsEmpty) sender.Write(title);
                break;
            default:
                return false;
        }

        writer.WriteLength(securedSize);
        return !writer.Overflowed;
    }

    /// <summary>Whether a plain APDU has a glo and a ded tag of its own.</summary>
    public static bool HasServiceTag(byte plainTag) => TryGetCipheredTag(plainTag, ProtectionFamily.ServiceGlobal, out _);

    private static bool TryGetCipheredTag(byte plainTag, ProtectionFamily family, out byte tag)
    {
        bool global = family == ProtectionFamily.ServiceGlobal;
        tag = (ApduTag)plainTag switch
        {
            ApduTag.InitiateRequest or ApduTag.InitiateResponse or ApduTag.ConfirmedServiceError => (byte)(plainTag + (global ? 0x20 : 0x40)),
            ApduTag.GetRequest or ApduTag.SetRequest or ApduTag.EventNotification or ApduTag.ActionRequest
                or ApduTag.GetResponse or ApduTag.SetResponse or ApduTag.ActionResponse => (byte)(plainTag + (global ? 0x08 : 0x10)),
            _ => 0,
        };
        return tag != 0;
    }

    private static bool TryGetPlainTag(byte tag, out ApduTag plainTag, out ProtectionFamily family)
    {
        family = (tag & 0xF0) switch
        {
            0x20 => ProtectionFamily.ServiceGlobal,
            0x40 => ProtectionFamily.ServiceDedicated,
            0xC0 => ProtectionFamily.ServiceGlobal,
            0xD0 => ProtectionFamily.ServiceDedicated,
            _ => ProtectionFamily.None,
        };
        int plain = (tag & 0xF0) switch { 0x20 => tag - 0x20, 0x40 => tag - 0x40, 0xC0 => tag - 0x08, 0xD0 => tag - 0x10, _ => 0 };
        plainTag = (ApduTag)plain;
        return family != ProtectionFamily.None && TryGetCipheredTag((byte)plain, family, out byte same) && same == tag;
    }
}
