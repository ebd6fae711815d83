using System.Diagnostics;
using Latchkey.Meter;
using Latchkey.Meter.Control;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Payment;
using Latchkey.ModuleLink.Messages;
using Latchkey.Simulator.Memory;
using Latchkey.Sts;

namespace Latchkey.Simulator.Tests;

/// <summary>
/// Power is cut at every step of every write of a transaction, under every model of a torn page, and then again at steps of the recovery.
/// What is found must be the state before or the state after, never another; what was shown as accepted must be there.
/// </summary>
public sealed class ExhaustiveCutTests(ITestOutputHelper output)
{
    private static readonly TornWrite[] Models = Enum.GetValues<TornWrite>();
    private const int LongestLockOutMs = 1_280_000;
    private static readonly bool Long = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1";

    public static TheoryData<string> Transactions => ["credit token", "clear tamper", "clear credit", "power limit", "key change", "tamper found", "relay command", "parameter", "emergency credit", "checkpoint", "snapshot"];

    /// <summary>What must be before or after, and nothing else.</summary>
    private sealed record Essence(long Granted, long Forfeited, TamperInputs Tamper, ControlState Control, OffReasons Reasons, int Limit, bool Emergency, int KeyRevision, int Tokens)
    {
        public static Essence Of(MeterCore core)
        {
            MeterSnapshot s = core.Snapshot;
            return new Essence(
                s.Totals.GrantedQuanta, s.Totals.ForfeitedQuanta, s.TamperLatched, s.Supply.State, s.Supply.AllReasons, s.Parameters.LoadLimitWatts, s.EmergencyActive,
                s.KeyRegister?.KeyRevision.Value ?? -1, s.AcceptedTokens.Length);
        }
    }

    [Theory, MemberData(nameof(Transactions))]
    public void PowerCut_AtEveryStep_LeavesBeforeOrAfter(string transaction)
    {
        long start = Stopwatch.GetTimestamp();
        using var mint = new TokenMint();
        Case test = Prepare(transaction, mint);
        long points = 0, second = 0;
        foreach (TornWrite model in Models)
        {
            for (long cut = 0; cut < test.Steps; cut++)
            {
                points++;
                MemoryNvmImage torn = Cut(test, model, cut, out bool acknowledged, out EepromModel memory);
                Check(test, torn, memory, acknowledged, model, cut);
                if (cut % (Long ? 9 : 37) == 0) second += CutRecoveryToo(test, torn, model, cut);
            }
        }

        output.WriteLine($"{transaction}: {test.Steps} steps x {Models.Length} models = {points} cuts, {second} more inside recovery, 0 failures, {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
        Assert.True(points > 100 && second > 0);
    }

    // A guard that cannot fail guards nothing: a memory that forgets must be noticed by this bench.
    [Fact]
    public void ALostRecord_IsNoticedByTheBench()
    {
        using var mint = new TokenMint();
        Case test = Prepare("credit token", mint);
        MemoryNvmImage image = test.Before.Copy();
        using var bench = new CutBench(mint, image, seed: 1);
        bench.Boot();
        test.Act(bench);
        // Erase what the token wrote, as a memory that forgets would.
        test.Before.Cells.CopyTo(image.Cells);
        Assert.ThrowsAny<Exception>(() => Check(test, image, new EepromModel(image), acknowledged: true, TornWrite.Clean, 0));
    }

    private sealed record Case(TokenMint Mint, MemoryNvmImage Before, Action<CutBench> Act, Func<CutBench, bool> Acknowledged, Essence From, Essence To, long Steps, long Consumed, TamperInputs Latched);

    private static Case Prepare(string transaction, TokenMint mint)
    {
        var image = new MemoryNvmImage();
        using var bench = new CutBench(mint, image, seed: 1);
        bench.Manufacture();
        bench.Boot();
        bench.Type(mint.Credit(30_000));
        for (int i = 0; i < 40; i++) bench.Consume(3_000);
        if (transaction == "clear tamper")
        {
            bench.Tamper.Now = bench.Tamper.Latched = TamperInputs.MeterCover;
            bench.Wait(10);
            bench.Wait(200);
            bench.Tamper.Now = TamperInputs.None;
            bench.Wait(2_000);
            bench.Wait(2_000);
        }

        if (transaction == "snapshot") FillLogBank(bench);
        if (transaction == "emergency credit")
        {
            bench.Receive(new MeterMessage.ParameterSet(1, MeterParameter.EmergencyLimit, 1_000), counter: 1);
            bench.Receive(new MeterMessage.ParameterSet(2, MeterParameter.EmergencyThreshold, 50_000), counter: 2);
        }

        bench.Boot();
        Action<CutBench> act = Action(transaction, mint);
        MemoryNvmImage before = image.Copy();
        Essence from = Essence.Of(bench.Core);
        long consumed = bench.Totals.ConsumedQuanta;

        // The steps of the action on a running meter; each cut starts from a running meter too.
        using var run = new CutBench(mint, before.Copy(), seed: 1);
        run.Tamper.Latched = bench.Tamper.Latched;
        run.Boot();
        long booted = run.Memory.Steps;
        act(run);
        return new Case(mint, before, act, Acknowledge(transaction), from, Essence.Of(run.Core), run.Memory.Steps - booted, consumed, bench.Tamper.Latched);
    }

    private static Action<CutBench> Action(string transaction, TokenMint mint)
    {
        TokenNumber[] tokens = transaction switch
        {
            "clear tamper" => [mint.ClearTamper()],
            "clear credit" => [mint.ClearCredit()],
            "power limit" => [mint.Management(ManagementSubClass.SetMaximumPowerLimit, 5_000)],
            "key change" => mint.KeyChangeTo(new TokenMint(keySeed: 77)),
            "credit token" or "snapshot" => [mint.Credit(12_300)],
            _ => [],
        };
        return transaction switch
        {
            "checkpoint" => bench => bench.Core.OnPowerFailing(bench.Time),
            "tamper found" => bench =>
            {
                bench.Tamper.Now = bench.Tamper.Latched = TamperInputs.MeterCover;
                bench.Wait(10);
                bench.Wait(200);
            },
            "relay command" => bench => bench.Receive(new MeterMessage.RelayCommand(1, RelayAction.Disconnect), counter: 5),
            "parameter" => bench => bench.Receive(new MeterMessage.ParameterSet(1, MeterParameter.LoadLimitWatts, 4_000), counter: 5),
            "emergency credit" => bench => bench.Keys("071#"),
            "snapshot" => bench =>
            {
                bench.Wait(LongestLockOutMs);
                Array.ForEach(tokens, bench.Type);
            },
            _ => bench => Array.ForEach(tokens, bench.Type),
        };
    }

    private static Func<CutBench, bool> Acknowledge(string transaction) => transaction switch
    {
        "checkpoint" or "tamper found" or "relay command" or "parameter" or "emergency credit" => _ => false,
        _ => bench => bench.Core.Snapshot.LastToken is { Status: TokenStatus.Accepted },
    };

    // Wrong tokens write the lock-out count, one record each. The bank must be full when two more starts have been recorded.
    private static void FillLogBank(CutBench bench)
    {
        const int StartsToCome = 2, FoldPages = 8;
        using var other = new TokenMint(keySeed: 200);
        var earlier = new Queue<MemoryNvmImage>();
        for (int i = 0; i < 1_000; i++)
        {
            earlier.Enqueue(bench.Image.Copy());
            if (earlier.Count > StartsToCome + 1) earlier.Dequeue();
            long before = bench.Memory.Programs;
            bench.Type(other.Credit(100));
            bench.Wait(LongestLockOutMs);
            if (bench.Memory.Programs - before <= FoldPages) continue;
            earlier.Peek().Cells.CopyTo(bench.Image.Cells);
            return;
        }

        throw new InvalidOperationException("The log never filled its bank.");
    }

    private static MemoryNvmImage Cut(Case test, TornWrite model, long cut, out bool acknowledged, out EepromModel memory)
    {
        MemoryNvmImage image = test.Before.Copy();
        using var bench = new CutBench(test.Mint, image, seed: unchecked((ulong)((cut * 5) + (int)model)));
        bench.Tamper.Latched = test.Latched;
        bench.Boot();
        bench.Memory.CutAfter(cut, model);
        bool finished = CutBench.Survives(() => test.Act(bench));
        Assert.False(finished);
        acknowledged = test.Acknowledged(bench);
        memory = bench.Memory;
        return image;
    }

    private static void Check(Case test, MemoryNvmImage image, EepromModel memory, bool acknowledged, TornWrite model, long cut)
    {
        memory.PowerOn();
        using var bench = new CutBench(test.Mint, image, seed: 99, memory);
        bench.Tamper.Latched = test.Latched;
        bench.Boot();
        Essence found = Essence.Of(bench.Core);
        string where = $"{model} at {cut}: {found}";
        Assert.True(bench.Core.Snapshot.IsStorageSound, where);
        Assert.True(found == test.From || found == test.To, $"{where} is neither {test.From} nor {test.To}");
        if (acknowledged) Assert.True(found == test.To, $"{where} was shown as accepted and is gone");
        Assert.Equal(test.Consumed, bench.Totals.ConsumedQuanta);

        // Started once more, everything must read the same: what was shown after a recovery is solid.
        bench.Boot();
        Assert.True(found == Essence.Of(bench.Core), $"{where} changed at the next start");
    }

    private static long CutRecoveryToo(Case test, MemoryNvmImage torn, TornWrite model, long cut)
    {
        long points = 0;
        MemoryNvmImage start = torn.Copy();
        using var count = new CutBench(test.Mint, start.Copy(), seed: 5);
        count.Tamper.Latched = test.Latched;
        count.Boot();
        for (long again = 0; again < count.Memory.Steps; again += Long ? 5 : 17)
        {
            points++;
            MemoryNvmImage image = start.Copy();
            var memory = new EepromModel(image, unchecked((ulong)again));
            using var bench = new CutBench(test.Mint, image, seed: 5, memory);
            bench.Tamper.Latched = test.Latched;
            memory.CutAfter(again, model);
            if (CutBench.Survives(bench.Boot)) continue;
            Check(test, image, memory, acknowledged: false, model, cut);
        }

        return points;
    }
}
