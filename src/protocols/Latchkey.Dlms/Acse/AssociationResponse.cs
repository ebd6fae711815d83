using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Acse;

/// <summary>AARE: the server's answer to an AARQ.</summary>
/// <remarks>Source: ISO/IEC 8650-1, AARE; IEC 62056-5-3.</remarks>
public readonly ref struct AssociationResponse
{
    /// <summary>The APDU's tag.</summary>
    public const byte Tag = 0x61;

    /// <summary>The context that holds.</summary>
    public ApplicationContext Context { get; init; }

    /// <summary>Accepted or why not.</summary>
    public AssociationResult Result { get; init; }

    /// <summary>The diagnostic.</summary>
    public AssociationDiagnostic Diagnostic { get; init; }

    /// <summary>Whether the diagnostic comes from the service provider (A2) and not from the user (A1); then 2 means "no common version".</summary>
    public bool FromProvider { get; init; }

    /// <summary>responding-AP-title: the server's system title; empty where it is absent.</summary>
    public ReadOnlySpan<byte> RespondingSystemTitle { get; init; }

    /// <summary>responding-AE-qualifier: the server's certificate for signing; empty where it is absent.</summary>
    public ReadOnlySpan<byte> RespondingQualifier { get; init; }

    /// <summary>The mechanism named; None where none is.</summary>
    public AuthenticationMechanism Mechanism { get; init; }

    /// <summary>The challenge StoC; empty where it is absent.</summary>
    public ReadOnlySpan<byte> Authentication { get; init; }

    /// <summary>The InitiateResponse, plain or ciphered, or a ConfirmedServiceError.</summary>
    public ReadOnlySpan<byte> UserInformation { get; init; }

    /// <summary>Reads an AARE that fills <paramref name="apdu"/> exactly.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, out AssociationResponse response)
    {
        response = default;
        if (!BerReader.TryReadSingle(apdu, Tag, out ReadOnlySpan<byte> body)) return false;
        var fields = default(AssociationResponse);
        var seen = default(SeenTags);
        bool hasResult = false;
        var reader = new BerReader(body);
        while (!reader.AtEnd)
        {
            if (!reader.TryRead(out byte tag, out ReadOnlySpan<byte> content) || !seen.TryAdd(tag) || !TryAdd(tag, content, ref fields)) return false;
            hasResult |= tag == 0xA2;
        }

        if (!hasResult || fields.Context == ApplicationContext.None) return false;
        response = fields;
        return true;
    }

    /// <summary>Writes the AARE; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        int size = 11 + 5 + 7 + (RespondingSystemTitle.IsEmpty ? 0 : AcseNames.NestedSize(RespondingSystemTitle))
            + (RespondingQualifier.IsEmpty ? 0 : AcseNames.NestedSize(RespondingQualifier))
            + (Mechanism == AuthenticationMechanism.None ? 0 : 4 + 9)
            + (Authentication.IsEmpty ? 0 : AcseNames.NestedSize(Authentication))
            + (UserInformation.IsEmpty ? 0 : AcseNames.NestedSize(UserInformation));

        var writer = new AxdrWriter(output);
        AcseNames.WriteHead(ref writer, Tag, size);
        AcseNames.WriteContext(ref writer, Context);
        writer.WriteOctets([0xA2, 0x03, 0x02, 0x01, (byte)Result]);
        writer.WriteOctets([0xA3, 0x05, FromProvider ? (byte)0xA2 : (byte)0xA1, 0x03, 0x02, 0x01, (byte)Diagnostic]);
        if (!RespondingSystemTitle.IsEmpty) AcseNames.WriteNested(ref writer, 0xA4, 0x04, RespondingSystemTitle);
        if (!RespondingQualifier.IsEmpty) AcseNames.WriteNested(ref writer, 0xA5, 0x04, RespondingQualifier);
        if (Mechanism != AuthenticationMechanism.None) AcseNames.WriteMechanism(ref writer, 0x88, 0x89, Mechanism);
        if (!Authentication.IsEmpty) AcseNames.WriteNested(ref writer, 0xAA, 0x80, Authentication);
        if (!UserInformation.IsEmpty) AcseNames.WriteNested(ref writer, 0xBE, 0x04, UserInformation);
        return writer.Overflowed ? 0 : writer.Position;
    }

    private static bool TryAdd(byte tag, ReadOnlySpan<byte> content, ref AssociationResponse fields)
    {
        switch (tag)
        {
            case 0xA1:
                if (!AcseNames.TryReadContext(content, out ApplicationContext context)) return false;
                fields = fields with { Context = context };
                return true;
            case 0xA2:
                if (!BerReader.TryReadSmallInteger(content, out byte result) || result > 2) return false;
                fields = fields with { Result = (AssociationResult)result };
                return true;
            case 0xA3:
                return TryAddDiagnostic(content, ref fields);
            case 0xA4:
                if (!BerReader.TryReadSingle(content, 0x04, out ReadOnlySpan<byte> title)) return false;
                fields = fields with { RespondingSystemTitle = title };
                return true;
            case 0xA5:
                if (!BerReader.TryReadSingle(content, 0x04, out ReadOnlySpan<byte> qualifier)) return false;
                fields = fields with { RespondingQualifier = qualifier };
                return true;
            case 0x89:
                if (!AcseNames.TryReadMechanism(content, out AuthenticationMechanism mechanism)) return false;
                fields = fields with { Mechanism = mechanism };
                return true;
            case 0xAA:
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

    private static bool TryAddDiagnostic(ReadOnlySpan<byte> content, ref AssociationResponse fields)
    {
        var reader = new BerReader(content);
        if (!reader.TryRead(out byte source, out ReadOnlySpan<byte> inner) || source is not (0xA1 or 0xA2) || !reader.AtEnd) return false;
        if (!BerReader.TryReadSmallInteger(inner, out byte diagnostic)) return false;
        fields = fields with { Diagnostic = (AssociationDiagnostic)diagnostic, FromProvider = source == 0xA2 };
        return true;
    }
}
