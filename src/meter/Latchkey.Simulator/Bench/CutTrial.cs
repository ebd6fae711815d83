using ControlState = Latchkey.Dlms.Cosem.ControlState;
using Latchkey.Meter;
using Latchkey.Meter.Control;
using Latchkey.Meter.Hal;
using Latchkey.ModuleLink.Messages;
using Latchkey.Simulator.Memory;
using Latchkey.Sts;

namespace Latchkey.Simulator.Bench;

/// <summary>
/// Cuts the power at every step of every write of one kind of transaction, under every model of a torn page, and again inside the recovery.
/// What is found must be the state before or the state after, never another; what was shown as accepted must be there.
/// </summary>
internal sealed class CutTrial : IDisposable
{
    private const int LongestLockOutMs = 1_280_000;
    private static readonly TornWrite[] Models = Enum.GetValues<TornWrite>();
    private readonly TestMint _mint = new();
    private readonly string _transaction;
    private readonly MemoryNvmImage _before;
    private readonly Action<BareMeter> _act;
    private readonly Essence _from;
    private readonly Essence _to;
    private readonly long _consumed;
    private readonly TamperInputs _latched;

    public CutTrial(string transaction)
    {
        _transaction = transaction;
        var image = new MemoryNvmImage();
        using var meter = new BareMeter(_mint, image, seed: 1);
        Prepare(meter);
        meter.Boot();
        _act = ActionOf(transaction);
        _before = image.Copy();
        _from = Essence.Of(meter.Core);
        _consumed = meter.Totals.ConsumedQuanta;
        _latched = meter.Tamper.Latched;

        // The steps of the action on a running meter; each cut starts from a running meter too.
        using var run = Start(_before.Copy(), seed: 1);
        long booted = run.Memory.Steps;
        _act(run);
        Steps = run.Memory.Steps - booted;
        _to = Essence.Of(run.Core);
    }

    public static IReadOnlyList<string> Transactions { get; } =
    [
        "credit token", "clear tamper", "clear credit", "power limit", "key change", "tamper found", "relay command", "parameter",
        "emergency credit", "checkpoint", "snapshot",
    ];

    /// <summary>Steps at which the transaction can be cut.</summary>
    public long Steps { get; }

    /// <summary>Cuts made in the transaction and, after it, in the recovery.</summary>
    public (long First, long Second) Points { get; private set; }

    /// <summary>What was found that must not be; empty is right.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Runs the trial: every first cut, and of every n-th the recovery cut at every m-th step.</summary>
    public void Run(int recoveryOfEvery, int recoveryStep)
    {
        foreach (TornWrite model in Models)
        {
            for (long cut = 0; cut < Steps; cut++)
            {
                MemoryNvmImage torn = Cut(model, cut, out bool acknowledged, out EepromModel memory);
                Points = (Points.First + 1, Points.Second);
                // The recovery writes too, so the second cuts start from their own copy.
                MemoryNvmImage start = torn.Copy();
                Check(torn, memory, acknowledged, model, cut);
                if (cut % recoveryOfEvery == 0) CutRecovery(start, model, cut, recoveryStep);
            }
        }
    }

    /// <summary>Looks at a memory as if it had been left by a cut; for showing that this trial can fail.</summary>
    public void CheckAcknowledged(MemoryNvmImage image) => Check(image, new EepromModel(image), acknowledged: true, TornWrite.Clean, 0);

    /// <summary>A memory in which the transaction never happened.</summary>
    public MemoryNvmImage Before => _before.Copy();

    public void Dispose() => _mint.Dispose();

    private BareMeter Start(MemoryNvmImage image, ulong seed, EepromModel? memory = null)
    {
        var meter = new BareMeter(_mint, image, seed, memory);
        meter.Tamper.Latched = _latched;
        meter.Boot();
        return meter;
    }

    private void Prepare(BareMeter meter)
    {
        meter.Manufacture();
        meter.Boot();
        meter.Type(_mint.Credit(30_000));
        for (int i = 0; i < 40; i++) meter.Consume(3_000);
        switch (_transaction)
        {
            case "clear tamper":
                OpenCover(meter);
                meter.Tamper.Now = TamperInputs.None;
                meter.Wait(2_000);
                meter.Wait(2_000);
                break;
            case "emergency credit":
                meter.Receive(new MeterMessage.ParameterSet(1, MeterParameter.EmergencyLimit, 1_000), counter: 1);
                meter.Receive(new MeterMessage.ParameterSet(2, MeterParameter.EmergencyThreshold, 50_000), counter: 2);
                break;
            case "snapshot": FillLogBank(meter); break;
        }
    }

    private static void OpenCover(BareMeter meter)
    {
        meter.Tamper.Now = meter.Tamper.Latched = TamperInputs.MeterCover;
        meter.Wait(10);
        meter.Wait(200);
    }

    private Action<BareMeter> ActionOf(string transaction)
    {
        TokenNumber[] tokens = transaction switch
        {
            "clear tamper" => [_mint.ClearTamper()],
            "clear credit" => [_mint.ClearCredit()],
            "power limit" => [_mint.Management(ManagementSubClass.SetMaximumPowerLimit, 5_000)],
            "key change" => KeyChange(),
            _ => [_mint.Credit(12_300)],
        };
        return transaction switch
        {
            "checkpoint" => meter => meter.Core.OnPowerFailing(meter.Time),
            "tamper found" => OpenCover,
            "relay command" => meter => meter.Receive(new MeterMessage.RelayCommand(1, RelayAction.Disconnect), counter: 5),
            "parameter" => meter => meter.Receive(new MeterMessage.ParameterSet(1, MeterParameter.LoadLimitWatts, 4_000), counter: 5),
            "emergency credit" => meter => meter.Keys("071#"),
            "snapshot" => meter =>
            {
                meter.Wait(LongestLockOutMs);
                Array.ForEach(tokens, meter.Type);
            },
            _ => meter => Array.ForEach(tokens, meter.Type),
        };
    }

    private TokenNumber[] KeyChange()
    {
        using var next = new TestMint(keySeed: 77);
        return _mint.KeyChangeTo(next);
    }

    // Wrong tokens write the lock-out count, one record each. The bank must be full when two more starts have been recorded.
    private static void FillLogBank(BareMeter meter)
    {
        const int StartsToCome = 2, FoldPages = 8;
        using var other = new TestMint(keySeed: 200);
        var earlier = new Queue<MemoryNvmImage>();
        for (int i = 0; i < 1_000; i++)
        {
            earlier.Enqueue(meter.Image.Copy());
            if (earlier.Count > StartsToCome + 1) earlier.Dequeue();
            long before = meter.Memory.Programs;
            meter.Type(other.Credit(100));
            meter.Wait(LongestLockOutMs);
            if (meter.Memory.Programs - before <= FoldPages) continue;
            earlier.Peek().Cells.CopyTo(meter.Image.Cells);
            return;
        }

        throw new InvalidOperationException("The log never filled its bank.");
    }

    private MemoryNvmImage Cut(TornWrite model, long cut, out bool acknowledged, out EepromModel memory)
    {
        MemoryNvmImage image = _before.Copy();
        using BareMeter meter = Start(image, seed: unchecked((ulong)((cut * 5) + (int)model)));
        meter.Memory.CutAfter(cut, model);
        if (BareMeter.Survives(() => _act(meter))) Failures.Add($"{_transaction}, {model} at {cut}: was not cut");
        acknowledged = meter.Core.Snapshot.LastToken is { Status: TokenStatus.Accepted };
        memory = meter.Memory;
        return image;
    }

    private void Check(MemoryNvmImage image, EepromModel memory, bool acknowledged, TornWrite model, long cut)
    {
        memory.PowerOn();
        using BareMeter meter = Start(image, seed: 99, memory);
        Essence found = Essence.Of(meter.Core);
        string where = $"{_transaction}, {model} at {cut}: {found}";
        if (!meter.Core.Snapshot.IsStorageSound) Failures.Add($"{where}: the memory is not sound");
        if (found != _from && found != _to) Failures.Add($"{where} is neither {_from} nor {_to}");
        if (acknowledged && found != _to) Failures.Add($"{where} was shown as accepted and is gone");
        if (meter.Totals.ConsumedQuanta != _consumed) Failures.Add($"{where}: {meter.Totals.ConsumedQuanta} consumed, not {_consumed}");

        // Started once more, everything must read the same: what was shown after a recovery is solid.
        meter.Boot();
        if (found != Essence.Of(meter.Core)) Failures.Add($"{where} changed at the next start");
    }

    private void CutRecovery(MemoryNvmImage torn, TornWrite model, long cut, int step)
    {
        using BareMeter count = Start(torn.Copy(), seed: 5);
        for (long again = 0; again < count.Memory.Steps; again += step)
        {
            Points = (Points.First, Points.Second + 1);
            MemoryNvmImage image = torn.Copy();
            var memory = new EepromModel(image, unchecked((ulong)again));
            memory.CutAfter(again, model);
            using var meter = new BareMeter(_mint, image, seed: 5, memory);
            meter.Tamper.Latched = _latched;
            if (BareMeter.Survives(meter.Boot)) continue;
            Check(image, memory, acknowledged: false, model, cut);
        }
    }

    /// <summary>What must be as before or as after, and nothing else.</summary>
    private sealed record Essence(
        long Granted, long Forfeited, TamperInputs Tamper, ControlState Control, OffReasons Reasons, int Limit, bool Emergency, int Tokens)
    {
        public static Essence Of(MeterCore core)
        {
            MeterSnapshot s = core.Snapshot;
            return new Essence(
                s.Totals.GrantedQuanta, s.Totals.ForfeitedQuanta, s.TamperLatched, s.Supply.State, s.Supply.AllReasons, s.Parameters.LoadLimitWatts,
                s.EmergencyActive, s.AcceptedTokens.Length);
        }
    }
}
