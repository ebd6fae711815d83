namespace Latchkey.Sts;

/// <summary>What a meter can do and how it is built, as far as tokens are concerned.</summary>
/// <remarks>Source: IEC 62055-41, acceptance of tokens.</remarks>
public sealed record TokenAcceptorOptions
{
    /// <summary>EA07, EA09 or EA11.</summary>
    /// <remarks>Source: IEC 62055-41, EncryptionAlgorithm.</remarks>
    public required EncryptionAlgorithm Algorithm { get; init; }

    /// <summary>The maker's code, 2 or 4 digits as a number; test tokens for other makers are refused.</summary>
    /// <remarks>Source: IEC 62055-41, MfrCode.</remarks>
    public int ManufacturerCode { get; init; }

    /// <summary>For EA07: the licensed tables, or null for the standard's sample tables.</summary>
    /// <remarks>Source: IEC 62055-41, Standard Transfer Algorithm.</remarks>
    public StaTables? Tables { get; init; }

    /// <summary>Whether tokens issued after the key's end are refused. A meter may leave this to the point of sale.</summary>
    /// <remarks>Source: IEC 62055-41, KeyExpiredError.</remarks>
    public bool ChecksKeyExpiry { get; init; } = true;

    /// <summary>Which key types may follow which.</summary>
    /// <remarks>Source: IEC 62055-41, key changes between key types.</remarks>
    public KeyTypeMoves KeyTypeMoves { get; init; } = KeyTypeMoves.Standard;

    /// <summary>How long a part of a key change waits for the others; the maker's choice, ten minutes unless told. Zero: for ever.</summary>
    /// <remarks>Source: IEC 62055-41, acceptance of tokens.</remarks>
    public TimeSpan KeyChangeTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// The meter's own limits, asked last: Accept, OverflowError, RangeError or FunctionError for an effect. It must not change anything.
    /// Null takes everything but makers' own tokens.
    /// </summary>
    /// <remarks>Source: IEC 62055-41, OverflowError, RangeError, FunctionError.</remarks>
    public Func<TokenEffect, TokenResult>? Limits { get; init; }
}
