using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;
using Latchkey.ModuleLink.Frames;
using Latchkey.ModuleLink.Messages;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Loads;
using Latchkey.Simulator.Memory;
using Latchkey.Sts;

namespace Latchkey.Simulator.Tests;

/// <summary>What thieves, brown-outs and bad modules do, and what must not come of it.</summary>
public sealed class RobustnessTests(ITestOutputHelper output)
{
    private static readonly bool Long = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1";

    [Fact]
    public void ModuleSwaps_AThousandUnderLoad_DisturbNoQuantum()
    {
        SwapTrial trial = SwapTrial.Run(swaps: 1_000, seed: 1);
        Assert.Equal((0L, 0L), (trial.Quanta, trial.Samples));
        Assert.True(trial.IsUndisturbed);
    }

    // Found by a million random steps: years apart, one cut and another each spoiled a copy of the account's own page.
    [Fact]
    public void OneHalfLostAndThenTheOther_WithAStartBetween_LosesNothing()
    {
        using var mint = new TestMint();
        var image = new MemoryNvmImage();
        using var bench = new BareMeter(mint, image, 1);
        bench.Manufacture();
        bench.Boot();
        bench.Wait(1_000);
        Assert.Equal(Meter.Payment.Accounts.AccountFault.None, bench.Core.SetAccount(LifeAccounts.Money, 1, bench.Time, out _));
        bench.Type(mint.Money(5_000, out _));
        Meter.Payment.CreditTotals before = bench.Totals;
        foreach (int half in (int[])[0, 1])
        {
            image.Cells.Slice(half * EepromModel.StandardSize / 2, EepromModel.StandardSize / 2).Fill(0x5A);
            bench.Boot();
        }

        Assert.Equal(before.GrantedQuanta, bench.Totals.GrantedQuanta);
        Assert.Equal(Meter.Payment.Accounts.AccountUnit.Currency, bench.Core.Position.Settings.Unit);
        Assert.True(bench.Core.IsStorageSound);
    }

    // One half of the memory is enough, whichever.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void HalfOfTheMemoryLost_LosesNothing(int half)
    {
        using var mint = new TestMint();
        var image = new MemoryNvmImage();
        using var bench = new BareMeter(mint, image, 1);
        bench.Manufacture();
        bench.Boot();
        bench.Type(mint.Credit(5_000));
        for (int i = 0; i < 30; i++) bench.Consume(2_000);
        bench.Boot();
        Meter.Payment.CreditTotals before = bench.Totals;
        image.Cells.Slice(half * EepromModel.StandardSize / 2, EepromModel.StandardSize / 2).Fill(0x5A);
        bench.Boot();
        Assert.Equal(before, bench.Totals);
        Assert.Contains(bench.Core.Snapshot.Events, e => e.Code == EventCode.JournalRepaired);
    }

    [Fact]
    public void AnImageInAFile_OutlivesItsProcess()
    {
        string path = Path.Combine(Path.GetTempPath(), $"latchkey-{Environment.ProcessId}-{GetHashCode()}.nvm");
        try
        {
            using var mint = new TestMint();
            TokenNumber token = mint.Credit(9_000);
            using (var image = new FileNvmImage(path))
            using (var bench = new BareMeter(mint, new MemoryNvmImage(), 1, new EepromModel(image)))
            {
                bench.Manufacture();
                bench.Boot();
                bench.Type(token);
                // The process dies here: nothing is closed in order that the next reader depends on.
            }

            using var again = new FileNvmImage(path);
            using var second = new BareMeter(mint, new MemoryNvmImage(), 1, new EepromModel(again));
            second.Boot();
            second.Type(token);
            Assert.Equal((9_000L, TokenStatus.UsedError), (second.Totals.Granted.WattHours, second.Core.Snapshot.LastToken!.Status));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void PowerCutWhileAcceptedIsBeingWritten_EndsCreditedOnceOrNotAtAll()
    {
        for (long cut = 0; cut < 160; cut += 7)
        {
            using var rig = new Rig(watts: 100);
            TokenNumber token = rig.Mint.Credit(10_000);
            rig.Meter.Type(token.ToString());
            rig.Meter.CutPowerAfterNvmBytes(cut);
            rig.Meter.PressKey('#');
            Assert.False(rig.Meter.IsRunning);
            rig.Run(10);
            rig.Meter.MainsOn = true;
            rig.Run(2);
            TokenStatus again = rig.Enter(token);
            Assert.True(again is TokenStatus.Accepted or TokenStatus.UsedError);
            Assert.Equal(10_000, rig.Snapshot.Granted.WattHours);
        }
    }

    [Fact]
    public void AClockThatJumps_ChangesNeitherCreditNorTokens()
    {
        using var rig = new Rig(watts: 1_000);
        rig.Enter(rig.Mint.Credit(10_000));
        foreach (long years in (long[])[10, -10, 10])
        {
            rig.Meter.ClockErrorSeconds = years * 31_557_600;
            rig.Run(360);
        }

        Assert.Equal(TokenStatus.Accepted, rig.Enter(rig.Mint.Credit(1_000)));
        Assert.Equal(11_000, rig.Snapshot.Granted.WattHours);
        Assert.InRange(rig.Snapshot.Consumed.WattHours, 299, 303);
    }

    [Fact]
    public void GuessedTokens_LockTheKeypadAndAPowerCutIsNoWayRoundIt()
    {
        using var rig = new Rig();
        using var other = new TestMint(keySeed: 50);
        for (int i = 0; i < 3; i++) Assert.Equal(TokenStatus.CrcError, rig.Enter(other.Credit(100)));
        Assert.Equal(TokenStatus.Lockout, rig.Enter(rig.Mint.Credit(100)));
        rig.CyclePower();
        rig.Run(0.5);
        Assert.InRange(rig.Snapshot.KeypadLockedSeconds, 5, 10);
        rig.Run(15);
        Assert.Equal(TokenStatus.Accepted, rig.Enter(rig.Mint.Credit(100)));
        Assert.Equal(0, rig.Snapshot.KeypadLockedSeconds);
    }

    // Periods of 5 to 500 ms, on for 5 to 95 % of them.
    [Fact]
    public void MainsThatComesAndGoes_NeitherLosesNorWearsNorSwitches()
    {
        using var rig = new Rig(watts: 1_500);
        int cycles = Long ? 10_000 : 300;
        OscillationReport report = Oscillation.Run(rig.Meter, () => rig.Enter(rig.Mint.Credit(100_000)), cycles, seed: 2);
        output.WriteLine($"{cycles} cycles: {report}");
        Assert.Equal((1u, 0, true, 100_000L), (report.Starts, report.SwitchMoves, report.IsClosed, report.GrantedWh));
        // No cell is programmed more than ten times, however often mains went.
        Assert.InRange(report.Wear, 0u, 10u);
        Assert.InRange(report.LogGrowth, 0, 1);
    }

    // Off for longer than the save waits and shorter than the charge lasts: it has saved, and must find itself again.
    [Fact]
    public void AnOutageThatTheChargeBridges_SavesOnceAndGoesOn()
    {
        using var rig = new Rig(watts: 1_500);
        rig.Enter(rig.Mint.Credit(10_000));
        rig.Run(30);
        long writes = rig.Meter.Memory.Programs;
        rig.Meter.MainsOn = false;
        rig.Run(0.6);
        rig.Meter.MainsOn = true;
        rig.Run(5);
        Assert.Equal((true, 1u, 1L), (rig.Meter.IsRunning, rig.Snapshot.BootCount, rig.Meter.Memory.Programs - writes));
    }

    [Theory]
    [InlineData(20, 0)]
    [InlineData(-40, 1)]
    [InlineData(70, 1)]
    public void HoldUp_AtItsWorst_SavesEveryQuantum(double celsius, double age)
    {
        using var rig = new Rig(watts: 1_500, holdUpAge: age);
        rig.Meter.Celsius = celsius;
        rig.Enter(rig.Mint.Credit(10_000));
        rig.Run(45.3);
        rig.Meter.MainsOn = false;
        long before = rig.Snapshot.Totals.ConsumedQuanta;
        rig.Run(10);
        rig.Meter.MainsOn = true;
        Assert.Equal(2u, rig.Snapshot.BootCount);
        Assert.Equal(before, rig.Snapshot.Totals.ConsumedQuanta);
    }

    [Fact]
    public void ALoadLimit_TripsReclosesAndLocksOutUntilTheCustomerActs()
    {
        using var rig = new Rig(watts: 3_000);
        rig.Enter(rig.Mint.Credit(100_000));
        rig.Enter(rig.Mint.Management(ManagementSubClass.SetMaximumPowerLimit, 2_000));
        rig.Run(20);
        Assert.Equal(OffReasons.Overload, rig.Snapshot.ForemostReason);
        rig.Run(3_600);
        Assert.Equal((SupplyPosition.Open, OffReasons.Overload), (rig.Snapshot.SwitchPosition, rig.Snapshot.ForemostReason));
        Assert.Equal(5, rig.Snapshot.Events.Count(e => e.Code == EventCode.LimiterExceeded));
        rig.Meter.Load = new ConstantLoad(1_000);
        rig.Meter.Type("070#");
        rig.Run(5);
        Assert.Equal(SupplyPosition.Closed, rig.Snapshot.SwitchPosition);
    }
}
