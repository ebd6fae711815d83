using System.Globalization;

namespace Latchkey.Sts;

/// <summary>Until when a key may be used, in steps of 65 536 minutes (45.5 days) of token time: 0 to 255, 255 being the end of the range.</summary>
/// <remarks>Source: IEC 62055-41, KeyExpiryNumber (KEN).</remarks>
public readonly record struct KeyExpiryNumber
{
    private const int MinutesShift = 16;
    private readonly byte _beforeLast;

    /// <summary>From the number in the key data or in a key-change token.</summary>
    /// <remarks>Source: IEC 62055-41, KeyExpiryNumber.</remarks>
    public KeyExpiryNumber(byte value) => _beforeLast = (byte)(byte.MaxValue - value);

    /// <summary>255: the key lasts as long as its base date. The default value.</summary>
    /// <remarks>Source: IEC 62055-41, KeyExpiryNumber.</remarks>
    public static KeyExpiryNumber Never => default;

    /// <summary>The number, 0 to 255.</summary>
    /// <remarks>Source: IEC 62055-41, KeyExpiryNumber.</remarks>
    public byte Value => (byte)(byte.MaxValue - _beforeLast);

    /// <summary>Whether a token of this identifier comes too late: the identifier's upper eight bits exceed the number.</summary>
    /// <remarks>Source: IEC 62055-41, KeyExpiryNumber.</remarks>
    public bool IsExpiredAt(TokenIdentifier tid) => tid.Minutes >> MinutesShift > Value;

    /// <summary>The first minute, in wall-clock time, at which no token may be issued any more.</summary>
    /// <remarks>Source: IEC 62055-41, KeyExpiryNumber: base date + (KEN + 1) × 65 536 minutes.</remarks>
    public DateTime ExpiresAt(BaseDate baseDate) => baseDate.Start.AddMinutes((Value + 1L) << MinutesShift);

    /// <summary>The number in decimal.</summary>
    /// <remarks>Source: IEC 62055-41, KeyExpiryNumber.</remarks>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
