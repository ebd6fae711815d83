using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Journal;

namespace Latchkey.Meter.Payment;

/// <summary>Takes what was metered off the credit, raises the alarms, switches off at nothing, and saves the totals now and then.</summary>
internal sealed class PaymentDesk(MeterContext context, SupplyControl supply, CheckpointRing ring)
{
    private const long QuantaPerWh = 1_000_000;
    private const long SaveEveryQuanta = 10 * QuantaPerWh;
    private const int SaveEveryMs = 15 * 60_000;
    private const int SaveAtMostEveryMs = 10_000;
    private long _meteredQuanta;
    private long _savedQuanta;
    private long _savedAtMs;

    public CreditLevel Level { get; private set; }

    public void Start(in Checkpoint recovered)
    {
        context.ConsumedQuanta = recovered.ConsumedQuanta;
        _meteredQuanta = context.Metrology.Registers.ActiveImport;
        _savedQuanta = context.ConsumedQuanta;
        _savedAtMs = context.Now.MonotonicMs;
        Settle();
    }

    /// <summary>After every frame that metrology has booked.</summary>
    public void OnFrame()
    {
        long metered = context.Metrology.Registers.ActiveImport;
        context.ConsumedQuanta += metered - _meteredQuanta;
        _meteredQuanta = metered;
        Settle();

        long idleMs = context.Now.MonotonicMs - _savedAtMs;
        bool due = context.ConsumedQuanta - _savedQuanta >= SaveEveryQuanta ? idleMs >= SaveAtMostEveryMs : idleMs >= SaveEveryMs;
        if (due) Save();
    }

    /// <summary>Makes the running totals durable; into one half only when power is failing and time is short.</summary>
    public bool Save(bool both = true)
    {
        _savedQuanta = context.ConsumedQuanta;
        _savedAtMs = context.Now.MonotonicMs;
        return ring.TryWrite(new Checkpoint(context.Metrology.Save(), context.ConsumedQuanta, context.Now.ClockSeconds, context.UptimeSeconds), both);
    }

    /// <summary>Alarms and the credit reason, from the totals as they are.</summary>
    public void Settle()
    {
        long balance = context.Totals.BalanceQuanta;
        CreditLevel level = CreditAlarm.Next(
            Level, balance, context.State.Parameters.LowCredit1Wh * QuantaPerWh, context.State.Parameters.LowCredit2Wh * QuantaPerWh);
        bool worse = level > Level;
        Level = level;
        if (worse) context.Log(EventCode.CreditLevelChanged, (long)level);
        supply.SetReason(OffReasons.Credit, level == CreditLevel.Out);
    }
}
