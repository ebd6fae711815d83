using System.Buffers.Binary;
using System.Reflection;
using System.Text;
using CsCheck;
using Latchkey.Testing;

namespace Latchkey.Metrology.Tests;

public sealed class ProtectiveInterfaceTests
{
    private static readonly string Page = RepositoryRoot.Combine("docs", "protective-interface.md");

    /// <summary>docs/protective-interface.md is written by this test. LATCHKEY_GOLDEN=1 rewrites it.</summary>
    [Fact]
    public void ThePublishedList_IsTheTable()
    {
        string expected = Render();
        if (Environment.GetEnvironmentVariable("LATCHKEY_GOLDEN") == "1") File.WriteAllText(Page, expected);
        Assert.Equal(expected, File.ReadAllText(Page));
    }

    [Fact]
    public void EveryFunction_IsInTheTable_AndOnlyOneHasAnEffect()
    {
        Assert.Equal(Enum.GetValues<LegalFunction>(), LegalFunctionRow.All.Select(r => r.Function));
        Assert.Equal(LegalFunction.SetParameters, Assert.Single(LegalFunctionRow.All, r => r.Effect != "none").Function);
    }

    [Fact]
    public void TheInterface_HasNoOtherWayIn() =>
        Assert.Equal(["Call"], typeof(ProtectiveInterface).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Select(m => m.Name));

    // Whatever is sent while the seal is closed: calibration, registers and what is told of them stay, to the bit.
    [Fact]
    public void NoSequenceOfCalls_WithTheSealClosed_ChangesAnything() => Calls.Sample(calls =>
    {
        MetrologyCore core = Worked();
        var door = new ProtectiveInterface(core, 0, () => false);
        (Calibration, MetrologyState, MetrologyRegisters, string) before = (core.Calibration, core.Save(), core.Registers, Told(door));
        byte[] answer = new byte[256];
        foreach ((ushort function, byte[] arguments, int room) in calls) door.Call(function, arguments, answer.AsSpan(0, room), out _);
        return before == (core.Calibration, core.Save(), core.Registers, Told(door));
    });

    // With the seal open the calibration may change, and nothing else may.
    [Fact]
    public void NoSequenceOfCalls_WithTheSealOpen_ChangesARegister() => Calls.Sample(calls =>
    {
        MetrologyCore core = Worked();
        var door = new ProtectiveInterface(core, 0, () => true);
        MetrologyState before = core.Save();
        byte[] answer = new byte[256];
        foreach ((ushort function, byte[] arguments, int room) in calls) door.Call(function, arguments, answer.AsSpan(0, room), out _);
        return before == core.Save();
    });

    [Fact]
    public void Parameters_WithTheSealOpenAndTheNextCounter_AreTaken_AndLogged()
    {
        MetrologyCore core = Worked();
        bool open = false;
        var door = new ProtectiveInterface(core, 4, () => open);
        byte[] block = new byte[ParameterBlock.Length];
        Calibration next = Calibration.Nominal with { CurrentPicoamps = 33_500_000 };
        new ParameterBlock(next, 5).Write(block);

        Assert.Equal(LegalResult.Sealed, door.Call((ushort)LegalFunction.SetParameters, block, [], out _));
        Assert.Equal(LegalResult.Sealed, door.Call((ushort)LegalFunction.SetParameters, block, [], out _));
        open = true;
        Assert.Equal(LegalResult.Accepted, door.Call((ushort)LegalFunction.SetParameters, block, [], out _));
        Assert.Equal(next, core.Calibration);
        // The same block again is an old one by now.
        Assert.Equal(LegalResult.Refused, door.Call((ushort)LegalFunction.SetParameters, block, [], out _));
        Assert.Equal([LegalEventKind.LogCleared, LegalEventKind.ParametersRefused, LegalEventKind.ParametersChanged], Log(door));
    }

    [Fact]
    public void Identity_IsThatOfTheImageThatRuns()
    {
        byte[] answer = new byte[48];
        Assert.Equal(LegalResult.Accepted, new ProtectiveInterface(Worked(), 0, () => false).Call((ushort)LegalFunction.Identity, [], answer, out int written));
        Assert.Equal(48, written);
        Assert.Equal(MetrologyIdentity.Version, Encoding.ASCII.GetString(answer, 0, 12).TrimEnd('\0'));
        Assert.Equal(MetrologyIdentity.Hash, Convert.ToHexStringLower(answer, 12, 32));
        Assert.Equal(MetrologyIdentity.Checksum, BinaryPrimitives.ReadUInt32LittleEndian(answer.AsSpan(44)).ToString("x8", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static readonly Gen<byte[]> ValidBlock = Gen.UInt[0, 5].Select(changes =>
    {
        byte[] block = new byte[ParameterBlock.Length];
        new ParameterBlock(Calibration.Nominal with { CurrentPicoamps = 30_000_000 + changes }, changes).Write(block);
        return block;
    });

    // Half of them right in number and length, so that the checks behind are reached.
    private static readonly Gen<(ushort, byte[], int)[]> Calls = Gen.OneOf(
        Gen.Select(Gen.UShort[0, 12], Gen.Byte.Array[0, 90], Gen.Int[0, 256]),
        Gen.Select(Gen.UShort[1, 7], Gen.Int[0, 255]).Select((f, b) =>
            (f, Enumerable.Repeat((byte)b, LegalFunctionRow.All[f - 1].ArgumentLength).ToArray(), LegalFunctionRow.All[f - 1].AnswerLength)),
        ValidBlock.Select(block => ((ushort)LegalFunction.SetParameters, block, 0))).Array[0, 12];

    private static readonly Lazy<MetrologyState> Metered = new(() =>
    {
        MetrologyCore core = new(Calibration.Nominal);
        new Signal { PhiRadians = 0.5 }.Run(core, 3);
        return core.Save();
    });

    private static MetrologyCore Worked()
    {
        MetrologyCore core = new(Calibration.Nominal);
        core.Restore(Metered.Value);
        return core;
    }

    // Everything that the reading functions say, identity aside.
    private static string Told(ProtectiveInterface door)
    {
        var text = new StringBuilder();
        byte[] answer = new byte[256];
        foreach (LegalFunction f in new[] { LegalFunction.Energies, LegalFunction.Quantities, LegalFunction.Parameters, LegalFunction.Faults })
        {
            Assert.Equal(LegalResult.Accepted, door.Call((ushort)f, [], answer, out int written));
            text.Append(Convert.ToHexString(answer, 0, written));
        }

        return text.ToString();
    }

    private static LegalEventKind[] Log(ProtectiveInterface door)
    {
        List<LegalEventKind> kinds = [];
        byte[] number = new byte[4], answer = new byte[20];
        for (int n = 0; ; n++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(number, n);
            if (door.Call((ushort)LegalFunction.Event, number, answer, out _) != LegalResult.Accepted) return [.. kinds];
            kinds.Add((LegalEventKind)BinaryPrimitives.ReadInt32LittleEndian(answer.AsSpan(4)));
        }
    }

    private static string Render()
    {
        var page = new StringBuilder("""
            # The protective interface

            The legally relevant part of the meter (`Latchkey.Metrology`) is reached by numbered functions and by nothing else. This is all of them, with all that
            they do; the page is generated from the table in the code, and a test fails when the two differ. Numbers and lengths are octets, little-endian.

            | number | function | arguments | answer | changes |
            |---|---|---|---|---|

            """);
        foreach (LegalFunctionRow r in LegalFunctionRow.All)
            page.Append(System.Globalization.CultureInfo.InvariantCulture, $"| {(ushort)r.Function} | {r.Function} | {r.ArgumentLength}: {r.Arguments} | {r.AnswerLength}: {r.Answer} | {r.Effect} |\n");
        page.Append("""

            A call is judged in this order: 1 the function exists, 2 lengths are those of the table, 3 the seal is open where the function changes something,
            4 the parameter block reads (length, layout, CRC-32C, range) and its change counter is one more than that in force, 5 the entry exists. The first that
            fails is the result; a call that is not accepted changes nothing but, for a closed seal, the event log, in which a refusal that repeats takes one place.

            The event log of this part holds 128 entries; no function clears it. Its first entry says that it begins.

            """);
        return page.ToString().ReplaceLineEndings("\n");
    }
}
