using System.Globalization;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Memory;

namespace Latchkey.Simulator.Tests;

/// <summary>Long random lives of a meter against a reference that is nothing but sums and a set.</summary>
public sealed class RandomRunTests(ITestOutputHelper output)
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARandomLife_OfTokensTampersCutsSwapsAndClockJumps_EqualsTheReference(bool money)
    {
        int seed = Environment.GetEnvironmentVariable("LATCHKEY_SEED") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 20_260_601;
        int steps = Long ? 500_000 : 10_000;
        using var life = new RandomLife(seed, money);
        for (int step = 0; step < steps; step++)
        {
            Exception? failure = Record.Exception(life.Step);
            Assert.True(failure is null, $"step {step}: {failure} (replay with LATCHKEY_SEED={seed})");
        }

        output.WriteLine($"seed {seed}: {steps} steps, {life.Accepted} tokens, {life.Refusals} refusals, {life.Cuts} power cuts, {life.Tampers} tampers, " +
            $"{life.Swaps} module swaps, {life.ClockJumps} clock jumps, {life.Collected} quanta collected, most worn group {life.WornMost} programs");
        Assert.True(life.Accepted > steps / 50 && life.Cuts > steps / 100 && life.Tampers > steps / 500 && life.Swaps > steps / 20 && life.ClockJumps > steps / 20);
        Assert.Equal(money, life.Collected > 0);
    }

    // A reference that notices nothing proves nothing.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void AMemoryThatForgets_IsNoticed(bool money)
    {
        using var life = new RandomLife(3, money);
        for (int i = 0; i < 100; i++) life.Step();
        MemoryNvmImage earlier = life.Memory;
        for (int i = 0; i < 100; i++) life.Step();
        life.GoBackTo(earlier);
        Assert.ThrowsAny<InvalidOperationException>(life.Step);
    }
}
