using System.Collections.Immutable;

namespace Latchkey.Meter.Payment.Accounts;

/// <summary>A change to the book in the making: money is moved here line by line, then all changed lines become one record.</summary>
/// <remarks>
/// Kept through every move: what was added to all credits is what was granted; what was taken from them is what was consumed, charged and forfeited.
/// </remarks>
internal sealed class BookDraft
{
    private const long Whole = 10_000;
    private readonly AccountBook _before;
    private readonly long[] _lines;
    private readonly AccountSettings _settings;
    private readonly long _consumed;

    public BookDraft(in AccountPosition position)
    {
        (_before, _settings, _consumed) = (position.Book, position.Settings, position.Consumed);
        _lines = [.. _before.AsSpan()];
        // What was consumed up to now goes to the lines of the credit in use, so that another may take its place.
        this[AccountBook.Number(position.InUse, CreditLine.Taken)] += position.Live;
        this[AccountLine.ConsumedMark] = _consumed;
    }

    public long this[AccountLine line]
    {
        get => _lines[(int)line];
        set => _lines[(int)line] = value;
    }

    /// <summary>The lines that changed.</summary>
    public ImmutableArray<BookLine> Lines()
    {
        this[AccountLine.InUse] = Position.Foremost();
        var changed = ImmutableArray.CreateBuilder<BookLine>();
        for (byte i = 0; i < _lines.Length; i++)
        {
            if (_lines[i] != _before[i]) changed.Add(new BookLine(i, _lines[i]));
        }

        return changed.ToImmutable();
    }

    public AccountPosition Position => new(_settings, AccountBook.Over(_lines), _consumed);

    private long this[byte line]
    {
        get => _lines[line];
        set => _lines[line] = value;
    }

    public void Set(int credit, CreditLine line, long value) => this[AccountBook.Number(credit, line)] = value;

    public void Set(int charge, ChargeLine line, long value) => this[AccountBook.Number(charge, line)] = value;

    /// <summary>Splits what passed the end of the credit in use off to those after it. Nothing is left undone: the token credit owes the rest.</summary>
    public void Spill()
    {
        for (int i = 0; i < _settings.Credits.Length; i++)
        {
            CreditSettings credit = _settings.Credits[i];
            long over = credit.Limit - Position.Amount(i);
            bool isSpent = over >= 0 && Position.IsInvoked(i);
            if (over > 0 && i != AccountSettings.TokenCredit)
            {
                this[AccountBook.Number(i, CreditLine.Taken)] -= over;
                Take(over);
            }
            else if (over > 0 && Position.HasUsable)
            {
                // What the token credit owed before stays owed; only what it was overdrawn by just now moves on.
                long moved = Math.Min(over, this[AccountBook.Number(i, CreditLine.Taken)] - _before.Credit(i, CreditLine.Taken));
                this[AccountBook.Number(i, CreditLine.Taken)] -= moved;
                Take(moved);
            }

            if (isSpent) Spend(i);
        }
    }

    /// <summary>Takes an amount from the credits in the order of their priority.</summary>
    public void Take(long amount)
    {
        while (amount > 0 && Position is { HasUsable: true } position)
        {
            int credit = position.Foremost();
            long taken = Math.Min(amount, position.Amount(credit) - _settings.Credits[credit].Limit);
            this[AccountBook.Number(credit, CreditLine.Taken)] += taken;
            amount -= taken;
            if (Position.Amount(credit) <= _settings.Credits[credit].Limit && Position.IsInvoked(credit)) Spend(credit);
        }

        this[AccountBook.Number(AccountSettings.TokenCredit, CreditLine.Taken)] += amount;
    }

    /// <summary>A top-up: payment charges take their share, what was borrowed is repaid, the rest is shared out to the credits.</summary>
    public void TopUp(long amount, long uptimeSeconds, long clockSeconds)
    {
        this[AccountLine.Granted] += amount;
        long rest = amount;
        foreach (int charge in ByPriority(ChargeKind.Payment)) rest -= Share(charge, amount, rest, uptimeSeconds, clockSeconds);
        // The shares pass through the token credit, so that what was granted can be followed.
        this[AccountBook.Number(AccountSettings.TokenCredit, CreditLine.Added)] += amount - rest;
        this[AccountBook.Number(AccountSettings.TokenCredit, CreditLine.Taken)] += amount - rest;
        for (int i = 0; i < _settings.Credits.Length; i++) rest -= Repay(i, rest);
        long toShare = rest;
        foreach (TokenShare share in _settings.TokenShares)
        {
            long part = (long)((Int128)toShare * share.Percent / 100);
            this[AccountBook.Number(share.Credit, CreditLine.Added)] += part;
            rest -= part;
        }

        this[AccountBook.Number(AccountSettings.TokenCredit, CreditLine.Added)] += rest;
    }

    /// <summary>Changes a credit from outside: what is put in was granted, what is taken out is forfeited.</summary>
    public void Adjust(int credit, long by)
    {
        if (by >= 0)
        {
            this[AccountLine.Granted] += by;
            this[AccountBook.Number(credit, CreditLine.Added)] += by;
        }
        else
        {
            this[AccountLine.Forfeited] -= by;
            this[AccountBook.Number(credit, CreditLine.Taken)] -= by;
        }

        Settle(credit);
    }

    /// <summary>Takes away everything that is left, what is owed stays.</summary>
    public void Clear()
    {
        for (int i = 0; i < _settings.Credits.Length; i++)
        {
            if (Position.Net(i) is var left and > 0) Adjust(i, -left);
        }
    }

    /// <summary>Brings every credit to nothing, what is owed included, and every debt: the figures before it are the final ones.</summary>
    public void Close(long clockSeconds)
    {
        for (int i = 0; i < _settings.Credits.Length; i++)
        {
            Adjust(i, -Position.Net(i));
            Set(i, CreditLine.Invoked, 0);
            Set(i, CreditLine.Exhausted, 0);
        }

        for (int i = 0; i < _settings.Charges.Length; i++) Set(i, ChargeLine.Remaining, 0);
        this[AccountLine.Status] = (long)AccountStatus.Closed;
        this[AccountLine.ClosedClock] = clockSeconds;
    }

    /// <summary>Gives a time or consumption credit anew; what was left of it expires.</summary>
    public void Give(int credit, long at)
    {
        if (Position.Net(credit) is var left and > 0) Adjust(credit, -left);
        Adjust(credit, _settings.Credits[credit].Preset);
        Set(credit, CreditLine.GivenAt, at);
    }

    /// <summary>Collects a time charge, or what remains of it.</summary>
    public void Collect(int charge, long amount, long uptimeSeconds, long clockSeconds)
    {
        long paid = Math.Min(amount, Collectable(charge));
        Take(paid);
        Book(charge, paid, clockSeconds);
        Set(charge, ChargeLine.CollectedAt, uptimeSeconds);
    }

    private long Collectable(int charge) => _settings.Charges[charge].IsContinuous ? long.MaxValue : this[AccountBook.Number(charge, ChargeLine.Remaining)];

    private void Book(int charge, long paid, long clockSeconds)
    {
        this[AccountBook.Number(charge, ChargeLine.Paid)] += paid;
        if (!_settings.Charges[charge].IsContinuous) this[AccountBook.Number(charge, ChargeLine.Remaining)] -= paid;
        Set(charge, ChargeLine.LastAmount, paid);
        Set(charge, ChargeLine.CollectedClock, clockSeconds);
    }

    private long Share(int charge, long amount, long rest, long uptimeSeconds, long clockSeconds)
    {
        ChargeSettings settings = _settings.Charges[charge];
        byte carryLine = AccountBook.Number(charge, ChargeLine.Carry);
        Int128 exact = settings.Configuration.HasFlag(ChargeConfiguration.Percentage)
            ? ((Int128)amount * settings.Proportion) + this[carryLine]
            : (Int128)PricesOf(charge).Amount * Whole;
        long wanted = (long)(exact / Whole);
        long share = Math.Min(Math.Min(wanted, rest), Math.Min(Collectable(charge), Provision(uptimeSeconds)));
        // A share that was capped leaves nothing over: the cap is its end.
        this[carryLine] = share == wanted ? (long)(exact % Whole) : 0;
        if (share <= 0) return 0;
        Book(charge, share, clockSeconds);
        if (_settings.MaxProvision > 0) this[AccountLine.Provision] += share;
        return share;
    }

    /// <summary>What payment charges may still take in the running period.</summary>
    private long Provision(long uptimeSeconds)
    {
        if (_settings.MaxProvision == 0) return long.MaxValue;
        if (uptimeSeconds - this[AccountLine.ProvisionSince] >= _settings.MaxProvisionSeconds)
            (this[AccountLine.ProvisionSince], this[AccountLine.Provision]) = (uptimeSeconds, 0);
        return Math.Max(0, _settings.MaxProvision - this[AccountLine.Provision]);
    }

    private UnitCharge PricesOf(int charge) => _settings.Charges[charge].PricesBy(_lines[AccountBook.Number(charge, ChargeLine.PassiveIsActive)]);

    private long Repay(int credit, long rest)
    {
        bool owes = _settings.Credits[credit] is { Kind: CreditKind.Emergency } && Position.IsInvoked(credit);
        if (!owes) return 0;
        long paid = Math.Min(rest, Math.Max(0, -Position.Net(credit)));
        this[AccountBook.Number(credit, CreditLine.Added)] += paid;
        Settle(credit);
        return paid;
    }

    // Repaid in full, it may be offered again.
    private void Settle(int credit)
    {
        if (_settings.Credits[credit].Kind != CreditKind.Emergency || Position.Net(credit) < 0) return;
        Set(credit, CreditLine.Invoked, 0);
        Set(credit, CreditLine.Exhausted, 0);
    }

    private void Spend(int credit)
    {
        if (_settings.Credits[credit].Configuration.HasFlag(CreditConfiguration.MustBeRepaid)) Set(credit, CreditLine.Exhausted, 1);
        else if (_settings.Credits[credit].Kind != CreditKind.Emergency) Set(credit, CreditLine.Invoked, 0);
    }

    private IEnumerable<int> ByPriority(ChargeKind kind) => Enumerable.Range(0, _settings.Charges.Length)
        .Where(i => _settings.Charges[i].Kind == kind && _settings.Charges[i].Priority > 0)
        .OrderBy(i => _settings.Charges[i].Priority);
}
