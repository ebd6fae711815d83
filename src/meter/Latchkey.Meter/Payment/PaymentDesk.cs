using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Journal;
using Latchkey.Meter.Payment.Accounts;

namespace Latchkey.Meter.Payment;

/// <summary>Takes what was metered off the credit, raises the alarms, switches off at nothing, and saves the totals now and then.</summary>
internal sealed class PaymentDesk(MeterContext context, SupplyControl supply, CheckpointRing ring, AccountDesk account)
{
    private const long SaveEveryQuanta = 10_000_000;
    private const int SaveEveryMs = 15 * 60_000;
    private const int SaveAtMostEveryMs = 10_000;
    private long _meteredQuanta;
    private long _savedMeteredQuanta;
    private const ulong LongestSpreadMs = 600_000;
    private long _savedAtMs;
    private long _friendlyUntilMs;

    public CreditLevel Level { get; private set; }

    public LimiterSettings LimiterSettings { get; init; } = new();

    public LoadLimiter Limiter { get; private set; } = LoadLimiter.Idle;

    public void Start(in Checkpoint recovered)
    {
        account.Start(recovered.Running);
        _meteredQuanta = context.Metrology.Registers.ActiveImport;
        _savedMeteredQuanta = _meteredQuanta;
        _savedAtMs = context.Now.MonotonicMs;
        Settle();
    }

    /// <summary>After every frame that metrology has booked.</summary>
    public void OnFrame()
    {
        long metered = context.Metrology.Registers.ActiveImport;
        account.OnImport(metered - _meteredQuanta, rate: 0);
        _meteredQuanta = metered;
        Limit();
        Settle();

        long idleMs = context.Now.MonotonicMs - _savedAtMs;
        bool due = metered - _savedMeteredQuanta >= SaveEveryQuanta ? idleMs >= SaveAtMostEveryMs : idleMs >= SaveEveryMs;
        if (due) Save();
    }

    /// <summary>Makes the running totals durable; into one half only when power is failing and time is short.</summary>
    public bool Save(bool both = true)
    {
        _savedMeteredQuanta = _meteredQuanta;
        _savedAtMs = context.Now.MonotonicMs;
        return ring.TryWrite(new Checkpoint(context.Metrology.Save(), context.Running, context.Now.ClockSeconds, context.UptimeSeconds), both);
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
        int credit = Emergency();
        if (account.Invoke(credit) != AccountAnswer.Done) return EmergencyAnswer.NotReady;
        context.Log(EventCode.EmergencyAccepted, context.Account.Credits[credit].Preset / context.Account.QuantaPerMilli);
        Settle();
        return answer;
    }

    /// <summary>What asking for emergency credit would be answered now.</summary>
    public EmergencyAnswer EmergencyOffer()
    {
        int credit = Emergency();
        if (credit < 0) return EmergencyAnswer.NotOffered;
        if (account.Position.IsInvoked(credit)) return EmergencyAnswer.AlreadyUsed;
        return account.Position.IsOffered(credit) ? EmergencyAnswer.Granted : EmergencyAnswer.NotNeeded;
    }

    /// <summary>True from the customer's acceptance of emergency credit until it is repaid.</summary>
    public bool IsEmergencyActive => Emergency() is var credit and >= 0 && account.Position.IsInvoked(credit);

    private int Emergency()
    {
        for (int i = 0; i < context.Account.Credits.Length; i++)
        {
            if (context.Account.Credits[i] is { Kind: CreditKind.Emergency, Priority: > 0 }) return i;
        }

        return -1;
    }

    /// <summary>True while an empty credit does not switch off because of the hour or the day, and a little longer.</summary>
    public bool IsFriendly { get; private set; }

    /// <summary>Alarms and the credit reason, from the totals as they are.</summary>
    public void Settle()
    {
        account.Load();
        AccountPosition position = account.Position;
        long perMilli = position.Settings.QuantaPerMilli;
        CreditLevel level = CreditAlarm.Next(
            Level, position.Own, context.State.Parameters.LowCredit1Wh * perMilli, context.State.Parameters.LowCredit2Wh * perMilli);
        bool worse = level > Level;
        Level = level;
        if (worse) context.Log(EventCode.CreditLevelChanged, (long)level);
        FollowFriendlyPeriod();
        bool isOff = (supply.Decision.Reasons & OffReasons.Credit) != OffReasons.None;
        bool exhausted = (!position.HasUsable || (isOff && position.Available <= position.Settings.ClearanceThreshold)) && !context.State.Parameters.IsPostpaid;
        // A friendly hour keeps the supply on; it does not bring it back.
        supply.SetReason(OffReasons.Credit, exhausted && (!IsFriendly || isOff));
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
