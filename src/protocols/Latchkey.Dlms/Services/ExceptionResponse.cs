using Latchkey.Dlms.Axdr;

namespace Latchkey.Dlms.Services;

/// <summary>What the server thinks of the state in which a request came.</summary>
public enum ExceptionState : byte
{
    /// <summary>The service is not allowed now.</summary>
    ServiceNotAllowed = 1,
    /// <summary>The service is not known.</summary>
    ServiceUnknown = 2,
}

/// <summary>Why the service was not carried out.</summary>
public enum ExceptionService : byte
{
    /// <summary>Not possible.</summary>
    OperationNotPossible = 1,
    /// <summary>Not supported.</summary>
    ServiceNotSupported = 2,
    /// <summary>Any other reason.</summary>
    OtherReason = 3,
    /// <summary>The APDU is too long.</summary>
    PduTooLong = 4,
    /// <summary>The APDU could not be deciphered.</summary>
    DecipheringError = 5,
    /// <summary>The invocation counter is too low; the expected one follows.</summary>
    InvocationCounterError = 6,
}

/// <summary>ExceptionResponse: the server did not carry a request out.</summary>
/// <param name="State">About the state.</param>
/// <param name="Service">About the service.</param>
/// <param name="ExpectedCounter">With <see cref="ExceptionService.InvocationCounterError"/>: the lowest counter that will be taken.</param>
/// <remarks>Source: IEC 62056-5-3, ExceptionResponse.</remarks>
public readonly record struct ExceptionResponse(ExceptionState State, ExceptionService Service, uint ExpectedCounter = 0)
{
    /// <summary>Reads an APDU that fills the input exactly.</summary>
    public static bool TryRead(ReadOnlySpan<byte> apdu, out ExceptionResponse response)
    {
        response = default;
        var reader = new AxdrReader(apdu);
        if (!reader.TryReadExact((byte)ApduTag.ExceptionResponse)) return false;
        if (!reader.TryReadByte(out byte state) || !reader.TryReadByte(out byte service)) return false;
        uint counter = 0;
        if (service == (byte)ExceptionService.InvocationCounterError && !reader.TryReadUInt32(out counter)) return false;
        response = new ExceptionResponse((ExceptionState)state, (ExceptionService)service, counter);
        return reader.AtEnd;
    }

    /// <summary>Writes the APDU; 0 when it does not fit.</summary>
    public int Write(Span<byte> output)
    {
        var writer = new AxdrWriter(output);
        writer.WriteOctets([(byte)ApduTag.ExceptionResponse, (byte)State, (byte)Service]);
        if (Service == ExceptionService.InvocationCounterError) writer.WriteUInt32(ExpectedCounter);
        return writer.Overflowed ? 0 : writer.Position;
    }
}
