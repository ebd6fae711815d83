using System.Collections.Immutable;
using Latchkey.Meter.Events;
using Latchkey.Meter.Journal;
using Latchkey.Meter.State;

namespace Latchkey.Meter.Payment.Accounts;

/// <summary>What a head-end may ask of the account: the methods of COSEM classes 111 to 113, and its settings. Who may ask is for the caller to judge.</summary>
internal sealed class AccountOffice(MeterContext context, AccountDesk desk, BlockStore blocks)
{
    private const long MaxAmount = CreditTotals.Capacity;
    private const long Largest = CreditTotals.Capacity;

    /// <summary>Account 111, method 1.</summary>
    public AccountAnswer Activate()
    {
        if (desk.Position.Status == AccountStatus.Active) return AccountAnswer.NotNow;
        return Done(EventCode.AccountActivated, 0, draft =>
        {
            draft[AccountLine.Status] = (long)AccountStatus.Active;
            draft[AccountLine.ActivatedClock] = context.Now.ClockSeconds;
            StartCharges(draft, context.Account);
        });
    }

    /// <summary>Account 111, method 2: the tenant moves out. What was left and what was owed is in the final figures, and is then nothing.</summary>
    public AccountAnswer Close() => desk.Position.Status == AccountStatus.Closed
        ? AccountAnswer.NotNow
        : Done(EventCode.AccountClosed, context.Totals.BalanceMilli, draft => draft.Close(context.Now.ClockSeconds));

    /// <summary>Account 111, method 3: as new, ready for other settings.</summary>
    public AccountAnswer Reset() => desk.Position.Status != AccountStatus.Closed
        ? AccountAnswer.NotNow
        : Done(EventCode.AccountReset, 0, draft => draft[AccountLine.Status] = (long)AccountStatus.New);

    /// <summary>Credit 112, method 1.</summary>
    public AccountAnswer UpdateCredit(int credit, long by)
    {
        if (!HasCredit(credit)) return AccountAnswer.Unknown;
        bool fits = by is > -MaxAmount and < MaxAmount && context.State.GrantedQuanta + by <= Largest;
        return fits ? Done(EventCode.CreditAdjusted, by / context.Account.QuantaPerMilli, draft => draft.Adjust(credit, by)) : AccountAnswer.OutOfRange;
    }

    /// <summary>Credit 112, method 2.</summary>
    public AccountAnswer SetCredit(int credit, long quanta) => !HasCredit(credit) ? AccountAnswer.Unknown
        : quanta is <= -MaxAmount or >= MaxAmount ? AccountAnswer.OutOfRange
        : UpdateCredit(credit, quanta - desk.Position.Amount(credit));

    /// <summary>Charge 113, method 1: new passive prices, and when they come into force; 0 for when <see cref="AccountDesk.ActivatePassive"/> is called.</summary>
    public AccountAnswer UpdateUnitCharge(int charge, UnitCharge prices, long activationClockSeconds)
    {
        if (!HasCharge(charge)) return AccountAnswer.Unknown;
        if (!prices.IsValid || activationClockSeconds < 0) return AccountAnswer.OutOfRange;
        ChargeSettings now = context.Account.Charges[charge];
        ChargeSettings next = now with
        {
            Active = now.PricesBy(context.State.Book.Charge(charge, ChargeLine.PassiveIsActive)),
            Passive = prices,
            ActivationClockSeconds = activationClockSeconds,
        };
        ushort version = unchecked((ushort)(context.State.Blocks[(int)BlockKind.Account].Version + 1));
        return Adopt(context.Account with { Charges = context.Account.Charges.SetItem(charge, next) }, version, keepsPassive: charge);
    }

    /// <summary>Charge 113, method 4.</summary>
    public AccountAnswer UpdateRemaining(int charge, long by) => HasCharge(charge)
        ? SetRemaining(charge, context.State.Book.Charge(charge, ChargeLine.Remaining) + Math.Clamp(by, -MaxAmount, MaxAmount))
        : AccountAnswer.Unknown;

    /// <summary>Charge 113, method 5.</summary>
    public AccountAnswer SetRemaining(int charge, long quanta)
    {
        if (!HasCharge(charge)) return AccountAnswer.Unknown;
        if (context.Account.Charges[charge].IsContinuous) return AccountAnswer.NotNow;
        if (quanta is < 0 or > MaxAmount) return AccountAnswer.OutOfRange;
        return Done(EventCode.DebtSet, quanta / context.Account.QuantaPerMilli, draft =>
        {
            // A debt that begins is collected from now on, not for the time before it.
            if (context.State.Book.Charge(charge, ChargeLine.Remaining) == 0) draft.Set(charge, ChargeLine.CollectedAt, context.UptimeSeconds);
            draft.Set(charge, ChargeLine.Remaining, quanta);
        });
    }

    /// <summary>Gives the meter an account: checked, written, and in force by one record.</summary>
    public AccountFault Set(AccountSettings settings, ushort version, out AccountAnswer answer)
    {
        answer = AccountAnswer.OutOfRange;
        AccountFault fault = AccountRules.Check(settings);
        if (fault == AccountFault.None && !Fits(settings)) fault = AccountFault.AccountInUse;
        if (fault != AccountFault.None) return fault;
        answer = Adopt(settings, version, keepsPassive: -1);
        return AccountFault.None;
    }

    private AccountAnswer Adopt(AccountSettings settings, ushort version, int keepsPassive)
    {
        if (context.Journal.IsBroken) return AccountAnswer.StorageFailure;
        if (!blocks.TryWrite(context.State.Blocks.AsSpan(), version, AccountCodec.Write(settings), out BlockReference block)) return AccountAnswer.StorageFailure;
        ImmutableArray<BookLine> lines = desk.LinesOf(draft =>
        {
            for (int i = 0; i < AccountSettings.MaxCharges; i++)
            {
                if (keepsPassive < 0 || i == keepsPassive) draft.Set(i, ChargeLine.PassiveIsActive, 0);
            }

            if (keepsPassive < 0) StartCharges(draft, settings);
        });
        if (!context.Journal.TryCommit(new MeterTransaction.BlockAdopted(BlockKind.Account, block, lines))) return AccountAnswer.StorageFailure;
        context.Log(EventCode.BlockAdopted, ((long)BlockKind.Account << 16) | version);
        desk.Load();
        return AccountAnswer.Done;
    }

    // Time charges that were not there before begin now.
    private void StartCharges(BookDraft draft, AccountSettings settings)
    {
        for (int i = 0; i < settings.Charges.Length; i++)
        {
            bool runs = desk.Position.Status == AccountStatus.Active && i < context.Account.Charges.Length && context.Account.Charges[i].Kind == ChargeKind.Time
                && context.State.Book.Charge(i, ChargeLine.CollectedAt) > 0;
            if (settings.Charges[i].Kind == ChargeKind.Time && !runs) draft.Set(i, ChargeLine.CollectedAt, context.UptimeSeconds);
        }
    }

    /// <summary>What is in the credits must still have its place, and be of the same unit.</summary>
    private bool Fits(AccountSettings settings)
    {
        AccountPosition position = desk.Position;
        for (int i = 0; i < context.Account.Credits.Length; i++)
        {
            bool stays = settings.Unit == context.Account.Unit && i < settings.Credits.Length && settings.Credits[i].Kind == context.Account.Credits[i].Kind;
            if (!stays && (position.Net(i) != 0 || position.IsInvoked(i))) return false;
        }

        for (int i = 0; i < context.Account.Charges.Length; i++)
        {
            bool stays = settings.Unit == context.Account.Unit && i < settings.Charges.Length && settings.Charges[i].Kind == context.Account.Charges[i].Kind;
            if (!stays && context.State.Book.Charge(i, ChargeLine.Remaining) != 0) return false;
        }

        return true;
    }

    private AccountAnswer Done(EventCode told, long detail, Action<BookDraft> change)
    {
        if (!desk.Post(change)) return AccountAnswer.StorageFailure;
        context.Log(told, detail);
        return AccountAnswer.Done;
    }

    private bool HasCredit(int index) => index >= 0 && index < context.Account.Credits.Length;

    private bool HasCharge(int index) => index >= 0 && index < context.Account.Charges.Length;
}
