using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Journal;
using Latchkey.Meter.State;

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
    private const ulong LongestSpreadMs = 600_000;
    private long _savedAtMs;
    private long _friendlyUntilMs;

    public CreditLevel Level { get; private set; }

    public LimiterSettings LimiterSettings { get; init; } = new();

    public LoadLimiter Limiter { get; private set; } = LoadLimiter.Idle;

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
        Limit();
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

    /// <summary>The customer says that the load is reduced: the limiter lets the supply come back.</summary>
    public void ReleaseLimiter()
    {
        Limiter = LoadLimiter.Idle;
        supply.SetReason(OffReasons.Overload, holds: false);
    }

    private void Limit()
    {
        int limit = context.State.Parameters.LoadLimitWatts;
        if (limit == 0 && !Limiter.IsTripped) return;
        bool before = Limiter.IsTripped;
        Limiter = Limiter.After(context.Now.MonotonicMs, Math.Abs(context.Shown.ActiveMilliwatts) / 1_000, limit, LimiterSettings);
        if (Limiter.IsTripped == before) return;
        context.Log(Limiter.IsTripped ? EventCode.LimiterExceeded : EventCode.LimiterOk, Limiter.Trips);
        supply.SetReason(OffReasons.Overload, Limiter.IsTripped);
    }

    /// <summary>The customer asks for emergency credit.</summary>
    public EmergencyAnswer AcceptEmergency()
    {
        EmergencyAnswer answer = EmergencyOffer();
        if (answer != EmergencyAnswer.Granted) return answer;
        if (!context.Journal.TryCommit(new MeterTransaction.EmergencyChanged(Active: true))) return EmergencyAnswer.NotReady;
        context.Log(EventCode.EmergencyAccepted, context.State.Parameters.EmergencyLimitWh);
        Settle();
        return answer;
    }

    /// <summary>What asking for emergency credit would be answered now.</summary>
    public EmergencyAnswer EmergencyOffer()
    {
        if (context.State.Parameters.EmergencyLimitWh == 0) return EmergencyAnswer.NotOffered;
        if (context.State.EmergencyActive) return EmergencyAnswer.AlreadyUsed;
        return context.Totals.BalanceQuanta < context.State.Parameters.EmergencyThresholdWh * QuantaPerWh ? EmergencyAnswer.Granted : EmergencyAnswer.NotNeeded;
    }

    /// <summary>After a credit: what was borrowed is repaid first, and may then be borrowed again.</summary>
    public void OnCredit()
    {
        if (context.State.EmergencyActive && context.Totals.BalanceQuanta >= 0)
            context.Journal.TryCommit(new MeterTransaction.EmergencyChanged(Active: false));
        Settle();
    }

    /// <summary>True while an empty credit does not switch off because of the hour or the day, and a little longer.</summary>
    public bool IsFriendly { get; private set; }

    /// <summary>Alarms and the credit reason, from the totals as they are.</summary>
    public void Settle()
    {
        long balance = context.Totals.BalanceQuanta;
        CreditLevel level = CreditAlarm.Next(
            Level, balance, context.State.Parameters.LowCredit1Wh * QuantaPerWh, context.State.Parameters.LowCredit2Wh * QuantaPerWh);
        bool worse = level > Level;
        Level = level;
        if (worse) context.Log(EventCode.CreditLevelChanged, (long)level);
        FollowFriendlyPeriod();
        long floor = context.State.EmergencyActive ? -context.State.Parameters.EmergencyLimitWh * QuantaPerWh : 0;
        bool exhausted = balance <= floor && !context.State.Parameters.IsPostpaid;
        // A friendly hour keeps the supply on; it does not bring it back.
        bool holds = exhausted && (!IsFriendly || (supply.Decision.Reasons & OffReasons.Credit) != OffReasons.None);
        supply.SetReason(OffReasons.Credit, holds);
    }

    // At the end of a friendly period a whole street would go dark at the same second, and come back at the same time.
    private void FollowFriendlyPeriod()
    {
        if (context.State.Parameters.Friendly.Covers(context.Now.ClockSeconds, context.State.Parameters.UtcOffsetMinutes))
        {
            IsFriendly = true;
            _friendlyUntilMs = context.Now.MonotonicMs + (long)(context.Pan.Value % LongestSpreadMs);
        }
        else if (IsFriendly && context.Now.MonotonicMs >= _friendlyUntilMs)
        {
            IsFriendly = false;
        }
    }
}
