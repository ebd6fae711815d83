namespace Latchkey.Sts;

/// <summary>The identifiers of the last accepted tokens, in rising order. Immutable.</summary>
/// <remarks>
/// A new identifier replaces the smallest, so whatever leaves the store stays below its smallest and is refused as old. That is why a token is never
/// taken twice, whatever the size. Source: IEC 62055-41, TID store of the payment meter.
/// </remarks>
public sealed class TokenIdentifierStore
{
    /// <summary>The fewest identifiers a meter remembers.</summary>
    /// <remarks>Source: IEC 62055-41, TID store of the payment meter.</remarks>
    public const int MinCapacity = 50;

    /// <summary>The most this library lets a meter remember.</summary>
    /// <remarks>Source: IEC 62055-41, TID store of the payment meter.</remarks>
    public const int MaxCapacity = 1_024;

    private readonly uint[] _minutes;

    private TokenIdentifierStore(uint[] minutes) => _minutes = minutes;

    /// <summary>How many identifiers it holds; always this many, zeros at first.</summary>
    /// <remarks>Source: IEC 62055-41, TID store of the payment meter.</remarks>
    public int Capacity => _minutes.Length;

    /// <summary>The smallest: anything below is old.</summary>
    /// <remarks>Source: IEC 62055-41, TID store of the payment meter.</remarks>
    public TokenIdentifier Oldest => TokenIdentifier.FromMinutes(_minutes[0]);

    /// <summary>The largest.</summary>
    /// <remarks>Source: IEC 62055-41, TID store of the payment meter.</remarks>
    public TokenIdentifier Newest => TokenIdentifier.FromMinutes(_minutes[^1]);

    internal ReadOnlySpan<uint> Minutes => _minutes;

    /// <summary>A store of zeros.</summary>
    /// <param name="capacity">50 to 1024.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another capacity.</exception>
    /// <remarks>Source: IEC 62055-41, TID store of the payment meter.</remarks>
    public static TokenIdentifierStore Empty(int capacity = MinCapacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, MinCapacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, MaxCapacity);
        return new TokenIdentifierStore(new uint[capacity]);
    }

    /// <summary>Accept, OldError below the smallest, UsedError for one that is held.</summary>
    /// <remarks>Source: IEC 62055-41, OldError and UsedError.</remarks>
    public TokenResult Judge(TokenIdentifier tid)
    {
        if (tid.Minutes < _minutes[0]) return TokenResult.OldError;
        return Array.BinarySearch(_minutes, tid.Minutes) >= 0 ? TokenResult.UsedError : TokenResult.Accept;
    }

    /// <summary>The store with a new identifier in place of the smallest.</summary>
    /// <exception cref="ArgumentException">The identifier is old or used.</exception>
    /// <remarks>Source: IEC 62055-41, TID store of the payment meter.</remarks>
    public TokenIdentifierStore With(TokenIdentifier tid)
    {
        if (Judge(tid) != TokenResult.Accept) throw new ArgumentException("The identifier is old or used.", nameof(tid));
        int above = ~Array.BinarySearch(_minutes, tid.Minutes);
        uint[] next = new uint[_minutes.Length];
        Array.Copy(_minutes, 1, next, 0, above - 1);
        next[above - 1] = tid.Minutes;
        Array.Copy(_minutes, above, next, above, _minutes.Length - above);
        return new TokenIdentifierStore(next);
    }

    internal static bool TryRestore(uint[] minutes, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TokenIdentifierStore? store)
    {
        bool valid = minutes.Length is >= MinCapacity and <= MaxCapacity && minutes[^1] <= TokenIdentifier.MaxMinutes;
        for (int i = 1; valid && i < minutes.Length; i++)
        {
            // Only zeros, the mark of an unused place, may stand more than once.
            valid = minutes[i - 1] < minutes[i] || (minutes[i - 1] == 0 && minutes[i] == 0);
        }

        store = valid ? new TokenIdentifierStore(minutes) : null;
        return valid;
    }
}
