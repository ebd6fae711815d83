using CsCheck;
using Latchkey.Meter.Tamper;

namespace Latchkey.Meter.Tests.Tamper;

public sealed class TamperDebounceTests
{
    [Fact]
    public void Present_ForItsWholeTime_BecomesActiveAtThatTime()
    {
        Assert.Equal(TamperPhase.Suspect, Run((0, true), (99, true)).Phase);
        Assert.Equal(TamperPhase.Active, Run((0, true), (100, true)).Phase);
    }

    [Fact]
    public void Interrupted_StartsAnew() => Assert.Equal(TamperPhase.Suspect, Run((0, true), (60, false), (70, true), (120, true)).Phase);

    [Fact]
    public void Active_EndsOnlyAfterItsReleaseTime()
    {
        Assert.True(Run((0, true), (100, true), (200, false), (1_199, false)).IsActive);
        Assert.False(Run((0, true), (100, true), (200, false), (1_200, false)).IsActive);
    }

    [Fact]
    public void APresenceShorterThanItsTime_IsNeverActive() => Gen.Int[1, 99].Array[1, 20].Sample(lengths =>
    {
        var debounce = default(TamperDebounce);
        long now = 0;
        foreach (int length in lengths)
        {
            debounce = debounce.After(true, now, 100, 1_000);
            now += length;
            debounce = debounce.After(false, now, 100, 1_000);
            if (debounce.IsActive) return false;
            now += 5;
        }

        return true;
    });

    private static TamperDebounce Run(params (long At, bool Present)[] seen) =>
        seen.Aggregate(default(TamperDebounce), (d, s) => d.After(s.Present, s.At, onMs: 100, offMs: 1_000));
}
