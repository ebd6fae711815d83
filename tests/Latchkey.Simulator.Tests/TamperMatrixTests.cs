using System.Globalization;
using System.Text;
using Latchkey.Meter;
using Latchkey.Meter.Events;
using Latchkey.Meter.Tamper;
using Latchkey.Simulator.Bench;
using Latchkey.Testing;

namespace Latchkey.Simulator.Tests;

/// <summary>Every kind of tamper is found in its stated time, and nothing is found where there is nothing. docs/tamper.md is written by this test.</summary>
public sealed class TamperMatrixTests
{
    private static readonly int Attempts = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1" ? 40 : 4;
    private static readonly string DocPath = RepositoryRoot.Combine("docs", "tamper.md");

    public static TheoryData<string> AttackNames => [.. TamperCatalogue.Attacks.Select(a => a.Name)];

    public static TheoryData<string> BenignNames => [.. TamperCatalogue.Benign.Select(b => b.Name)];

    [Theory, MemberData(nameof(AttackNames))]
    public void AnAttack_IsFoundEveryTimeAndInItsTime(string name)
    {
        TamperAttack attack = TamperCatalogue.Attacks.Single(a => a.Name == name);
        TamperRow row = TamperMatrix.Try(attack, Attempts);
        Assert.Equal(Attempts, row.Found);
        Assert.InRange(row.MeanMs, 0, attack.WithinMs + 2_000);
    }

    [Theory, MemberData(nameof(BenignNames))]
    public void SomethingHarmless_RaisesNothing(string name)
    {
        BenignCase benign = TamperCatalogue.Benign.Single(b => b.Name == name);
        for (int i = 0; i < Math.Max(2, Attempts / 4); i++)
            Assert.Empty(TamperMatrix.Raised(benign, seed: 300 + i, draw: (i + 0.5) / Math.Max(2, Attempts / 4)));
    }

    // The harmless list is no list of things that nothing could find: the same sun on a meter that was not told of it is a reversed phase.
    [Fact]
    public void TheSameSunOnAMeterThatWasNotTold_IsFound()
    {
        BenignCase sun = TamperCatalogue.Benign.Single(b => b.Name.StartsWith("sun", StringComparison.Ordinal));
        Assert.Contains(EventCode.CurrentReversed, TamperMatrix.Raised(sun with { Policy = TamperPolicy.Default }, seed: 1, draw: 0.5));
    }

    [Theory]
    [InlineData("kpm31", false)]
    [InlineData("kpm33", false)]
    [InlineData("kpm37", true)]
    public void AYearOfLoadsAndBadMains_RaisesNothing(string model, bool hasSun)
    {
        Assert.True(MeterProfile.TryFind(model, out MeterProfile? profile));
        using var year = new TamperYear(profile!, seed: 11, hasSun);
        year.Run(365);
        Assert.Empty(year.FalseEvents);
        Assert.InRange(year.Happenings, 3_000, 6_000);
    }

    [Fact]
    public void AMagnetPlantedIntoTheYear_IsFound()
    {
        using var year = new TamperYear(MeterProfile.Kpm31, seed: 11, hasSun: false) { Planted = (200, y => y.HoldMagnet(13_800, seconds: 7)) };
        year.Run(365);
        Assert.Equal([EventCode.StrongFieldFound, EventCode.StrongFieldGone], year.FalseEvents);
    }

    [Fact]
    public void EveryKind_IsInTheMatrix() => Assert.Empty(
        TamperPolicy.Default.Select(k => k.Begins).Except(TamperCatalogue.Attacks.Select(a => a.Event)).Except([EventCode.HostileModule]));

    [Fact]
    public void TheManualsTable_IsWhatTheMatrixSays()
    {
        string expected = Document();
        if (Environment.GetEnvironmentVariable("LATCHKEY_GOLDEN") == "1") File.WriteAllText(DocPath, expected);
        Assert.Equal(expected, File.ReadAllText(DocPath).ReplaceLineEndings("\n"));
    }

    private static string Document()
    {
        var text = new StringBuilder();
        text.Append("""
            # Tampers

            What the meter looks for, how long it must last, and what is done; then what was tried against the whole meter in the simulator.
            A threshold alone is a suspicion, a threshold that lasts is a fact; it ends only below two thirds of where it began. Each kind is
            written at most once a minute, with a count of what was left out. Beside every entry the meter keeps what it saw: voltage, currents,
            power and field at that instant (the last 32 times).

            ## What the meter looks for

            | event | bit | after | over after | what is done |
            |---|---|---|---|---|

            """);
        foreach (TamperKind kind in TamperPolicy.Default)
            text.Append(CultureInfo.InvariantCulture, $"| {(int)kind.Begins} {kind.Begins} | {(uint)kind.Input} | {Time(kind.OnMs)} | {Time(kind.OffMs)} | {kind.Actions.ToString().ToLowerInvariant()} |\n");
        text.Append("""

            *open* switches the supply off, *lock* keeps it so until a clear-tamper token. What is said by voltage and current is not judged in
            the first ten seconds after a start, within a second of the switch moving, or with too little current or voltage to judge by. A
            sensor that is shorted on one of three phases is told from a house that uses only two by the current in its return.

            ## What was tried

            *Found within* is counted from the act; two seconds more are allowed, since registers are of whole seconds.

            | attack | meter | event | found within | what happens |
            |---|---|---|---|---|

            """);
        foreach (TamperAttack a in TamperCatalogue.Attacks)
            text.Append(CultureInfo.InvariantCulture, $"| {a.Name} | {a.Model.Name} | {(int)a.Event} | {Time(a.WithinMs)} | {a.Reaction} |\n");
        text.Append("\n## What raises nothing\n\n");
        foreach (BenignCase b in TamperCatalogue.Benign) text.Append(CultureInfo.InvariantCulture, $"- {b.Name} ({b.Model.Name})\n");
        return text.ToString().ReplaceLineEndings("\n");
    }

    private static string Time(int ms) => ms switch
    {
        0 => "at once",
        < 1_000 => string.Create(CultureInfo.InvariantCulture, $"{ms} ms"),
        < 60_000 => string.Create(CultureInfo.InvariantCulture, $"{ms / 1_000} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{ms / 60_000} min"),
    };
}
