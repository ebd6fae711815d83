using ControlState = Latchkey.Dlms.Cosem.ControlState;
using Latchkey.Meter;
using Latchkey.Meter.Control;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Meter.Payment.Calendars;
using Latchkey.Meter.State;
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

    /// <summary>30 kWh at 3 kW, but for what is consumed before and the minute in which it ends.</summary>
    private const int MinutesOfCredit = 598;
    private static readonly TornWrite[] Models = Enum.GetValues<TornWrite>();
    private readonly TestMint _mint = new();
    private readonly MemoryNvmImage _torn = new();
    private readonly MemoryNvmImage _start = new();
    private readonly MemoryNvmImage _again = new();
    private readonly string _transaction;
    private readonly MemoryNvmImage _before;
    private readonly Action<BareMeter> _act;
    private readonly Essence _from;
    private readonly Essence _to;
    private readonly long _consumed;
    private readonly long _consumedAfter;
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
        _consumedAfter = run.Totals.ConsumedQuanta;
    }

    public static IReadOnlyList<string> Transactions { get; } =
    [
        "credit token", "clear tamper", "clear credit", "power limit", "key change", "tamper found", "relay command", "parameter",
        "emergency credit", "checkpoint", "snapshot", "money token", "charge collection", "credit used up", "debt", "account", "prices",
        "calendar", "calendar in force", "moving out", "forced supply",
    ];

    /// <summary>Steps at which the transaction can be cut.</summary>
    public long Steps { get; }

    /// <summary>Cuts made in the transaction and, after it, in the recovery.</summary>
    public (long First, long Second) Points { get; private set; }

    /// <summary>Whether the transaction changes anything that is compared.</summary>
    public bool Changes => _from != _to;

    /// <summary>What was found that must not be; empty is right.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Runs the trial: every first cut, and of every n-th the recovery cut at every m-th step.</summary>
    public void Run(int recoveryOfEvery, int recoveryStep)
    {
        foreach (TornWrite model in Models)
        {
            for (long cut = 0; cut < Steps; cut++)
            {
                Cut(model, cut, out bool acknowledged, out EepromModel memory);
                Points = (Points.First + 1, Points.Second);
                // The recovery writes too, so the second cuts start from their own copy.
                bool cutsAgain = cut % recoveryOfEvery == 0;
                if (cutsAgain) _torn.CopyTo(_start);
                Check(_torn, memory, acknowledged, model, cut);
                if (cutsAgain) CutRecovery(model, cut, recoveryStep);
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
            case "money token" or "charge collection" or "debt" or "prices" or "moving out": BecomeMoney(meter); break;
            case "credit used up":
                meter.Receive(new MeterMessage.ParameterSet(1, MeterParameter.EmergencyLimit, 1_000), counter: 1);
                meter.Receive(new MeterMessage.ParameterSet(2, MeterParameter.EmergencyThreshold, 50_000), counter: 2);
                meter.Keys("071#");
                for (int i = 0; i < MinutesOfCredit; i++) meter.Consume(3_000, seconds: 60);
                break;
            case "calendar in force": meter.Core.SetCalendar(LifeAccounts.Rates, future: true, 7, meter.Time, out _); break;
        }
    }

    // The energy that was bought is given up first: what is in an account keeps it from becoming another.
    private static void BecomeMoney(BareMeter meter)
    {
        meter.Core.CloseAccount(meter.Time);
        meter.Core.SetAccount(LifeAccounts.Money, 3, meter.Time, out _);
        meter.Core.ActivateAccount(meter.Time);
        meter.Core.SetTotalRemaining(LifeAccounts.Debt, 500 * LifeAccounts.Unit, meter.Time);
        meter.Core.UpdateCredit(AccountSettings.TokenCredit, 7 * LifeAccounts.Unit, meter.Time);
        meter.Consume(3_000);
        if (meter.Core.Account is not { Settings.Unit: AccountUnit.Currency, Status: AccountStatus.Active, Available: > 0 }) throw new InvalidOperationException("The account was not taken.");
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
            "money token" => [_mint.Money(2_500, out _)],
            _ => [_mint.Credit(12_300)],
        };
        return transaction switch
        {
            "checkpoint" => meter => meter.Core.OnPowerFailing(meter.Time),
            "tamper found" => OpenCover,
            "relay command" => meter => meter.Receive(new MeterMessage.RelayCommand(1, RelayAction.Disconnect), counter: 5),
            "parameter" => meter => meter.Receive(new MeterMessage.ParameterSet(1, MeterParameter.LoadLimitWatts, 4_000), counter: 5),
            "emergency credit" => meter => meter.Keys("071#"),
            "charge collection" => meter => meter.Core.CollectCharge(LifeAccounts.StandingCharge, meter.Time),
            "credit used up" => meter =>
            {
                for (int i = 0; i < 3; i++) meter.Consume(3_000, seconds: 60);
            },
            "debt" => meter => meter.Core.SetTotalRemaining(LifeAccounts.Debt, 900 * LifeAccounts.Unit, meter.Time),
            "account" => meter => meter.Core.SetAccount(WithStandingCharge(), 9, meter.Time, out _),
            "prices" => meter => meter.Core.UpdateUnitCharge(0, UnitCharge.Flat(42, -2, 3), 0, meter.Time),
            "calendar" => meter => meter.Core.SetCalendar(LifeAccounts.Rates, future: false, 8, meter.Time, out _),
            "calendar in force" => meter => meter.Core.ActivateFutureCalendar(meter.Time),
            "moving out" => meter => meter.Core.CloseAccount(meter.Time),
            "forced supply" => meter => meter.Receive(new MeterMessage.ParameterSet(1, MeterParameter.ForceSupply, 1), counter: 5),
            "snapshot" => meter =>
            {
                meter.Wait(LongestLockOutMs);
                Array.ForEach(tokens, meter.Type);
            },
            _ => meter => Array.ForEach(tokens, meter.Type),
        };
    }

    private static AccountSettings WithStandingCharge()
    {
        AccountSettings plain = AccountSettings.Plain(0, 0);
        return plain with { Charges = plain.Charges.Add(new ChargeSettings(ChargeKind.Time, 2) { PeriodSeconds = 86_400, Configuration = ChargeConfiguration.Continuous }) };
    }

    private TokenNumber[] KeyChange()
    {
        using var next = new TestMint(keySeed: 77);
        return _mint.KeyChangeTo(next);
    }

    // Wrong tokens write the lock-out count, one record each. The bank must be full when two more starts have been recorded.
    private static void FillLogBank(BareMeter meter)
    {
        const int StartsToCome = 2;
        using var other = new TestMint(keySeed: 200);
        var earlier = new Queue<MemoryNvmImage>();
        for (int i = 0; i < 1_000; i++)
        {
            earlier.Enqueue(meter.Image.Copy());
            if (earlier.Count > StartsToCome + 1) earlier.Dequeue();
            int bank = meter.Core.LogBank;
            meter.Type(other.Credit(100));
            meter.Wait(LongestLockOutMs);
            if (meter.Core.LogBank == bank) continue;
            earlier.Peek().Cells.CopyTo(meter.Image.Cells);
            return;
        }

        throw new InvalidOperationException("The log never filled its bank.");
    }

    private void Cut(TornWrite model, long cut, out bool acknowledged, out EepromModel memory)
    {
        _before.CopyTo(_torn);
        using BareMeter meter = Start(_torn, seed: unchecked((ulong)((cut * 5) + (int)model)));
        meter.Memory.CutAfter(cut, model);
        if (BareMeter.Survives(() => _act(meter))) Failures.Add($"{_transaction}, {model} at {cut}: was not cut");
        acknowledged = meter.Core.Snapshot.LastToken is { Status: TokenStatus.Accepted };
        memory = meter.Memory;
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
        if (meter.Totals.ConsumedQuanta is var consumed && (consumed < _consumed || consumed > _consumedAfter)) Failures.Add($"{where}: {consumed} consumed, not {_consumed}");

        // Started once more, everything must read the same: what was shown after a recovery is solid.
        meter.Boot();
        if (found != Essence.Of(meter.Core)) Failures.Add($"{where} changed at the next start");
    }

    private void CutRecovery(TornWrite model, long cut, int step)
    {
        _start.CopyTo(_again);
        long steps;
        using (BareMeter count = Start(_again, seed: 5)) steps = count.Memory.Steps;
        for (long again = 0; again < steps; again += step)
        {
            Points = (Points.First, Points.Second + 1);
            _start.CopyTo(_again);
            var memory = new EepromModel(_again, unchecked((ulong)again));
            memory.CutAfter(again, model);
            using var meter = new BareMeter(_mint, _again, seed: 5, memory);
            meter.Tamper.Latched = _latched;
            if (BareMeter.Survives(meter.Boot)) continue;
            Check(_again, memory, acknowledged: false, model, cut);
        }
    }

    /// <summary>What must be as before or as after, and nothing else.</summary>
    private sealed record Essence(
        AccountBook Book, MeterParameters Parameters, TamperInputs Tamper, ControlState Control, OffReasons Reasons, string Account, string Calendar, int Tokens)
    {
        public static Essence Of(MeterCore core)
        {
            DurableState state = core.State;
            return new Essence(
                state.Book, state.Parameters, state.Tamper, state.Supply.State, state.Supply.AllReasons,
                Convert.ToHexString(AccountCodec.Write(core.Account.Settings)),
                Convert.ToHexString(CalendarCodec.Write(core.Calendar)) + (core.FutureCalendar is null ? string.Empty : " and another"), state.LastTokens.Length);
        }

        public override string ToString() =>
            $"{Book[AccountLine.Granted]} granted, {Book[AccountLine.Forfeited]} forfeited, tamper {Tamper}, {Control} for {Reasons}, {Tokens} tokens, {Book.GetHashCode():X8}";
    }
}
