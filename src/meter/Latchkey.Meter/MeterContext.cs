using System.Globalization;
using Latchkey.Meter.Events;
using Latchkey.Meter.Journal;
using Latchkey.Meter.Payment;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Meter.State;
using Latchkey.Metrology;
using Latchkey.ModuleLink.Messages;
using Latchkey.Sts;

namespace Latchkey.Meter;

/// <summary>What the parts of the core share: the durable state, the registers, the time, the logs.</summary>
internal sealed class MeterContext(MeterIdentity identity, MeasuringUnit metrology, MeterJournal journal, EventLog general, EventLog fraud)
{
    private static readonly Lazy<uint> Image = new(() => uint.Parse(MetrologyIdentity.Hash.AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
    /// <summary>Half a second without a voltage zero is no piece of a wave but a dead line.</summary>
    private const int LongestPieceSamples = RawSample.RateHz / 2;
    private readonly MetrologyRegisters[] _phases = new MetrologyRegisters[metrology.Phases];
    private long _uptimeAtStart;

    /// <summary>The first four bytes of the hash of the metrology image, for the display.</summary>
    public static uint CoreImageId => Image.Value;

    public MeterProfile Profile => identity.Profile;

    public MeterPan Pan => identity.Pan;

    public EncryptionAlgorithm Algorithm => identity.Algorithm;

    public MeasuringUnit Metrology => metrology;

    public MeterJournal Journal => journal;

    public DurableState State => journal.State;

    public EventLog General => general;

    public EventLog Fraud => fraud;

    public MeterTime Now { get; set; }

    /// <summary>
    /// The registers to show: energies of this instant, voltage, current and power of the last frame of whole cycles.
    /// A frame that was cut short measures energy exactly, but its mean values are those of a piece of a wave.
    /// </summary>
    public MetrologyRegisters Shown { get; private set; }

    /// <summary>True while the last frame brought an impulse of the verification output.</summary>
    public bool PulsedLately { get; private set; }

    /// <summary>What was consumed on credit since manufacture, and the energies counted apart.</summary>
    public RunningTotals Running { get; set; }

    /// <summary>Import up to which consumption has been charged, µWh: a frame behind the register while the frame is being judged.</summary>
    public long ChargedImport { get; set; }

    public long ConsumedQuanta => Running.Consumed;

    /// <summary>The account as it is set up.</summary>
    public AccountSettings Account { get; set; } = AccountSettings.Plain(0, 0);

    public AccountPosition Position => new(Account, State.Book, Running.Consumed);

    /// <summary>The time of day, as far as it may be trusted for what happens once at a date.</summary>
    public ClockGuard Clock { get; } = new();

    /// <summary>Seconds the meter has run since manufacture: what orders events and times out key changes, whatever the clock does.</summary>
    public long UptimeSeconds => _uptimeAtStart + (Now.MonotonicMs / 1_000);

    public DateTimeOffset UptimeInstant => DateTimeOffset.UnixEpoch.AddSeconds(UptimeSeconds);

    public CreditTotals Totals => new(State.GrantedQuanta, ConsumedQuanta, State.ForfeitedQuanta, State.ChargedQuanta) { Unit = Account.Unit };

    /// <summary>Books a frame.</summary>
    public void Book(in PolyphaseFrame frame)
    {
        long impulses = metrology.Registers.Impulses;
        metrology.ApplyFrame(frame);
        MetrologyRegisters now = metrology.Registers;
        PulsedLately = now.Impulses != impulses;
        bool isWhole = frame.L1.Cycles > 0 || frame.L1.Samples >= LongestPieceSamples;
        if (isWhole) ShowPhases();
        Shown = isWhole ? now : Shown with
        {
            ActiveImport = now.ActiveImport,
            ActiveExport = now.ActiveExport,
            Reactive1 = now.Reactive1,
            Reactive2 = now.Reactive2,
            Reactive3 = now.Reactive3,
            Reactive4 = now.Reactive4,
            SampleCount = now.SampleCount,
            FrameCount = now.FrameCount,
            Impulses = now.Impulses,
        };
    }

    /// <summary>Voltage, current and power of the phases, of the last frame of whole cycles.</summary>
    public ReadOnlySpan<MetrologyRegisters> ShownPhases => _phases;

    private void ShowPhases()
    {
        for (int i = 0; i < _phases.Length; i++) _phases[i] = metrology.Phase(i);
    }

    /// <summary>Takes over registers that were just restored.</summary>
    public void ShowRestored() => Shown = metrology.Registers;

    public void StartAt(long uptimeSeconds) => _uptimeAtStart = uptimeSeconds;

    /// <summary>Sets a parameter for somebody who was let in; durable when it returns true.</summary>
    public bool TrySet(MeterParameter parameter, long value)
    {
        if (ParameterRules.Apply(State, parameter, value) is null) return false;
        if (!journal.TryCommit(new MeterTransaction.ParameterChanged(parameter, value, State.Incoming))) return false;
        Log(EventCode.ParameterSet, (long)parameter);
        return true;
    }

    public void Log(EventCode code, long detail = 0) => general.Add(code, Now.ClockSeconds, UptimeSeconds, detail);

    public void LogFraud(EventCode code, long detail = 0) => fraud.Add(code, Now.ClockSeconds, UptimeSeconds, detail);
}
