using CsCheck;
using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Tamper;

namespace Latchkey.Meter.Tests.Tamper;

public sealed class TamperPanelTests
{
    private static readonly TamperSignals Quiet = TamperSignals.Switches(TamperInputs.None);
    private static readonly TamperSignals Above = new(TamperInputs.Bypass, TamperInputs.Bypass, TamperInputs.None);
    private static readonly TamperSignals Between = new(TamperInputs.None, TamperInputs.Bypass, TamperInputs.None);
    private static readonly TamperSignals Unsure = new(TamperInputs.None, TamperInputs.None, TamperInputs.Bypass);

    [Fact]
    public void BetweenTheLevels_NothingBeginsAndNothingEnds()
    {
        TamperPanel panel = Panel();
        Assert.Empty(Run(panel, 0, 20, Between));
        Assert.Single(Run(panel, 20, 40, Above));
        Assert.Empty(Run(panel, 40, 100, Between));
        Assert.False(Assert.Single(Run(panel, 100, 120, Quiet)).Begins);
    }

    [Fact]
    public void ASuspicion_BeginsAnewAfterNothingCouldBeSaid()
    {
        TamperPanel panel = Panel();
        Assert.Empty(Run(panel, 0, 9, Above));
        Assert.Empty(Run(panel, 9, 10, Unsure));
        Assert.Empty(Run(panel, 10, 19, Above));
        Assert.Single(Run(panel, 19, 22, Above));
    }

    [Fact]
    public void AFact_OutlastsAnyTimeInWhichNothingCanBeSaid()
    {
        TamperPanel panel = Panel();
        Run(panel, 0, 20, Above);
        Assert.Empty(Run(panel, 20, 500, Unsure));
        Assert.Equal(TamperInputs.Bypass, panel.Active);
    }

    [Fact]
    public void AKind_IsWrittenOnceAMinuteAndCountsTheRest()
    {
        TamperPanel panel = Panel(onMs: 0, offMs: 0);
        var changes = new List<TamperChange>();
        for (int i = 0; i < 90; i++)
        {
            changes.AddRange(Run(panel, 2 * i, (2 * i) + 1, Above));
            changes.AddRange(Run(panel, (2 * i) + 1, (2 * i) + 2, Quiet));
        }

        TamperChange[] written = [.. changes.Where(c => c is { Begins: true, IsLogged: true })];
        Assert.Equal(3, written.Length);
        Assert.Equal([0L, 29L, 29L], written.Select(c => c.Detail));
    }

    [Fact]
    public void TheEnd_SaysHowLongItLasted()
    {
        TamperPanel panel = Panel();
        Run(panel, 0, 41, Above);
        Assert.Equal(41_000, Assert.Single(Run(panel, 41, 60, Quiet)).Detail);
    }

    [Fact]
    public void AMeterOutOfService_SeesNothing()
    {
        TamperPanel panel = Panel();
        panel.IsSensing = false;
        Assert.Empty(Run(panel, 0, 100, Above));
        Assert.Empty(panel.OnStart(TamperInputs.None));
    }

    // Whatever comes, a beginning and an end alternate.
    [Fact]
    public void BeginningAndEnd_AlternateForAnySignals() => Gen.Int[0, 3].Array[1, 200].Sample(kinds =>
    {
        TamperPanel panel = Panel(onMs: 2_000, offMs: 3_000);
        TamperSignals[] signals = [Quiet, Between, Above, Unsure];
        bool active = false;
        for (int i = 0; i < kinds.Length; i++)
        {
            foreach (TamperChange change in Run(panel, i, i + 1, signals[kinds[i]]))
            {
                if (change.Begins == active) return false;
                active = change.Begins;
            }
        }

        return active == (panel.Active != TamperInputs.None);
    });

    private static TamperPanel Panel(int onMs = 10_000, int offMs = 10_000) => new(
        new NoCovers(), [new TamperKind(TamperInputs.Bypass, onMs, offMs, TamperActions.Log, OffReasons.Tamper, EventCode.Bypass, EventCode.BypassEnded)]);

    private static List<TamperChange> Run(TamperPanel panel, int fromSecond, int toSecond, TamperSignals signals)
    {
        var changes = new List<TamperChange>();
        for (int s = fromSecond; s < toSecond; s++) changes.AddRange(panel.Poll(s * 1_000L, signals) ?? []);
        return changes;
    }

    private sealed class NoCovers : ITamperInputs
    {
        public TamperInputs Now => TamperInputs.None;

        public TamperInputs Latched => TamperInputs.None;

        public void ClearLatch()
        {
        }
    }
}
