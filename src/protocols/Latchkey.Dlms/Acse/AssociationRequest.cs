using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Acse;

/// <summary>AARQ: a client asks for an association.</summary>
/// <remarks>Elements that this profile does not use are accepted and skipped; an element given twice is refused. Source: ISO/IEC 8650-1, AARQ; IEC 62056-5-3.</remarks>
public readonly ref struct AssociationRequest
{
    /// <summary>The APDU's tag.</summary>
    public const byte Tag = 0x60;

    /// <summary>How objects are referenced and whether ciphering may be used.</summary>
    public ApplicationContext Context { get; init; }

    /// <summary>calling-AP-title: the client's system title, eight octets; empty where it is absent.</summary>
    public ReadOnlySpan<byte> CallingSystemTitle { get; init; }

    /// <summary>calling-AE-qualifier: the client's certificate for signing; empty where it is absent.</summary>
    public ReadOnlySpan<byte> CallingQualifier { get; init; }

    /// <summary>calling-AE-invocation-identifier: the user behind the client; null where it is absent.</summary>
    public byte? UserId { get; init; }

    /// <summary>The mechanism named; None where none is.</summary>
    public AuthenticationMechanism Mechanism { get; init; }

    /// <summary>The password or the challenge CtoS; empty where it is absent.</summary>
    public ReadOnlySpan<byte> Authentication { get; init; }

    /// <summary>The InitiateRequest, plain or ciphered.</summary>
    public ReadOnlySpan<byte> UserInformation { get; init; }

    /// <summary>Reads an AARQ that fills <paramref name="apdu"/> exactly.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, out AssociationRequest request)
    {
        request = default;
        if (!BerReader.TryReadSingle(apdu, Tag, out ReadOnlySpan<byte> body)) return false;
        var fields = default(AssociationRequest);
        var seen = default(SeenTags);
        var reader = new BerReader(body);
        while (!reader.AtEnd)
        {
            if (!reader.TryRead(out byte tag, out ReadOnlySpan<byte> content) || !seen.TryAdd(tag) || !TryAdd(tag, content, ref fields)) return false;
        }

        if (fields.Context == ApplicationContext.None) return false;
        request = fields;
        return true;
    }

    /// <summary>Writes the AARQ; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        int size = 11 + (CallingSystemTitle.IsEmpty ? 0 : AcseNames.NestedSize(CallingSystemTitle))
            + (CallingQualifier.IsEmpty ? 0 : AcseNames.NestedSize(CallingQualifier))
            + (UserId.HasValue ? 5 : 0)
            + (Mechanism == AuthenticationMechanism.None ? 0 : 4 + 9 + AcseNames.NestedSize(Authentication))
            + (UserInformation.IsEmpty ? 0 : AcseNames.NestedSize(UserInformation));

        var writer = new AxdrWriter(output);
        AcseNames.WriteHead(ref writer, Tag, size);
        AcseNames.WriteContext(ref writer, Context);
        if (!CallingSystemTitle.IsEmpty) AcseNames.WriteNested(ref writer, 0xA6, 0x04, CallingSystemTitle);
        if (!CallingQualifier.IsEmpty) AcseNames.WriteNested(ref writer, 0xA7, 0x04, CallingQualifier);
        if (UserId is byte user) writer.WriteOctets([0xA9, 0x03, 0x02, 0x01, user]);
        if (Mechanism != AuthenticationMechanism.None)
        {
            AcseNames.WriteMechanism(ref writer, 0x8A, 0x8B, Mechanism);
            AcseNames.WriteNested(ref writer, 0xAC, 0x80, Authentication);
        }

        if (!UserInformation.IsEmpty) AcseNames.WriteNested(ref writer, 0xBE, 0x04, UserInformation);
        return writer.Overflowed ? 0 : writer.Position;
    }

    private static bool TryAdd(byte tag, ReadOnlySpan<byte> content, ref AssociationRequest fields)
    {
        switch (tag)
        {
            case 0xA1:
                if (!AcseNames.TryReadContext(content, out ApplicationContext context)) return false;
                fields = fields with { Context = context };
                return true;
            case 0xA6:
                if (!BerReader.TryReadSingle(content, 0x04, out ReadOnlySpan<byte> title)) return false;
                fields = fields with { CallingSystemTitle = title };
                return true;
            case 0xA7:
                if (!BerReader.TryReadSingle(content, 0x04, out ReadOnlySpan<byte> qualifier)) return false;
                fields = fields with { CallingQualifier = qualifier };
                return true;
            case 0xA9:
                if (!BerReader.TryReadSmallInteger(content, out byte user)) return false;
                fields = fields with { UserId = user };
                return true;
            case 0x8B:
                if (!AcseNames.TryReadMechanism(content, out AuthenticationMechanism mechanism)) return false;
                fields = fields with { Mechanism = mechanism };
                return true;
            case 0xAC:
                if (!BerReader.TryReadSingle(content, 0x80, out ReadOnlySpan<byte> value)) return false;
                fields = fields with { Authentication = value };
                return true;
            case 0xBE:
                if (!BerReader.TryReadSingle(content, 0x04, out ReadOnlySpan<byte> information)) return false;
                fields = fields with { UserInformation = information };
                return true;
            default:
                return true;
        }
    }
}
