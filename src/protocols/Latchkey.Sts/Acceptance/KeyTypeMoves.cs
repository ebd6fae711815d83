namespace Latchkey.Sts;

/// <summary>Which type of key may replace which, as a table that a meter maker can change.</summary>
/// <remarks>The standard's exact table was not available; this one follows what is known of it. Source: IEC 62055-41, key changes between key types.</remarks>
public sealed class KeyTypeMoves
{
    private const int Types = 4;
    private readonly bool[] _allowed;

    private KeyTypeMoves(bool[] allowed) => _allowed = allowed;

    /// <summary>
    /// For meters with a keypad or a virtual carrier: initial to initial, default or unique; default to default or unique;
    /// unique to unique or default; common to common.
    /// </summary>
    /// <remarks>Source: IEC 62055-41, key changes between key types.</remarks>
    public static KeyTypeMoves Standard { get; } = Build(
        (KeyType.Initial, KeyType.Initial), (KeyType.Initial, KeyType.Default), (KeyType.Initial, KeyType.Unique),
        (KeyType.Default, KeyType.Default), (KeyType.Default, KeyType.Unique),
        (KeyType.Unique, KeyType.Unique), (KeyType.Unique, KeyType.Default),
        (KeyType.Common, KeyType.Common));

    /// <summary>As <see cref="Standard"/>, and initial to common, which only meters with erasable magnetic cards may have.</summary>
    /// <remarks>Source: IEC 62055-41, key changes between key types.</remarks>
    public static KeyTypeMoves MagneticCard { get; } = Standard.With(KeyType.Initial, KeyType.Common, allowed: true);

    /// <summary>Whether a key of type <paramref name="to"/> may replace one of type <paramref name="from"/>; false for values that are no key type.</summary>
    /// <remarks>Source: IEC 62055-41, key changes between key types.</remarks>
    public bool Allows(KeyType from, KeyType to) => IsKnown(from) && IsKnown(to) && _allowed[Index(from, to)];

    /// <summary>The same table with one move allowed or forbidden.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of the two is no key type.</exception>
    /// <remarks>Source: IEC 62055-41, key changes between key types.</remarks>
    public KeyTypeMoves With(KeyType from, KeyType to, bool allowed)
    {
        if (!IsKnown(from)) throw new ArgumentOutOfRangeException(nameof(from));
        if (!IsKnown(to)) throw new ArgumentOutOfRangeException(nameof(to));
        bool[] copy = [.. _allowed];
        copy[Index(from, to)] = allowed;
        return new KeyTypeMoves(copy);
    }

    private static KeyTypeMoves Build(params ReadOnlySpan<(KeyType From, KeyType To)> moves)
    {
        bool[] allowed = new bool[Types * Types];
        foreach ((KeyType from, KeyType to) in moves) allowed[Index(from, to)] = true;
        return new KeyTypeMoves(allowed);
    }

    private static bool IsKnown(KeyType type) => type is >= KeyType.Initial and <= KeyType.Common;

    private static int Index(KeyType from, KeyType to) => ((int)from * Types) + (int)to;
}
