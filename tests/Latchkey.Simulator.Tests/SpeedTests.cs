using System.Diagnostics;
using Latchkey.ModuleLink.Frames;
using Latchkey.Simulator.Loads;
using Latchkey.Testing;

namespace Latchkey.Simulator.Tests;

/// <summary>Virtual time must be cheap: the demo runs a month of it while somebody watches.</summary>
public sealed class SpeedTests(ITestOutputHelper output)
{
    private const string Header = "datetime,LP [W/MWh]\n";

    [Fact]
    public void ThirtyDays_OfAFifteenMinuteProfile_TakeSecondsAndMeterTheProfile()
    {
        using var rig = new Rig(module: ModuleKind.Lte4G);
        rig.Enter(rig.Mint.Credit(2_000_000));
        ProfileLoad load = Profile();
        rig.Meter.Load = load;
        DateTimeOffset from = rig.Meter.Now;
        long start = Stopwatch.GetTimestamp();
        rig.Meter.AdvanceTo(from.AddDays(30));
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        rig.Meter.Load = load;

        double expectedWh = Enumerable.Range(0, 30 * 96).Sum(i => load.At(Rig.Start.AddMinutes(15 * i)).Point.Watts / 4.0);
        double meteredWh = rig.Snapshot.Registers.ActiveImport / 1e6;
        output.WriteLine($"30 virtual days in {took.TotalSeconds:F2} s; {meteredWh:F1} Wh metered, {expectedWh:F1} Wh in the profile; " +
            $"{rig.Meter.Memory.Programs} page programs");
        Assert.InRange(meteredWh / expectedWh, 0.998, 1.002);
        // Generous: the limit that the demo needs is 8 s on a quiet core, and this guards against a change of order.
        Assert.True(took < TimeSpan.FromSeconds(60), $"{took}");
    }

    [Fact]
    public void TheSameSeed_GivesTheSameBytes()
    {
        byte[][] memories = [.. Enumerable.Range(0, 2).Select(_ =>
        {
            using var rig = new Rig(module: ModuleKind.NbIot);
            rig.Meter.Load = new HouseholdLoad(seed: 5);
            rig.Enter(rig.Mint.Credit(3_000));
            rig.Run(86_400);
            return rig.Image.Cells.ToArray();
        })];
        Assert.Equal(memories[0], memories[1]);
    }

    [Fact]
    public void ARecordedProfile_HasTheYearItWasScaledTo()
    {
        Assert.SkipWhen(RepositoryRoot.SharedData is null, "the recorded load profiles lie beside the repository and are not here");
        ProfileLoad load = ProfileLoad.ReadFile(Path.Combine(RepositoryRoot.SharedData!, "load_profiles_vdi4657", "LP_W_W.csv"), yearlyMwh: 2.5, Rig.Start);
        Assert.Equal((35_040, TimeSpan.FromMinutes(15)), (load.Count, load.Step));
        Assert.InRange(load.TotalWh, 2_475_000, 2_525_000);
    }

    private static ProfileLoad Profile()
    {
        var chance = new Random(3);
        var text = new StringWriter();
        text.Write(Header);
        for (int i = 0; i < 30 * 96; i++)
            text.Write(FormattableString.Invariant($"{Rig.Start.AddMinutes(15 * i):yyyy-MM-dd HH:mm:sszzz},{20 + (chance.NextDouble() * 200):F1}\n"));
        return ProfileLoad.Read(new StringReader(text.ToString()), yearlyMwh: 3, Rig.Start);
    }
}
