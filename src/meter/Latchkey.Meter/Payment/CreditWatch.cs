using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Payment.Accounts;

namespace Latchkey.Meter.Payment;

/// <summary>Watches how low the credit is, by amount and by days left, and reminds once.</summary>
internal sealed class CreditWatch(MeterContext context, SupplyControl supply, AccountDesk account)
{
    /// <summary>Shown when nothing was used that a forecast could rest on.</summary>
    public const int UnknownDays = 9_999;
    private const int SecondsPerDay = 86_400;
    private const int WindowDays = 7;
    private const int Marks = 8;
    private long _remindUntilMs = -1;

    public CreditLevel Level { get; private set; }

    /// <summary>Days left at the average of the last seven days of running: 9999 when nothing was used, 0 when nothing is left.</summary>
    public int DaysLeft
    {
        get
        {
            long own = account.Position.Own;
            if (own <= 0) return 0;
            AccountBook book = context.State.Book;
            long day = book[AccountLine.Day];
            int days = (int)Math.Min(day, WindowDays);
            long used = days == 0 ? 0 : Mark(book, day) - Mark(book, day - days);
            return used <= 0 ? UnknownDays : (int)Int128.Min(UnknownDays, (Int128)own * days / used);
        }
    }

    /// <summary>At the end of each day of running: its mark. Running time, since no clock may be needed for it.</summary>
    public void FollowDay()
    {
        long day = context.UptimeSeconds / SecondsPerDay;
        if (day <= context.State.Book[AccountLine.Day]) return;
        long consumed = context.ConsumedQuanta;
        long skippedFrom = Math.Max(context.State.Book[AccountLine.Day] + 1, day - WindowDays);
        account.Post(draft =>
        {
            draft[AccountLine.Day] = day;
            for (long d = skippedFrom; d <= day; d++) draft[(AccountLine)((int)AccountLine.FirstDayMark + (int)(d % Marks))] = consumed;
        });
    }

    /// <summary>The level from the credit as it is.</summary>
    public void Follow()
    {
        CreditLevel level = Judge();
        bool worse = level > Level;
        bool isFirstAlarm = Level == CreditLevel.Normal && level is CreditLevel.Low or CreditLevel.VeryLow;
        Level = level;
        if (worse) context.Log(EventCode.CreditLevelChanged, (long)level);
        if (level == CreditLevel.Normal && context.State.Book[AccountLine.Reminded] != 0) account.Post(draft => draft[AccountLine.Reminded] = 0);
        if (isFirstAlarm) Remind();
        bool isOver = _remindUntilMs >= 0 && context.Now.MonotonicMs >= _remindUntilMs;
        if (!isOver) return;
        _remindUntilMs = -1;
        supply.SetReason(OffReasons.Reminder, holds: false);
    }

    private CreditLevel Judge()
    {
        long perMilli = context.Account.QuantaPerMilli;
        CreditLevel byAmount = CreditAlarm.Next(
            Level, account.Position.Own, context.State.Parameters.LowCredit1Wh * perMilli, context.State.Parameters.LowCredit2Wh * perMilli);
        if (byAmount == CreditLevel.Out) return byAmount;
        CreditLevel byDays = ByDays();
        return byDays > byAmount ? byDays : byAmount;
    }

    // A level is left only when a day more than its threshold is left, so that a forecast at the edge tells once.
    private CreditLevel ByDays()
    {
        (int first, int second) = (context.State.Parameters.LowCreditDays1, context.State.Parameters.LowCreditDays2);
        if (first == 0 && second == 0) return CreditLevel.Normal;
        int days = DaysLeft;
        if (second > 0 && days <= second + (Level >= CreditLevel.VeryLow ? 1 : 0)) return CreditLevel.VeryLow;
        return first > 0 && days <= first + (Level >= CreditLevel.Low ? 1 : 0) ? CreditLevel.Low : CreditLevel.Normal;
    }

    private void Remind()
    {
        int seconds = context.State.Parameters.RemindTripSeconds;
        if (seconds == 0 || context.State.Book[AccountLine.Reminded] != 0 || context.State.Parameters.Force == ForceMode.On || !supply.Decision.WantsClosed) return;
        // First that it has been done, then the deed: a cut in between reminds no second time.
        if (!account.Post(draft => draft[AccountLine.Reminded] = 1)) return;
        _remindUntilMs = context.Now.MonotonicMs + (seconds * 1_000L);
        context.Log(EventCode.ReminderTrip, DaysLeft);
        supply.SetReason(OffReasons.Reminder, holds: true);
    }

    private static long Mark(AccountBook book, long day) => book[(byte)((int)AccountLine.FirstDayMark + (int)(day % Marks))];
}
