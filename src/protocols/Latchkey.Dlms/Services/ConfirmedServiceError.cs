using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Services;

/// <summary>ConfirmedServiceError: in this profile it tells inside an AARE why an InitiateRequest was refused.</summary>
/// <param name="Service">The service that failed: 1 initiateError.</param>
/// <param name="Category">The kind of error: 6 initiate.</param>
/// <param name="Value">With category 6: 0 other, 1 DLMS version too low, 2 incompatible conformance, 3 pdu size too short, 4 refused.</param>
/// <remarks>Source: IEC 62056-5-3, ConfirmedServiceError.</remarks>
public readonly record struct ConfirmedServiceError(byte Service, byte Category, byte Value)
{
    /// <summary>The APDU's tag.</summary>
    public const byte Tag = 0x0E;

    /// <summary>Octets of the APDU.</summary>
    public const int Size = 4;

    /// <summary>An Initiate error of this value.</summary>
    public static ConfirmedServiceError Initiate(InitiateError error) => new(1, 6, (byte)error);

    /// <summary>Reads an APDU that fills the input exactly.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, out ConfirmedServiceError error)
    {
        bool valid = apdu.Length == Size && apdu[0] == Tag;
        error = valid ? new ConfirmedServiceError(apdu[1], apdu[2], apdu[3]) : default;
        return valid;
    }

    /// <summary>Writes the APDU; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        writer.WriteOctets([Tag, Service, Category, Value]);
        return writer.Overflowed ? 0 : writer.Position;
    }
}

/// <summary>Why an InitiateRequest was refused.</summary>
public enum InitiateError : byte
{
    /// <summary>Any other reason.</summary>
    Other = 0,
    /// <summary>The proposed version is too low.</summary>
    DlmsVersionTooLow = 1,
    /// <summary>No service in common.</summary>
    IncompatibleConformance = 2,
    /// <summary>The client's largest APDU is too short.</summary>
    PduSizeTooShort = 3,
    /// <summary>The server's handler of virtual devices refused.</summary>
    RefusedByVdeHandler = 4,
}
