namespace Latchkey.Meter.Keypad;

/// <summary>How long the keypad refuses tokens after wrong ones: from the third in a row 10 s, doubling to 1280 s at the tenth and after.</summary>
/// <remarks>
/// A guess passes the check value of a token with 2^-16; with these delays the first hit is weeks away on average. Only failed authentication counts:
/// a used token is genuine. The count is durable, so that cutting the mains is no way round it; an accepted token of this meter resets it.
/// </remarks>
public static class LockOut
{
    private const int FreeAttempts = 2;
    private const int FirstSeconds = 10;
    private const int MaxDoublings = 7;

    /// <summary>Seconds of lock-out after <paramref name="rejects"/> wrong tokens in a row.</summary>
    public static int SecondsAfter(int rejects) =>
        rejects <= FreeAttempts ? 0 : FirstSeconds << Math.Min(rejects - FreeAttempts - 1, MaxDoublings);
}
