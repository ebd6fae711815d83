namespace Latchkey.Dlms.Link.ModeE;

/// <summary>The sign-on of an optical port: a request at 300 baud, an identification, and the agreement to go on with HDLC at a higher speed.</summary>
/// <remarks>Source: IEC 62056-21, 6.3 and annex E (protocol mode E).</remarks>
public static class ModeE
{
    /// <summary>The speed of the sign-on, 7 data bits, even parity.</summary>
    public const int SignOnBaud = 300;

    /// <summary>The guard time after the acknowledgement before the speed changes.</summary>
    public const int GuardTimeMs = 300;

    /// <summary>How long a server waits for SNRM before it falls back to the sign-on.</summary>
    public const int FallBackMs = 3000;

    private static readonly int[] Bauds = [300, 600, 1200, 2400, 4800, 9600, 19200];

    /// <summary>Writes the request message <c>/?address!\r\n</c>; an empty address calls any device. 0 when it does not fit or the address is not printable.</summary>
    public static int WriteRequest(ReadOnlySpan<byte> address, Span<byte> output)
    {
        if (address.Length > 32 || address.ContainsAny("/!?\r\n"u8) || output.Length < address.Length + 5) return 0;
        "/?"u8.CopyTo(output);
        address.CopyTo(output[2..]);
        "!\r\n"u8.CopyTo(output[(2 + address.Length)..]);
        return address.Length + 5;
    }

    /// <summary>Reads a request message that fills the input exactly.</summary>
    public static bool TryReadRequest(ReadOnlySpan<byte> input, out ReadOnlySpan<byte> address)
    {
        bool valid = input.Length is >= 5 and <= 37 && input.StartsWith("/?"u8) && input.EndsWith("!\r\n"u8) && !input[2..^3].ContainsAny("/!?\r\n"u8);
        address = valid ? input[2..^3] : default;
        return valid;
    }

    /// <summary>Writes the identification message <c>/XXXZ\2ident\r\n</c>; 0 when it does not fit or a part is out of range.</summary>
    public static int WriteIdentification(ReadOnlySpan<byte> flagId, int baud, ReadOnlySpan<byte> identification, Span<byte> output)
    {
        int speed = Array.IndexOf(Bauds, baud);
        if (flagId.Length != 3 || speed < 0 || identification.Length > 16 || output.Length < identification.Length + 9) return 0;
        output[0] = (byte)'/';
        flagId.CopyTo(output[1..]);
        output[4] = (byte)('0' + speed);
        "\\2"u8.CopyTo(output[5..]);
        identification.CopyTo(output[7..]);
        "\r\n"u8.CopyTo(output[(7 + identification.Length)..]);
        return identification.Length + 9;
    }

    /// <summary>Reads an identification message that fills the input exactly.</summary>
    public static bool TryReadIdentification(ReadOnlySpan<byte> input, out ModeEIdentification identification)
    {
        identification = default;
        bool valid = input.Length is >= 7 and <= 32 && input[0] == '/' && input.EndsWith("\r\n"u8) && !input[..^2].ContainsAny("\r\n!"u8);
        if (!valid || !TryReadBaud(input[4], out int baud)) return false;
        ReadOnlySpan<byte> rest = input[5..^2];
        bool announced = rest.StartsWith("\\2"u8);
        identification = new ModeEIdentification
        {
            FlagId = input[1..4], Baud = baud, OffersModeE = announced, Identification = announced ? rest[2..] : rest,
        };
        return true;
    }

    /// <summary>Writes the acknowledgement <c>06 32 Z 32 0D 0A</c>, which both sides use.</summary>
    public static int WriteAcknowledgement(int baud, Span<byte> output)
    {
        int speed = Array.IndexOf(Bauds, baud);
        if (speed < 0 || output.Length < 6) return 0;
        output[0] = 0x06;
        output[1] = (byte)'2';
        output[2] = (byte)('0' + speed);
        output[3] = (byte)'2';
        "\r\n"u8.CopyTo(output[4..]);
        return 6;
    }

    /// <summary>Reads an acknowledgement that asks for HDLC.</summary>
    public static bool TryReadAcknowledgement(ReadOnlySpan<byte> input, out int baud)
    {
        baud = 0;
        return input.Length == 6 && input[0] == 0x06 && input[1] == '2' && input[3] == '2' && input.EndsWith("\r\n"u8) && TryReadBaud(input[2], out baud);
    }

    private static bool TryReadBaud(byte character, out int baud)
    {
        int speed = character - '0';
        bool valid = speed >= 0 && speed < Bauds.Length;
        baud = valid ? Bauds[speed] : 0;
        return valid;
    }
}

/// <summary>What a meter says of itself at its optical port.</summary>
public readonly ref struct ModeEIdentification
{
    /// <summary>The maker's three letters.</summary>
    public ReadOnlySpan<byte> FlagId { get; init; }

    /// <summary>The speed it offers.</summary>
    public int Baud { get; init; }

    /// <summary>Whether it announces mode E.</summary>
    public bool OffersModeE { get; init; }

    /// <summary>The rest of the message.</summary>
    public ReadOnlySpan<byte> Identification { get; init; }
}
