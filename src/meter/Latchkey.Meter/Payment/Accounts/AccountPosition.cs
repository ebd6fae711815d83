namespace Latchkey.Meter.Payment.Accounts;

/// <summary>What account, credits and charges are at one instant: computed, never stored.</summary>
/// <param name="Settings">How the account is set up.</param>
/// <param name="Book">What is durable of it.</param>
/// <param name="Consumed">What consumption charges have taken in all, quanta.</param>
public readonly record struct AccountPosition(AccountSettings Settings, AccountBook Book, long Consumed)
{
    public int InUse => (int)Math.Clamp(Book[AccountLine.InUse], 0, Settings.Credits.Length - 1);

    public AccountStatus Status => Book[AccountLine.Status] == 0 ? AccountStatus.Active : (AccountStatus)Book[AccountLine.Status];

    /// <summary>What consumption has taken from the credit in use since its lines were last written.</summary>
    public long Live => Consumed - Book[AccountLine.ConsumedMark];

    /// <summary>What was put in less what was taken out.</summary>
    public long Net(int credit) =>
        Book.Credit(credit, CreditLine.Added) - Book.Credit(credit, CreditLine.Taken) - (credit == InUse ? Live : 0);

    /// <summary>current_credit_amount: what was lent counts too.</summary>
    public long Amount(int credit) => Net(credit) + Lent(credit);

    public bool IsInvoked(int credit) => Book.Credit(credit, CreditLine.Invoked) != 0;

    /// <summary>True when consumption and charges may draw on it.</summary>
    public bool IsUsable(int credit)
    {
        CreditSettings settings = Settings.Credits[credit];
        if (settings.Priority == 0 || Book.Credit(credit, CreditLine.Exhausted) != 0) return false;
        bool isSelected = settings.Kind == CreditKind.Emergency || settings.Asks ? IsInvoked(credit) : true;
        return isSelected && Amount(credit) > settings.Limit;
    }

    /// <summary>The credit that should be in use: of the usable ones the first in priority; the token credit owes when there is none.</summary>
    public int Foremost()
    {
        int best = -1;
        for (int i = 0; i < Settings.Credits.Length; i++)
        {
            if (IsUsable(i) && (best < 0 || Settings.Credits[i].Priority < Settings.Credits[best].Priority)) best = i;
        }

        return best < 0 ? AccountSettings.TokenCredit : best;
    }

    public bool HasUsable
    {
        get
        {
            for (int i = 0; i < Settings.Credits.Length; i++)
            {
                if (IsUsable(i)) return true;
            }

            return false;
        }
    }

    /// <summary>available_credit: the positive amounts of the credits that may be drawn on.</summary>
    public long Available => Sum(p => p.Position.IsUsable(p.Credit) ? Math.Max(0, p.Position.Amount(p.Credit)) : 0);

    /// <summary>What is the customer's own: without what was lent, and without what is put by.</summary>
    public long Own => Sum(p => p.Position.Settings.Credits[p.Credit] is { Kind: CreditKind.Reserved } && !p.Position.IsInvoked(p.Credit) ? 0 : p.Position.Net(p.Credit));

    /// <summary>amount_to_clear, 0 or below: what must be paid before the supply returns.</summary>
    public long AmountToClear
    {
        get
        {
            if (HasUsable && Available > Settings.ClearanceThreshold) return 0;
            return -Settings.ClearanceThreshold + Sum(p => Math.Min(0, p.Position.Net(p.Credit)));
        }
    }

    /// <summary>aggregated_debt, 0 or below: what charges that end have still to collect.</summary>
    public long AggregatedDebt
    {
        get
        {
            long debt = 0;
            for (int i = 0; i < Settings.Charges.Length; i++) debt -= Settings.Charges[i].IsContinuous ? 0 : Book.Charge(i, ChargeLine.Remaining);
            return debt;
        }
    }

    public CreditStatus StatusOf(int credit)
    {
        CreditSettings settings = Settings.Credits[credit];
        if (settings.Priority == 0) return CreditStatus.Enabled;
        bool waits = settings.Kind == CreditKind.Emergency || settings.Asks;
        if (waits && !IsInvoked(credit)) return IsOffered(credit) ? CreditStatus.Selectable : CreditStatus.Enabled;
        if (!IsUsable(credit)) return CreditStatus.Exhausted;
        return credit == InUse ? CreditStatus.InUse : CreditStatus.Selected;
    }

    /// <summary>True while a credit that is not invoked may be: the account's credit is below its threshold and it has something to give.</summary>
    public bool IsOffered(int credit)
    {
        CreditSettings settings = Settings.Credits[credit];
        bool hasSome = settings.Kind == CreditKind.Emergency ? settings.Preset > 0 : Net(credit) > settings.Limit;
        return settings.Priority > 0 && !IsInvoked(credit) && hasSome && Own < settings.AvailableThreshold;
    }

    /// <summary>current_credit_status.</summary>
    public AccountCreditStatus CurrentStatus(long lowThreshold)
    {
        AccountCreditStatus status = HasUsable ? AccountCreditStatus.InCredit : AccountCreditStatus.OutOfCredit;
        if (Available < lowThreshold) status |= AccountCreditStatus.LowCredit;
        if (InUse != AccountSettings.TokenCredit && Settings.Credits[InUse].Asks) status |= AccountCreditStatus.SelectableCreditInUse;
        for (int i = 0; i < Settings.Credits.Length; i++)
        {
            if (i == InUse) continue;
            status |= StatusOf(i) switch
            {
                CreditStatus.Enabled when Settings.Credits[i].Priority > 0 => AccountCreditStatus.NextCreditEnabled,
                CreditStatus.Selectable => AccountCreditStatus.NextCreditSelectable,
                CreditStatus.Selected => AccountCreditStatus.NextCreditSelected,
                _ => AccountCreditStatus.None,
            };
        }

        return status;
    }

    private long Lent(int credit) => Settings.Credits[credit].Kind == CreditKind.Emergency ? Book.Credit(credit, CreditLine.Invoked) : 0;

    private long Sum(Func<(AccountPosition Position, int Credit), long> of)
    {
        long sum = 0;
        for (int i = 0; i < Settings.Credits.Length; i++) sum += of((this, i));
        return sum;
    }
}
