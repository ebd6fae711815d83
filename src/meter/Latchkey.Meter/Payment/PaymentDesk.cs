using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Journal;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Meter.Payment.Calendars;
using Latchkey.Meter.Payment.Freezes;

namespace Latchkey.Meter.Payment;

/// <summary>Leads what was metered through prices, account, alarms and supply rules, and saves the totals now and then.</summary>
internal sealed class PaymentDesk(
    MeterContext context, CheckpointRing ring, AccountDesk account, CalendarDesk calendar, FreezeDesk freezes, CreditWatch watch, SupplyRules rules)
{
    private const long SaveEveryQuanta = 10_000_000;
    private const int SaveEveryMs = 15 * 60_000;
    private const int SaveAtMostEveryMs = 10_000;
    private const int LookEveryMs = 1_000;
    private long _savedMeteredQuanta;
    private long _savedAtMs;
    private long _lookedAtMs;

    public CreditLevel Level => watch.Level;

    public int DaysLeft => watch.DaysLeft;

    public SupplyRules Rules => rules;

    public bool IsFriendly => rules.IsFriendly;

    public LoadLimiter Limiter => rules.Limiter;

    public CalendarMoment Moment => calendar.Moment;

    public void Start(in Checkpoint recovered, bool isFirstStart)
    {
        context.Clock.Start(context.Now, recovered.ClockSeconds);
        account.Start(recovered.Running);
        calendar.Follow();
        rules.Start(isFirstStart);
        context.ChargedImport = context.Metrology.Registers.ActiveImport;
        _savedMeteredQuanta = context.ChargedImport;
        _savedAtMs = context.Now.MonotonicMs;
        _lookedAtMs = context.Now.MonotonicMs;
        Settle();
    }

    /// <summary>After every frame that metrology has booked.</summary>
    public void OnFrame()
    {
        Look();
        long metered = context.Metrology.Registers.ActiveImport;
        if (metered != context.ChargedImport) Import(metered - context.ChargedImport);
        context.ChargedImport = metered;
        rules.OnFrame();
        Settle();

        long idleMs = context.Now.MonotonicMs - _savedAtMs;
        bool due = metered - _savedMeteredQuanta >= SaveEveryQuanta ? idleMs >= SaveAtMostEveryMs : idleMs >= SaveEveryMs;
        if (due) Save();
    }

    /// <summary>Lets time pass: what is due by clock or by running time.</summary>
    public void Tick()
    {
        if (context.Now.MonotonicMs - _lookedAtMs < LookEveryMs) return;
        Look();
        Settle();
    }

    /// <summary>Makes the running totals durable; into one half only when power is failing and time is short.</summary>
    public bool Save(bool both = true)
    {
        _savedMeteredQuanta = context.ChargedImport;
        _savedAtMs = context.Now.MonotonicMs;
        return ring.TryWrite(new Checkpoint(context.Metrology.Save(), context.Running, context.Now.ClockSeconds, context.UptimeSeconds), both);
    }

    /// <summary>The customer asks for emergency credit, or for the overdraft that a second credit of the kind is.</summary>
    public EmergencyAnswer AcceptEmergency(int which = 0)
    {
        EmergencyAnswer answer = EmergencyOffer(which);
        if (answer != EmergencyAnswer.Granted) return answer;
        int credit = Emergency(which);
        if (account.Invoke(credit) != AccountAnswer.Done) return EmergencyAnswer.NotReady;
        context.Log(EventCode.EmergencyAccepted, context.Account.Credits[credit].Preset / context.Account.QuantaPerMilli);
        Settle();
        return answer;
    }

    /// <summary>What asking for emergency credit would be answered now.</summary>
    public EmergencyAnswer EmergencyOffer(int which = 0)
    {
        int credit = Emergency(which);
        if (credit < 0) return EmergencyAnswer.NotOffered;
        if (account.Position.IsInvoked(credit)) return EmergencyAnswer.AlreadyUsed;
        return account.Position.IsOffered(credit) ? EmergencyAnswer.Granted : EmergencyAnswer.NotNeeded;
    }

    /// <summary>True from the customer's acceptance of emergency credit until it is repaid.</summary>
    public bool IsEmergencyActive => Emergency(0) is var credit and >= 0 && account.Position.IsInvoked(credit);

    /// <summary>Alarms and reasons, from the account as it is.</summary>
    public void Settle()
    {
        account.Load();
        watch.Follow();
        rules.Follow();
    }

    private void Look()
    {
        _lookedAtMs = context.Now.MonotonicMs;
        context.Clock.Follow(context.Now);
        if (context.Clock.Jumped) context.Log(EventCode.ClockJumped);
        calendar.Follow();
        watch.FollowDay();
        freezes.Follow();
        account.OnTime(rules.Present, calendar.LocalMonth);
    }

    private void Import(long microwattHours)
    {
        int rate = calendar.Moment.Rate;
        RunningTotals running = context.Running;
        running = running.WithRate(rate, running.Rate(rate) + microwattHours);
        int limit = context.State.Parameters.LoadLimitWatts;
        if (limit > 0 && context.Shown.ActiveMilliwatts / 1_000 > limit) running = running with { Overload = running.Overload + microwattHours };
        if (rules.LivesOnFriendship) running = running with { Friendly = running.Friendly + microwattHours };
        context.Running = running;
        account.OnImport(microwattHours, rate);
    }

    private int Emergency(int which)
    {
        for (int i = 0; i < context.Account.Credits.Length; i++)
        {
            if (context.Account.Credits[i] is { Kind: CreditKind.Emergency, Priority: > 0 } && which-- == 0) return i;
        }

        return -1;
    }
}
