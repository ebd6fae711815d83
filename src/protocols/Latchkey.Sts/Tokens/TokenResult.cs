namespace Latchkey.Sts;

/// <summary>What became of a token in a meter. The numbers are transmitted and never change.</summary>
/// <remarks>
/// The names are the standard's; the numbers follow the TokenResult register that is common among makers, 17 and 18 being ours.
/// The order in which a meter tests is not the order of the numbers: see <see cref="TokenAcceptor"/>. Source: IEC 62055-41, AuthenticationResult, ValidationResult, TokenResult.
/// </remarks>
public enum TokenResult
{
    /// <summary>No token yet.</summary>
    None = 0,

    /// <summary>Taken, and its effect applied.</summary>
    Accept = 1,

    /// <summary>The first key-change token is taken, others are missing.</summary>
    FirstKeyChangeToken = 2,

    /// <summary>The second key-change token is taken, others are missing.</summary>
    SecondKeyChangeToken = 3,

    /// <summary>The credit register would pass its end.</summary>
    OverflowError = 4,

    /// <summary>A key of this type may not replace the present one.</summary>
    KeyTypeError = 5,

    /// <summary>Not a token: wrong length, 2^66 or above, a reserved class.</summary>
    FormatError = 6,

    /// <summary>A value is out of range.</summary>
    RangeError = 7,

    /// <summary>The meter does not have this function.</summary>
    FunctionError = 8,

    /// <summary>Older than every token the meter remembers.</summary>
    OldError = 9,

    /// <summary>Taken before.</summary>
    UsedError = 10,

    /// <summary>Issued after the end of the meter's key.</summary>
    KeyExpiredError = 11,

    /// <summary>Credit is refused while the meter has a default key.</summary>
    DdtkError = 12,

    /// <summary>The check value is wrong: a typing error, another meter's token or another key; they cannot be told apart.</summary>
    CrcError = 13,

    /// <summary>A test token for another manufacturer's meters.</summary>
    MfrCodeError = 14,

    /// <summary>The keypad is locked after too many wrong entries.</summary>
    Lockout = 15,

    /// <summary>The meter cannot take tokens now.</summary>
    NotReady = 16,

    /// <summary>The third key-change token is taken, others are missing.</summary>
    ThirdKeyChangeToken = 17,

    /// <summary>The fourth key-change token is taken, others are missing.</summary>
    FourthKeyChangeToken = 18,
}
