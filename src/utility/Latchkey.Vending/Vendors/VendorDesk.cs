using Latchkey.Ledger;
using Latchkey.Quantities;

namespace Latchkey.Vending.Vendors;

/// <summary>What an operation on a vendor came to.</summary>
public abstract record VendorOutcome<T>
{
    private VendorOutcome()
    {
    }

    public sealed record Done(T Value) : VendorOutcome<T>;

    /// <param name="Code">Stable, one of <see cref="VendorCodes"/>.</param>
    public sealed record Refused(string Code, string Detail) : VendorOutcome<T>;
}

/// <summary>The stable codes of refusals.</summary>
public static class VendorCodes
{
    public const string Invalid = "vendor-invalid";
    public const string Unknown = "unknown-vendor";
    public const string Changed = "changed-meanwhile";
    public const string BatchOpen = "batch-open";
    public const string NoBatch = "no-open-batch";
    public const string InnerBatchOpen = "inner-batch-open";
    public const string OthersShift = "shift-of-another";
    public const string LeaseOpen = "lease-open";
    public const string NotEnoughEarned = "nothing-to-pay-out";
}

/// <summary>Vendors and their batches: shift inside sales inside banking.</summary>
public sealed class VendorDesk(IVendorStore store, ILedgerStore ledger, IOrderDesk orders, VendingOptions options, TimeProvider time)
{
    private const int Batch = 500;
    private static readonly BatchKind[] Outward = [BatchKind.Shift, BatchKind.Sales, BatchKind.Banking];
    private readonly BatchCounter _counter = new(store, ledger, orders);

    /// <summary>Adds a vendor, or changes the one of that code; the totals that run along stay.</summary>
    public async Task<VendorOutcome<Vendor>> SaveAsync(Vendor vendor, CancellationToken cancellationToken)
    {
        if (vendor.Fault is { } fault) return new VendorOutcome<Vendor>.Refused(VendorCodes.Invalid, fault);
        Vendor? there = store.Find(vendor.Code);
        if (there is not null && there.Currency != vendor.Currency) return new VendorOutcome<Vendor>.Refused(VendorCodes.Invalid, "a vendor's currency stays");
        Vendor wanted = there is null
            ? vendor with { Remainder = 0, Month = default, MonthSales = 0, Slips = 0, Version = 0 }
            : there with { Name = vendor.Name, MinimumSale = vendor.MinimumSale, MaximumSale = vendor.MaximumSale, IsBlocked = vendor.IsBlocked, Schemes = vendor.Schemes, Coin = vendor.Coin };
        if (!await store.SaveAsync(new VendorChanges { Vendors = [wanted] }, cancellationToken).ConfigureAwait(false)) return Changed<Vendor>();
        await ledger.OpenAccountAsync(wanted.Channel.OpenFunding(LedgerUnit.Of(wanted.Currency)), cancellationToken).ConfigureAwait(false);
        return new VendorOutcome<Vendor>.Done(store.Find(vendor.Code)!);
    }

    /// <summary>Opens a batch, and those around it where none is open.</summary>
    public Task<VendorOutcome<VendorBatch>> OpenAsync(string code, BatchKind kind, string person, CancellationToken cancellationToken) =>
        OpenAsync(code, kind, person, openingCash: null, till: null, cancellationToken);

    /// <summary>Begins a person's turn at the till, with what she counted in the drawer.</summary>
    /// <param name="till">Which till it is, 1 to <see cref="VendorBatch.MaxTillLength"/> characters.</param>
    public Task<VendorOutcome<VendorBatch>> OpenShiftAsync(string code, string person, string till, Money openingCash, CancellationToken cancellationToken)
    {
        string? fault = till.Length is 0 or > VendorBatch.MaxTillLength ? $"a till's name has 1 to {VendorBatch.MaxTillLength} characters" : CashFault(code, openingCash);
        return fault is not null
            ? Task.FromResult(Refused<VendorBatch>(VendorCodes.Invalid, fault))
            : OpenAsync(code, BatchKind.Shift, person, openingCash.MinorUnits, till, cancellationToken);
    }

    private async Task<VendorOutcome<VendorBatch>> OpenAsync(string code, BatchKind kind, string person, long? openingCash, string? till, CancellationToken cancellationToken)
    {
        if (store.Find(code) is not { } vendor) return Unknown<VendorBatch>(code);
        if (store.OpenBatch(code, kind) is { } open) return Refused<VendorBatch>(VendorCodes.BatchOpen, $"{kind} {open.Number} of {code} is open; close it first.");
        List<VendorBatch> opened = [];
        foreach (BatchKind each in Outward.Where(k => k >= kind && store.OpenBatch(code, k) is null)) opened.Add(Next(vendor, each, person) with { OpeningCash = each == BatchKind.Shift ? openingCash : null, Till = each == BatchKind.Shift ? till : null });
        return await store.SaveAsync(new VendorChanges { Batches = opened }, cancellationToken).ConfigureAwait(false)
            ? new VendorOutcome<VendorBatch>.Done(opened[0])
            : Changed<VendorBatch>();
    }

    /// <summary>What an open batch holds so far, without closing it.</summary>
    public VendorOutcome<BatchTotals> Total(string code, BatchKind kind)
    {
        if (store.Find(code) is not { } vendor) return Unknown<BatchTotals>(code);
        return store.OpenBatch(code, kind) is { } batch
            ? new VendorOutcome<BatchTotals>.Done(_counter.Count(vendor, batch.AfterEntry).Totals)
            : Refused<BatchTotals>(VendorCodes.NoBatch, $"no {kind} of {code} is open");
    }

    /// <summary>What the sales since the last closed sales batch have earned; booked when their batch is closed. Zero where there is no such vendor.</summary>
    public long CommissionSoFar(string code)
    {
        if (store.Find(code) is not { } vendor) return 0;
        long after = store.OpenBatch(code, BatchKind.Sales)?.AfterEntry ?? (store.Batches(code, BatchKind.Sales, 1) is [var last, ..] ? last.UpToEntry ?? 0 : 0);
        return CommissionAccrual.Of(vendor, _counter.Count(vendor, after).Sales, options.Day).MinorUnits;
    }

    /// <summary>Closes a batch. A sales batch accrues the commission of its sales.</summary>
    public Task<VendorOutcome<VendorBatch>> CloseAsync(string code, BatchKind kind, CancellationToken cancellationToken) =>
        CloseAsync(code, kind, counted: null, cancellationToken);

    /// <summary>Ends the turn of the person who has it, with what she counted in the drawer. The difference to what was sold is kept, not corrected.</summary>
    public Task<VendorOutcome<VendorBatch>> CloseShiftAsync(string code, string person, Money countedCash, CancellationToken cancellationToken)
    {
        if (CashFault(code, countedCash) is { } fault) return Task.FromResult(Refused<VendorBatch>(VendorCodes.Invalid, fault));
        if (store.OpenBatch(code, BatchKind.Shift) is { } shift && shift.OpenedBy != person)
            return Task.FromResult(Refused<VendorBatch>(VendorCodes.OthersShift, $"the open shift is {shift.OpenedBy}'s; only {shift.OpenedBy} counts its drawer"));
        return CloseAsync(code, BatchKind.Shift, (person, countedCash.MinorUnits), cancellationToken);
    }

    private async Task<VendorOutcome<VendorBatch>> CloseAsync(string code, BatchKind kind, (string Person, long Cash)? counted, CancellationToken cancellationToken)
    {
        if (store.Find(code) is not { } vendor) return Unknown<VendorBatch>(code);
        if (store.OpenBatch(code, kind) is not { } batch) return Refused<VendorBatch>(VendorCodes.NoBatch, $"no {kind} of {code} is open");
        if (Outward.FirstOrDefault(k => k < kind && store.OpenBatch(code, k) is not null) is var inner && inner != default)
            return Refused<VendorBatch>(VendorCodes.InnerBatchOpen, $"a {inner} inside it is open; close that first");

        FloatCount count = _counter.Count(vendor, batch.AfterEntry);
        VendorBatch closed = batch with { ClosedAt = time.GetUtcNow(), UpToEntry = count.UpToEntry, Totals = count.Totals, ClosedBy = counted?.Person, CountedCash = counted?.Cash };
        List<Vendor> vendors = [];
        if (kind == BatchKind.Sales)
        {
            CommissionAccrual accrual = CommissionAccrual.Of(vendor, count.Sales, options.Day);
            closed = closed with { Commission = accrual.MinorUnits, IsBooked = accrual.MinorUnits == 0 };
            vendors.Add(vendor with { Remainder = accrual.Remainder, Month = accrual.Month, MonthSales = accrual.MonthSales });
        }

        if (!await store.SaveAsync(new VendorChanges { Vendors = vendors, Batches = [closed] }, cancellationToken).ConfigureAwait(false)) return Changed<VendorBatch>();
        return new VendorOutcome<VendorBatch>.Done(closed.IsBooked ? closed : await BookAsync(vendor, closed, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>End of day: closes shift, sales and banking, and writes the deposit slip of the banking batch.</summary>
    /// <param name="code">The vendor.</param>
    /// <param name="cash">What goes to the bank: counted by the vendor, not by us.</param>
    public async Task<VendorOutcome<DepositSlip>> EndDayAsync(string code, Money cash, CancellationToken cancellationToken)
    {
        VendorBatch? banking = null;
        foreach (BatchKind kind in Outward.Where(k => store.OpenBatch(code, k) is not null))
        {
            if (await CloseAsync(code, kind, cancellationToken).ConfigureAwait(false) is VendorOutcome<VendorBatch>.Refused refused)
                return Refused<DepositSlip>(refused.Code, refused.Detail);
            if (kind == BatchKind.Banking) banking = store.Batches(code, kind, 1)[0];
        }

        return await WriteSlipAsync(code, cash, banking?.Number, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A slip with a reference of its own, to be written on the transfer.</summary>
    public async Task<VendorOutcome<DepositSlip>> WriteSlipAsync(string code, Money amount, int? bankingBatch, CancellationToken cancellationToken)
    {
        if (store.Find(code) is not { } vendor) return Unknown<DepositSlip>(code);
        if (amount.Currency != vendor.Currency || amount.MinorUnits <= 0) return Refused<DepositSlip>(VendorCodes.Invalid, $"a deposit is an amount above 0 in {vendor.Currency}");
        var slip = new DepositSlip(DepositSlip.ReferenceOf(code, vendor.Slips + 1), code, amount, time.GetUtcNow(), bankingBatch);
        var changes = new VendorChanges { Vendors = [vendor with { Slips = vendor.Slips + 1 }], Slips = [slip] };
        return await store.SaveAsync(changes, cancellationToken).ConfigureAwait(false) ? new VendorOutcome<DepositSlip>.Done(slip) : Changed<DepositSlip>();
    }

    /// <summary>Books what a crash left between a batch and its commission.</summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (VendorBatch batch in store.Unbooked(Batch)) await BookAsync(store.Find(batch.Vendor)!, batch, cancellationToken).ConfigureAwait(false);
    }

    private async Task<VendorBatch> BookAsync(Vendor vendor, VendorBatch batch, CancellationToken cancellationToken)
    {
        LedgerUnit unit = LedgerUnit.Of(vendor.Currency);
        await VendorEntries.PostAsync(
            ledger,
            JournalEntry.Post(
                VendorEntries.IdOf("commission", $"{vendor.Code}/{batch.Number}"), batch.ClosedAt!.Value, $"commission {vendor.Code} sales {batch.Number}",
                Posting.Debit(VendorEntries.Commission(unit).Id, unit, batch.Commission), Posting.Credit(vendor.CommissionAccount, unit, batch.Commission)),
            [VendorEntries.Commission(unit), VendorEntries.CommissionAccountOf(vendor)],
            cancellationToken).ConfigureAwait(false);
        VendorBatch booked = batch with { IsBooked = true };
        await store.SaveAsync(new VendorChanges { Batches = [booked] }, cancellationToken).ConfigureAwait(false);
        return booked;
    }

    private string? CashFault(string code, Money cash) => store.Find(code) switch
    {
        null => $"there is no vendor '{code}'",
        var vendor when cash.Currency != vendor.Currency => $"the drawer is counted in {vendor.Currency}",
        _ when cash.MinorUnits < 0 => "a drawer holds 0 or more",
        _ => null,
    };

    private VendorBatch Next(Vendor vendor, BatchKind kind, string person)
    {
        VendorBatch? last = store.Batches(vendor.Code, kind, 1) is [var newest, ..] ? newest : null;

        // Batches of one kind follow on each other: what was sold between two belongs to the later one.
        return new VendorBatch(vendor.Code, kind, (last?.Number ?? 0) + 1, person, time.GetUtcNow(), last?.UpToEntry ?? 0);
    }

    private static VendorOutcome<T> Refused<T>(string code, string detail) => new VendorOutcome<T>.Refused(code, detail);

    private static VendorOutcome<T> Unknown<T>(string code) => Refused<T>(VendorCodes.Unknown, $"there is no vendor '{code}'");

    private static VendorOutcome<T> Changed<T>() => Refused<T>(VendorCodes.Changed, "somebody else changed it meanwhile; look again");
}
