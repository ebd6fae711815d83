namespace Latchkey.Sts;

/// <summary>The two substitution boxes and the permutation of EA07.</summary>
/// <remarks>
/// The tables that real meters use are licensed by the STS Association and are not part of this library; hand them in. What is built in is the sample set
/// that the standard prints as an example, and no meter in the field uses it. Index 0 is the least significant nibble or bit.
/// Source: IEC 62055-41, Standard Transfer Algorithm.
/// </remarks>
public sealed class StaTables
{
    private const int BoxLength = 16;
    private const int PermutationLength = 64;

    private readonly byte[] _s1;
    private readonly byte[] _s2;
    private readonly byte[] _p;

    private StaTables(byte[] s1, byte[] s2, byte[] p)
    {
        (_s1, _s2, _p) = (s1, s2, p);
        Rounds = new StaRoundTables(s1, s2, p);
    }

    /// <summary>The standard's example tables.</summary>
    /// <remarks>Source: IEC 62055-41, sample substitution and permutation tables.</remarks>
    public static StaTables Sample { get; } = new(
        [12, 10, 8, 4, 3, 15, 0, 2, 14, 1, 5, 13, 6, 9, 7, 11],
        [6, 9, 7, 4, 3, 10, 12, 14, 2, 13, 1, 15, 0, 11, 8, 5],
        [
            29, 27, 34, 9, 16, 62, 55, 2, 40, 49, 38, 25, 33, 61, 30, 23, 1, 41, 21, 57, 42, 15, 5, 58, 19, 53, 22, 17, 48, 28, 24, 39,
            3, 60, 36, 14, 11, 52, 54, 12, 31, 51, 10, 26, 0, 45, 37, 43, 44, 6, 59, 4, 7, 35, 56, 50, 13, 18, 32, 47, 46, 63, 20, 8,
        ]);

    /// <summary>Whether these are the standard's example tables, so that tokens made with them work in no real meter.</summary>
    /// <remarks>Source: IEC 62055-41, Standard Transfer Algorithm.</remarks>
    public bool IsSample => this == Sample;

    internal StaRoundTables Rounds { get; }

    /// <summary>Takes tables that are permutations of 0 to 15, 0 to 15 and 0 to 63; false for anything else. The spans are copied.</summary>
    /// <param name="s1">What replaces a nibble where the key's bit is 0.</param>
    /// <param name="s2">What replaces a nibble where the key's bit is 1.</param>
    /// <param name="p">Where each bit moves.</param>
    /// <param name="tables">The tables, or null.</param>
    /// <remarks>Source: IEC 62055-41, Standard Transfer Algorithm.</remarks>
    public static bool TryCreate(ReadOnlySpan<byte> s1, ReadOnlySpan<byte> s2, ReadOnlySpan<byte> p, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out StaTables? tables)
    {
        bool valid = IsPermutation(s1, BoxLength) && IsPermutation(s2, BoxLength) && IsPermutation(p, PermutationLength);
        tables = valid ? new StaTables(s1.ToArray(), s2.ToArray(), p.ToArray()) : null;
        return valid;
    }

    /// <summary>Says which tables these are, not what is in them.</summary>
    /// <remarks>Source: IEC 62055-41, Standard Transfer Algorithm.</remarks>
    public override string ToString() => IsSample ? "STA sample tables" : "STA tables";

    internal (ReadOnlyMemory<byte> S1, ReadOnlyMemory<byte> S2, ReadOnlyMemory<byte> P) Raw => (_s1, _s2, _p);

    private static bool IsPermutation(ReadOnlySpan<byte> values, int length)
    {
        if (values.Length != length) return false;
        ulong seen = 0;
        foreach (byte value in values)
        {
            if (value >= length) return false;
            seen |= 1UL << value;
        }

        return System.Numerics.BitOperations.PopCount(seen) == length;
    }
}
