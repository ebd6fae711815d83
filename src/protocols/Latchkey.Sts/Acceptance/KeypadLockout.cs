namespace Latchkey.Sts;

/// <summary>
/// Slows down guessing at the keypad: after some wrong entries in a row every further one locks it for twice as long. The check value alone leaves
/// one chance in 65 536 for each guess. Immutable; the meter keeps it in its memory or, if it likes, forgets it on a power cut.
/// </summary>
/// <param name="WrongEntries">Wrong entries since the last token that was meant for this meter.</param>
/// <param name="LockedUntil">Until when the keypad takes no meter-specific token.</param>
/// <remarks>10 s after 3 wrong entries, doubling to 1 280 s at 10. Source: a published meter manual; IEC 62055-41 leaves it to the maker.</remarks>
public sealed record KeypadLockout(int WrongEntries, DateTimeOffset LockedUntil)
{
    /// <summary>Wrong entries that are free.</summary>
    /// <remarks>Source: a published meter manual; IEC 62055-41 leaves it to the maker.</remarks>
    public const int FreeEntries = 2;

    private const int FirstLockSeconds = 10;
    private const int MaxDoublings = 7;

    /// <summary>No wrong entry.</summary>
    /// <remarks>Source: a published meter manual; IEC 62055-41 leaves it to the maker.</remarks>
    public static KeypadLockout None { get; } = new(0, DateTimeOffset.MinValue);

    /// <summary>Whether a token is refused unseen. Class 1 tokens are always taken: nothing can be gained by guessing them.</summary>
    /// <remarks>Source: a published meter manual; IEC 62055-41 leaves it to the maker.</remarks>
    public bool Blocks(TokenNumber token, DateTimeOffset now) => now < LockedUntil && token.Class != TokenClass.NonMeterSpecificManagement;

    /// <summary>What follows from a token's result.</summary>
    /// <remarks>
    /// A wrong check value or form counts. A result that only this meter's own tokens can have (accepted, used, old, a part of a key change...) starts anew.
    /// A test token proves nothing and changes nothing. Source: a published meter manual; IEC 62055-41 leaves it to the maker.
    /// </remarks>
    public KeypadLockout After(TokenNumber token, TokenResult result, DateTimeOffset now)
    {
        if (token.Class == TokenClass.NonMeterSpecificManagement || result is TokenResult.Lockout or TokenResult.NotReady or TokenResult.None) return this;
        if (result is not (TokenResult.CrcError or TokenResult.FormatError)) return None;

        int wrong = Math.Min(WrongEntries + 1, FreeEntries + 1 + MaxDoublings);
        int doublings = wrong - FreeEntries - 1;
        return doublings < 0 ? this with { WrongEntries = wrong } : new KeypadLockout(wrong, now.AddSeconds(FirstLockSeconds << doublings));
    }
}
