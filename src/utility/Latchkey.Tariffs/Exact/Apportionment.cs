using System.Numerics;

namespace Latchkey.Tariffs;

/// <summary>Rounds the parts of a whole so that they still make the whole: largest remainders first, ties to the earlier part.</summary>
/// <remarks>Every part ends less than one minor unit from its exact value.</remarks>
internal static class Apportionment
{
    public static long[] Round(IReadOnlyList<Rational> parts, long whole)
    {
        long[] rounded = [.. parts.Select(p => (long)p.Floor())];
        BigInteger left = whole - rounded.Aggregate(BigInteger.Zero, (sum, r) => sum + r);
        if (left.Sign < 0 || left > parts.Count) throw new ArgumentException("The parts do not make the whole.", nameof(whole));

        IEnumerable<int> byRemainder = Enumerable.Range(0, parts.Count)
            .OrderByDescending(i => parts[i] - Rational.FromInteger(rounded[i]))
            .ThenBy(i => i);
        foreach (int i in byRemainder.Take((int)left)) rounded[i]++;
        return rounded;
    }

    /// <summary>As <see cref="Round"/> where the whole has been rounded already and may be up to one below the parts.</summary>
    public static long[] Spread(IReadOnlyList<Rational> parts, long whole)
    {
        Rational sum = parts.Aggregate(Rational.Zero, (total, p) => total + p);
        if (sum.Sign == 0) return new long[parts.Count];
        Rational scale = Rational.FromInteger(whole) / sum;
        return Round([.. parts.Select(p => p * scale)], whole);
    }
}
