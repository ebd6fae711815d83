using System.Collections.Immutable;
using Latchkey.Meter.Events;
using Latchkey.Meter.Journal;
using Latchkey.Meter.State;

namespace Latchkey.Meter.Payment.Accounts;

/// <summary>Runs the account: takes what was consumed, collects what is due, and makes every movement one durable record.</summary>
internal sealed class AccountDesk(MeterContext context, BlockStore blocks)
{
    private const long QuantaPerWh = 1_000_000;
    private (BlockReference Block, int Limit, int Threshold)? _loaded;
    private bool _saturationTold;

    public AccountPosition Position => context.Position;

    /// <summary>True when the block of the account cannot be read: nothing may be sold or used by rules that nobody set.</summary>
    public bool IsUnreadable { get; private set; }

    private long Now => context.UptimeSeconds;

    public void Start(in RunningTotals saved)
    {
        context.Running = saved.AtLeast(context.State.Book[AccountLine.ConsumedMark]);
        Load();
    }

    /// <summary>Follows the settings: those of the block, or the plain account with the emergency credit of the parameters.</summary>
    public void Load()
    {
        BlockReference block = context.State.Blocks[(int)BlockKind.Account];
        var wanted = (block, context.State.Parameters.EmergencyLimitWh, context.State.Parameters.EmergencyThresholdWh);
        if (_loaded == wanted) return;
        _loaded = wanted;
        if (block.IsNone)
        {
            context.Account = AccountSettings.Plain(wanted.EmergencyLimitWh * QuantaPerWh, wanted.EmergencyThresholdWh * QuantaPerWh);
            return;
        }

        IsUnreadable = blocks.Read(block) is not { } bytes || AccountCodec.TryRead(bytes, out AccountSettings settings) != AccountFault.None || !Adopt(settings);
    }

    private bool Adopt(AccountSettings settings)
    {
        context.Account = settings;
        return true;
    }

    /// <summary>Charges what was imported, to the last carry, and goes over to the next credit where one ends.</summary>
    public void OnImport(long microwattHours, int rate)
    {
        if (microwattHours > 0) Charge(microwattHours, rate);
        if (Position is { } position && position.Foremost() != position.InUse) Post(draft => draft.Spill());
    }

    /// <summary>What is due by time: charges, gifts, prices that come into force, credits that nobody has to ask for.</summary>
    public void OnTime(CollectionRules present, int localMonth)
    {
        if (Position.Status != AccountStatus.Active) return;
        AccountSettings account = context.Account;
        for (int i = 0; i < account.Charges.Length; i++)
        {
            ChargeSettings charge = account.Charges[i];
            if (charge.Priority == 0) continue;
            if (charge.Kind == ChargeKind.Time) CollectDue(i, charge, present);
            if (charge.Kind == ChargeKind.Consumption && charge.Reset != BlockReset.Never) FollowMonth(localMonth);
            bool isDue = charge.Passive is not null && charge.ActivationClockSeconds > 0 && context.Clock.Trusted >= charge.ActivationClockSeconds;
            if (isDue && context.State.Book.Charge(i, ChargeLine.PassiveIsActive) == 0) ActivatePassive(i);
        }

        for (int i = 0; i < account.Credits.Length; i++) Offer(i, account.Credits[i], localMonth);
    }

    /// <summary>Posts a change as one record; false when the memory does not take it.</summary>
    public bool Post(Action<BookDraft> change)
    {
        var draft = new BookDraft(Position);
        change(draft);
        return Commit(draft.Lines());
    }

    /// <summary>What a top-up changes, for the record of the token that brings it.</summary>
    public ImmutableArray<BookLine> LinesOf(Action<BookDraft> change)
    {
        var draft = new BookDraft(Position);
        change(draft);
        return draft.Lines();
    }

    public void TopUp(BookDraft draft, long quanta)
    {
        if (quanta >= 0) draft.TopUp(quanta, Now, context.Now.ClockSeconds);
        else draft.Adjust(AccountSettings.TokenCredit, quanta);
    }

    public bool Commit(ImmutableArray<BookLine> lines) => lines.IsEmpty || context.Journal.TryCommit(new MeterTransaction.Posted(lines));

    public AccountAnswer ActivatePassive(int charge)
    {
        if (charge < 0 || charge >= context.Account.Charges.Length) return AccountAnswer.Unknown;
        if (context.Account.Charges[charge].Passive is null) return AccountAnswer.NotNow;
        if (!Post(draft => draft.Set(charge, ChargeLine.PassiveIsActive, 1))) return AccountAnswer.StorageFailure;
        context.Log(EventCode.PricesChanged, charge);
        return AccountAnswer.Done;
    }

    public AccountAnswer Collect(int charge)
    {
        if (charge < 0 || charge >= context.Account.Charges.Length) return AccountAnswer.Unknown;
        if (context.Account.Charges[charge].Kind == ChargeKind.Consumption) return AccountAnswer.Unknown;
        return Post(draft => draft.Collect(charge, AmountOf(charge), Now, context.Now.ClockSeconds)) ? AccountAnswer.Done : AccountAnswer.StorageFailure;
    }

    public AccountAnswer Invoke(int credit)
    {
        if (credit < 0 || credit >= context.Account.Credits.Length) return AccountAnswer.Unknown;
        if (!Position.IsOffered(credit)) return AccountAnswer.NotNow;
        long lent = context.Account.Credits[credit].Kind == CreditKind.Emergency ? context.Account.Credits[credit].Preset : 1;
        if (!Post(draft => draft.Set(credit, CreditLine.Invoked, lent))) return AccountAnswer.StorageFailure;
        context.Log(EventCode.CreditInvoked, credit);
        return AccountAnswer.Done;
    }

    /// <summary>Tells once when an amount is beyond what 32 bits in the account's scale can show.</summary>
    public void WatchRange()
    {
        bool saturates = false;
        for (int i = 0; i < context.Account.Credits.Length; i++) saturates |= AccountScale.Saturates(Position.Amount(i), context.Account);
        if (saturates && !_saturationTold) context.Log(EventCode.AmountSaturated);
        _saturationTold = saturates;
    }

    private long AmountOf(int charge) =>
        context.Account.Charges[charge].PricesBy(context.State.Book.Charge(charge, ChargeLine.PassiveIsActive)).Amount;

    private void Charge(long microwattHours, int rate)
    {
        RunningTotals running = context.Running;
        int slot = 0;
        for (int i = 0; i < context.Account.Charges.Length; i++)
        {
            ChargeSettings charge = context.Account.Charges[i];
            if (charge.Kind != ChargeKind.Consumption) continue;
            (long paid, long carry) = running.Charge(slot);
            Int128 cost = charge.Priority == 0 ? carry : Cost(i, charge, microwattHours, rate) + carry;
            running = running.WithCharge(slot++, paid + (long)(cost / UnitCharge.CarryUnit), (long)(cost % UnitCharge.CarryUnit));
        }

        context.Running = running;
    }

    private Int128 Cost(int index, ChargeSettings charge, long microwattHours, int rate)
    {
        UnitCharge prices = charge.PricesBy(context.State.Book.Charge(index, ChargeLine.PassiveIsActive));
        if (prices.Steps == 1) return prices.Cost(microwattHours, rate, 0);
        // The energy was just booked: it lies before the register's present state.
        long counted = context.Metrology.Registers.ActiveImport - microwattHours - Base(charge.Reset);
        Int128 cost = 0;
        while (microwattHours > 0)
        {
            (int step, long left) = prices.StepAt(Math.Max(0, counted));
            long part = Math.Min(microwattHours, left);
            cost += prices.Cost(part, rate, step);
            (counted, microwattHours) = (counted + part, microwattHours - part);
        }

        return cost;
    }

    private long Base(BlockReset reset) => reset switch
    {
        BlockReset.Month => context.State.Book[AccountLine.BlockMonthBase],
        BlockReset.Year => context.State.Book[AccountLine.BlockYearBase],
        _ => 0,
    };

    private void FollowMonth(int localMonth)
    {
        long known = context.State.Book[AccountLine.BlockMonth];
        if (localMonth == 0 || known == localMonth) return;
        long import = context.Metrology.Registers.ActiveImport;
        Post(draft =>
        {
            draft[AccountLine.BlockMonth] = localMonth;
            draft[AccountLine.BlockMonthBase] = import;
            if (known / 12 != localMonth / 12) draft[AccountLine.BlockYearBase] = import;
        });
    }

    private void CollectDue(int index, ChargeSettings charge, CollectionRules present)
    {
        long last = context.State.Book.Charge(index, ChargeLine.CollectedAt);
        long periods = (Now - last) / charge.PeriodSeconds;
        if (periods <= 0) return;
        bool linked = charge.Credits == 0 || (charge.Credits & (1 << Position.InUse)) != 0;
        bool runsOut = !charge.IsContinuous && context.State.Book.Charge(index, ChargeLine.Remaining) == 0;
        bool collects = linked && !runsOut && (present & ~charge.Rules) == CollectionRules.None;
        if (runsOut) return;
        long at = last + (periods * charge.PeriodSeconds);
        // Time in which it may not be collected is not made up for.
        Int128 amount = collects ? (Int128)AmountOf(index) * periods : 0;
        Post(draft => draft.Collect(index, (long)Int128.Min(amount, long.MaxValue / 4), at, context.Now.ClockSeconds));
    }

    private void Offer(int index, CreditSettings credit, int localMonth)
    {
        if (credit.Priority == 0) return;
        switch (credit.Kind)
        {
            case CreditKind.Time:
                long now = credit.Period == 0 ? localMonth : Now / credit.Period;
                bool due = now != 0 && now != context.State.Book.Credit(index, CreditLine.GivenAt);
                if (due) Post(draft => draft.Give(index, now));
                break;
            case CreditKind.Consumption:
                long steps = context.Metrology.Registers.ActiveImport / (credit.Period * QuantaPerWh);
                if (steps > context.State.Book.Credit(index, CreditLine.GivenAt)) Post(draft => draft.Give(index, steps));
                break;
            case CreditKind.Emergency or CreditKind.Reserved when !credit.Asks && Position.IsOffered(index):
                Invoke(index);
                break;
        }
    }
}
