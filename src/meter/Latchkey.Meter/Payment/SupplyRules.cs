using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Meter.Payment.Calendars;

namespace Latchkey.Meter.Payment;

/// <summary>What holds the supply off beside tampers and the head-end: credit, limits, timetable, force, commissioning.</summary>
internal sealed class SupplyRules(MeterContext context, SupplyControl supply, AccountDesk account, CalendarDesk calendar)
{
    /// <summary>What a forced supply does not care for.</summary>
    private const OffReasons Overridable =
        OffReasons.Credit | OffReasons.Overload | OffReasons.MalignantLoad | OffReasons.Timetable | OffReasons.Reminder | OffReasons.Armed | OffReasons.Forced;

    /// <summary>Reasons that a start of the meter forgets: what they watched is over.</summary>
    private const OffReasons Passing = OffReasons.Overload | OffReasons.MalignantLoad | OffReasons.Reminder | OffReasons.Test;
    private const ulong LongestSpreadMs = 600_000;
    private long _friendlyUntilMs;
    private ForceMode _seenForce;
    private bool _seenDecommissioned;

    public LoadLimiter Limiter { get; private set; } = LoadLimiter.Idle;

    public MalignantLoad Malignant { get; private set; } = MalignantLoad.Idle;

    /// <summary>True while an empty credit does not switch off because of the hour or the day, and a little longer.</summary>
    public bool IsFriendly { get; private set; }

    /// <summary>The limit that holds in place of the usual one during an emergency; null for none.</summary>
    public int? EmergencyLimitWatts { get; set; }

    /// <summary>The patience that an interface object was given in place of the parameters' own; null for none.</summary>
    public LimiterSettings? Patience { get; set; }

    /// <summary>True while only a friendly period keeps the supply on.</summary>
    public bool LivesOnFriendship => IsFriendly && !account.Position.HasUsable && supply.Decision.WantsClosed;

    /// <summary>What a time charge must be permitted for now.</summary>
    public CollectionRules Present =>
        (supply.Decision.WantsClosed ? CollectionRules.None : CollectionRules.WhenDisconnected)
        | (Limiter.IsTripped ? CollectionRules.WhenLimiting : CollectionRules.None)
        | (LivesOnFriendship ? CollectionRules.WhenFriendly : CollectionRules.None);

    public void Start(bool isFirstStart)
    {
        (_seenForce, _seenDecommissioned) = (context.State.Parameters.Force, context.State.Parameters.IsDecommissioned);
        supply.SetReason(Passing, holds: false);
        if (context.State.Parameters.ArmsAfterOutage && !isFirstStart) supply.SetReason(OffReasons.Armed, holds: true);
    }

    /// <summary>After a frame: what flowed.</summary>
    public void OnFrame()
    {
        long watts = Math.Abs(context.Shown.ActiveMilliwatts) / 1_000;
        Limit(watts);
        bool before = Malignant.IsTripped;
        long step = watts - Malignant.WattsBefore;
        Malignant = Malignant.After(context.Now.MonotonicMs, watts, context.Shown.ReactiveMillivars / 1_000, context.State.Parameters.Malignant);
        if (Malignant.IsTripped == before) return;
        context.Log(Malignant.IsTripped ? EventCode.MalignantLoadFound : EventCode.MalignantLoadGone, step);
        Want(OffReasons.MalignantLoad, Malignant.IsTripped);
    }

    /// <summary>The customer says that the load is reduced, or that the supply may come back.</summary>
    public void Release()
    {
        Limiter = LoadLimiter.Idle;
        Malignant = MalignantLoad.Idle;
        supply.SetReason(OffReasons.Overload | OffReasons.MalignantLoad, holds: false);
    }

    /// <summary>Somebody at the meter wants the supply that waits for it. False when nothing waits, or something else stands against it.</summary>
    public bool Rearm()
    {
        if ((supply.Decision.Reasons & OffReasons.Armed) == OffReasons.None) return false;
        context.Log(EventCode.ReleasedByHand);
        supply.SetReason(OffReasons.Armed, holds: false);
        return supply.Decision.WantsClosed;
    }

    /// <summary>The reasons, from everything as it is now.</summary>
    public void Follow()
    {
        FollowFriendlyPeriod();
        State.MeterParameters parameters = context.State.Parameters;
        Tell(parameters);
        AccountPosition position = account.Position;
        bool isOff = (supply.Decision.Reasons & OffReasons.Credit) != OffReasons.None;
        bool exhausted = !position.HasUsable || (isOff && position.Settings.ClearanceThreshold > 0 && position.Available <= position.Settings.ClearanceThreshold);
        // A friendly hour keeps the supply on; it does not bring it back.
        bool holds = exhausted && !parameters.IsPostpaid && (!IsFriendly || isOff);
        // Two records: between them the supply is off, which is the safe side.
        if (isOff && !holds && parameters.ReconnectsByHand) Want(OffReasons.Armed, holds: true);
        Want(OffReasons.Credit, holds);
        Want(OffReasons.Timetable, calendar.Moment.IsSupplyOff);
        Want(OffReasons.Forced, parameters.Force == ForceMode.Off);
        if (parameters.Force == ForceMode.On) supply.SetReason(Overridable, holds: false);
        supply.SetReason(OffReasons.NotActive, parameters.IsDecommissioned || position.Status != AccountStatus.Active);
        supply.SetReason(OffReasons.StorageFault, account.IsUnreadable);
    }

    private void Want(OffReasons reason, bool holds) => supply.SetReason(reason, holds && (context.State.Parameters.Force != ForceMode.On || (reason & Overridable) == OffReasons.None));

    private void Limit(long watts)
    {
        int limit = EmergencyLimitWatts ?? context.State.Parameters.LoadLimitWatts;
        if (limit == 0 && !Limiter.IsTripped) return;
        bool before = Limiter.IsTripped;
        Limiter = context.State.Parameters.CountsOverload ? LoadLimiter.Idle : Limiter.After(context.Now.MonotonicMs, watts, limit, Patience ?? context.State.Parameters.Limiter);
        if (Limiter.IsTripped == before) return;
        context.Log(Limiter.IsTripped ? EventCode.LimiterExceeded : EventCode.LimiterOk, Limiter.Trips);
        Want(OffReasons.Overload, Limiter.IsTripped);
    }

    private void Tell(in State.MeterParameters parameters)
    {
        if (parameters.Force != _seenForce) context.Log(EventCode.SupplyForced, (long)parameters.Force);
        if (parameters.IsDecommissioned != _seenDecommissioned) context.Log(parameters.IsDecommissioned ? EventCode.Decommissioned : EventCode.Commissioned);
        (_seenForce, _seenDecommissioned) = (parameters.Force, parameters.IsDecommissioned);
    }

    // At the end of a friendly period a whole street would go dark at the same second, and come back at the same time.
    private void FollowFriendlyPeriod()
    {
        bool covers = calendar.Moment.IsFriendly
            || context.State.Parameters.Friendly.Covers(context.Clock.Trusted, context.State.Parameters.UtcOffsetMinutes);
        if (covers)
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
