using System.Diagnostics;
using Latchkey.Cli.Bench;
using Latchkey.Sts;

namespace Latchkey.Cli.Sts;

/// <summary><c>latchkey bench sts</c>: tokens made and read in a second on one core, and the bytes each of them allocates.</summary>
public static class StsBench
{
    private const double KeyReadyLimit = 1_000_000;
    private const double DerivationLimit = 100_000;
    private const int Rounds = 5;
    private static readonly TimeSpan RoundTime = TimeSpan.FromMilliseconds(200);

    // Public test keys of the conformance suites.
    private static readonly byte[] HmacKey = Convert.FromHexString("abababababababab949494949494949401234567");
    private static readonly byte[] DesKey = Convert.FromHexString("abababababababab");

    /// <summary>Measures each figure for about a second; the best of five rounds counts, because other work on the machine only ever slows a round down.</summary>
    public static IReadOnlyList<BenchFigure> Run()
    {
        using VendingKey hmac = Require(HmacKey);
        using VendingKey des = Require(DesKey);
        var figures = new List<BenchFigure>();
        foreach (EncryptionAlgorithm algorithm in new[] { EncryptionAlgorithm.Ea07, EncryptionAlgorithm.Ea11 })
        {
            using var bench = new StsWorkload(hmac, algorithm);
            string name = $"EA{(int)algorithm:D2}";
            Add(figures, $"{name} encode, key ready", KeyReadyLimit, bench.EncodeMany);
            Add(figures, $"{name} decode, key ready", KeyReadyLimit, bench.DecodeMany);
            Add(figures, $"{name}+DKGA04 derive and encode", DerivationLimit, bench.DeriveAndEncodeMany);
            Add(figures, $"{name}+DKGA04 derive and decode", DerivationLimit, bench.DeriveAndDecodeMany);
            AddErrorRate(figures, name, algorithm);
        }

        using var old = new StsWorkload(des, EncryptionAlgorithm.Ea07);
        Add(figures, "EA07+DKGA02 derive and encode", null, old.DeriveAndEncodeMany);
        return figures;
    }

    private static void Add(List<BenchFigure> figures, string name, double? limit, Func<int, ulong> work)
    {
        const int Batch = 1_000;
        ulong seen = work(Batch * 20);
        double best = 0;
        // The least of the rounds: what a token allocates is allocated in every round, what the runtime does once is not.
        double leastPerToken = double.MaxValue;
        for (int round = 0; round < Rounds; round++)
        {
            long count = 0;
            long before = GC.GetAllocatedBytesForCurrentThread();
            long begun = Stopwatch.GetTimestamp();
            while (Stopwatch.GetElapsedTime(begun) < RoundTime)
            {
                seen ^= work(Batch);
                count += Batch;
            }

            best = Math.Max(best, count / Stopwatch.GetElapsedTime(begun).TotalSeconds);
            leastPerToken = Math.Min(leastPerToken, (double)(GC.GetAllocatedBytesForCurrentThread() - before) / count);
        }

        GC.KeepAlive(seen);
        figures.Add(new BenchFigure(name, Math.Round(best), "tokens/s, one core", limit is { } least ? $">= {least:0}" : null, limit is null || best >= limit));
        figures.Add(new BenchFigure(name + ", allocation", leastPerToken, "B/token", "= 0", leastPerToken == 0));
    }

    private static void AddErrorRate(List<BenchFigure> figures, string name, EncryptionAlgorithm algorithm)
    {
        const int Tokens = 10_000;
        const double Allowed = 1.0 / 65_536;
        (long tried, long accepted) = StsErrorRate.Measure(algorithm, Tokens, seed: 20_180_101);
        // The check value allows a mean; a sample may lie above it by chance, six standard deviations at most.
        double mean = tried * Allowed;
        figures.Add(new BenchFigure(
            $"{name} single-bit and single-digit errors taken for another credit, {tried} tried", Math.Round(1e6 * accepted / tried, 2), "per million", "<= 15.26 (2^-16)",
            accepted <= mean + (6 * Math.Sqrt(mean))));
    }

    private static VendingKey Require(byte[] bytes) =>
        VendingKey.TryCreate(bytes, out VendingKey? key) ? key : throw new UnreachableException("A public test key was refused.");
}
