using Latchkey.Ledger;
using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Vending;

/// <summary>The durable steps of an order. Each runs inside one transaction, and each may be run again.</summary>
internal sealed class OrderSteps(VendingOptions options, SaleCalculation calculation)
{
    /// <summary>Sets the money aside and takes the identifier; or finds the order as it stands; or declines and remembers why.</summary>
    /// <param name="keyIsPrepared">False where a change of keys that is due must come before the sale.</param>
    public HoldStep Hold(IVendingBooks books, PlaceOrder command, bool keyIsPrepared, DateTimeOffset now)
    {
        VendOrder? earlier = books.FindOrder(command.OrderId);
        if (earlier is not null && earlier.Command != command) return new HoldStep.IdReused();
        if (earlier is { State: not OrderState.Declined }) return Standing(books, earlier);

        HoldStep step = TryHold(books, command, earlier, keyIsPrepared, now);
        if (step is not HoldStep.Declined r) return step;

        // A wish without an id or a meter is no order; everything else is kept, so that support can say why nothing came.
        bool isOrder = r.Code is not (VendingCodes.OrderIdMissing or VendingCodes.UnknownChannel or VendingCodes.TextTooLong or VendingCodes.AmountZero);
        if (isOrder)
        {
            VendOrder declined = new(command, OrderState.Declined, new OrderTimes(earlier?.Times.Received ?? now, Ended: now), RefusalCode: r.Code, Attempt: earlier?.Attempt ?? 0);
            books.Save(declined);
        }

        return step;
    }

    /// <summary>An order that is held, with what is signed and printed with it.</summary>
    public static HoldStep.Held Holding(IVendingBooks books, VendOrder order) =>
        new(order, books.FindEntry(order.HoldId)!, books.FindKeyChange(order.Command.Pan));

    /// <summary>Settles the hold and stores token and answer. Whoever comes second finds the first one's.</summary>
    /// <param name="order">As it was held.</param>
    /// <param name="settled">False where somebody else has been here; the answer is then the order as it stands.</param>
    public static VendOrder Settle(
        IVendingBooks books, VendOrder order, JournalEntry hold, TokenNumber token, ReadOnlyMemory<byte> answer, DateTimeOffset now, out bool settled)
    {
        settled = books.FindState(order.Id) == (OrderState.Held, order.Attempt);
        if (!settled) return books.FindOrder(order.Id)!;

        Require(books.Post(JournalEntry.Settle(DerivedId.Of(order.HoldId, "settle"), now, hold)), order);
        VendOrder posted = order with { State = OrderState.Posted, Token = token, Answer = answer, Times = order.Times with { Posted = now } };
        books.Advance(posted);
        return posted;
    }

    /// <summary>Ends a hold that will have no token, and gives back what it counted towards the blocks.</summary>
    public static VendOrder Release(IVendingBooks books, Guid orderId, OrderState end, string code, DateTimeOffset now)
    {
        VendOrder order = books.FindOrder(orderId)!;
        if (order.State != OrderState.Held) return order;

        JournalEntry entry = end == OrderState.Expired
            ? JournalEntry.Expire(DerivedId.Of(order.HoldId, "expire"), now, order.HoldId, SaleEntries.Memo(orderId))
            : JournalEntry.Void(DerivedId.Of(order.HoldId, "void"), now, order.HoldId, SaleEntries.Memo(orderId));
        Require(books.Post(entry), order);
        CountBack(books, order, books.FindEntry(order.HoldId)!.Entry);
        VendOrder ended = order with { State = end, RefusalCode = code, Times = order.Times with { Ended = now } };
        books.Advance(ended);
        return ended;
    }

    public static bool MarkDelivered(IVendingBooks books, Guid orderId, DateTimeOffset now)
    {
        if (books.FindOrder(orderId) is not { HasToken: true } order) return false;
        if (order.State == OrderState.Posted)
            books.Advance(order with { State = OrderState.Delivered, Times = order.Times with { Delivered = now } });
        return true;
    }

    public static string? MarkCredited(IVendingBooks books, Guid orderId, CreditProof proof)
    {
        if (books.FindOrder(orderId) is not { HasToken: true } order) return VendingCodes.UnknownOrder;
        if (order.Tid.GetValueOrDefault() != proof.Tid) return VendingCodes.ProofMismatch;
        if (order.State == OrderState.Credited) return null;

        books.Open(SaleEntries.AcceptedAccount(order));
        Require(books.Post(SaleEntries.Accept(order, proof)), order);
        books.Advance(order with
        {
            State = OrderState.Credited,
            Proof = proof,
            Times = order.Times with { Delivered = order.Times.Delivered ?? proof.At, Credited = proof.At },
        });
        return null;
    }

    private static HoldStep Standing(IVendingBooks books, VendOrder order) => order.State switch
    {
        OrderState.Held => Holding(books, order),
        OrderState.Reversed when order.RefusalCode == VendingCodes.MakerNoToken =>
            new HoldStep.Declined(VendingCodes.MakerNoToken, "People asked the maker: it made no token, and nothing was charged. Buy again under a new id."),
        OrderState.Expired or OrderState.Reversed => new HoldStep.Declined(VendingCodes.OrderCancelled, "This purchase was given up; buy again under a new id."),
        _ => new HoldStep.Done(order),
    };

    private HoldStep TryHold(IVendingBooks books, PlaceOrder command, VendOrder? earlier, bool keyIsPrepared, DateTimeOffset now)
    {
        if (calculation.Calculate(books, command, now, out SaleTerms? terms) is { } refusal) return Declined(refusal);

        // Asked for once: a vendor may be blocked, or a terminal's lease end, between two looks.
        if (options.FindChannel(command.Channel) is not { } channel) return Declined((VendingCodes.UnknownChannel, $"There is no channel '{command.Channel}'."));

        // Only a sale needs the payment: a trial is asked for before anybody pays.
        if (string.IsNullOrEmpty(command.PaymentReference) && channel.Funding == FundingKind.Clearing)
            return Declined((VendingCodes.PaymentReferenceMissing, $"Channel '{command.Channel}' sells against a payment; its reference is missing."));
        if (command.PaymentReference is { } reference && books.FindPayment(command.Channel, reference) is { } other && other != command.OrderId)
            return Declined((VendingCodes.PaymentReferenceUsed, "This payment has paid another purchase."));

        // Keys and identifiers of a maker's tokens are the maker's own, which nobody else sees.
        TokenIdentifier? tid = null;
        if (terms!.Make is null)
        {
            // Not for a purchase that would be refused, nor for one that was made before: those have ended above.
            if (!keyIsPrepared && options.KeyGate.IsDue(books, books.FindMeter(command.Pan)!, now)) return new HoldStep.KeyDue();
            if (TidSequence.Next(options.WallClock(now), terms.Key, books.LastTid(command.Pan, terms.Key.BaseDate), options.TidLeadMinutes, out TokenIdentifier next) is { } time)
                return Declined((time, "No token identifier can be given now."));
            tid = next;
        }

        var order = new VendOrder(
            command, OrderState.Held, new OrderTimes(earlier?.Times.Received ?? now, Held: now), terms, tid, Attempt: (earlier?.Attempt ?? 0) + 1);
        if (Entry(books, order, channel, now, out JournalEntry? entry) is { } uncovered) return Declined(uncovered);
        if (PostOpening(books, entry!, channel) is { } refused) return Declined(refused);

        if (channel.Funding == FundingKind.Grant) books.Save(books.FindApproval(order.Id)! with { State = ApprovalState.Used, UsedAt = now });
        if (tid is { } taken) books.SetLastTid(command.Pan, terms.Key.BaseDate, taken);
        Count(books, order);
        books.Save(order);
        return Holding(books, order);
    }

    private static HoldStep.Declined Declined((string Code, string Detail) refusal) => new(refusal.Code, refusal.Detail);

    /// <summary>The entry that holds: what pays, and what it takes of budgets and approvals.</summary>
    private (string Code, string Detail)? Entry(IVendingBooks books, VendOrder order, SalesChannel channel, DateTimeOffset now, out JournalEntry? entry)
    {
        entry = null;
        IReadOnlyList<Posting> budget = [];
        SaleTerms terms = order.Terms!;
        if (Grants.EffectOf(order.Command, terms.TenthsGranted) is { } effect)
        {
            if (ApprovalRules.CheckUse(books, order.Id, effect, now, out Approval? approval) is { } unapproved) return unapproved;
            var use = new BudgetUse(BudgetKinds.Of(effect.Kind), approval!.Request.AskedBy.Account, terms.TenthsGranted, null, 0);
            if (BudgetRules.Legs(books, use, options.Day(now), out budget) is { } missing) return missing;
            if (Grants.SourceLegs(books, order.Command, terms.TenthsGranted, out IReadOnlyList<Posting> source) is { } unfounded) return unfounded;
            entry = SaleEntries.HoldGrant(order, effect, now, options.HoldLifetimeOf(terms.Make), source, budget);
            return null;
        }

        if (channel.Budget is { } kind)
        {
            var use = new BudgetUse(kind, order.Command.Operator, terms.TenthsGranted, LedgerUnit.Of(order.Command.Amount.Currency), order.Command.Amount.MinorUnits);
            if (BudgetRules.Legs(books, use, options.Day(now), out budget) is { } missing) return missing;
        }

        entry = SaleEntries.Hold(order, channel, now, options.HoldLifetimeOf(terms.Make), budget);
        return null;
    }

    private static (string Code, string Detail)? PostOpening(IVendingBooks books, JournalEntry entry, SalesChannel channel)
    {
        PostResult result = books.Post(entry);
        if (result == PostResult.AccountNotFound)
        {
            foreach (LedgerAccount account in SaleEntries.Accounts(entry, channel)) books.Open(account);
            result = books.Post(entry);
        }

        return result switch
        {
            PostResult.Posted => null,
            PostResult.InsufficientFunds when BudgetRules.Spent(books, entry.Postings) is { } budget => BudgetRules.SpentRefusal(budget),
            PostResult.InsufficientFunds when channel.Funding == FundingKind.Grant => (VendingCodes.ApprovalUsed, "This approval was used; ask for another."),
            PostResult.InsufficientFunds => (VendingCodes.InsufficientFunds, $"'{channel.Code}' has not enough to pay for this."),
            PostResult.AccountClosed => (VendingCodes.AccountClosed, $"'{channel.Code}' is closed."),
            _ => (VendingCodes.BooksRefused, $"The books refuse the entry: {result}."),
        };
    }

    private static void Count(IVendingBooks books, VendOrder order)
    {
        SaleTerms terms = order.Terms!;
        books.AddTotals(SalePeriods.KeeperOf(order.Command.Pan, terms.BlockPeriod), terms.BlockPeriod, new PeriodTotals(terms.TenthsGranted, 0));
        foreach (SaleLine line in terms.Lines.Where(l => l.Kind == PriceLineKind.Fixed))
            books.AddTotals(order.Command.Pan, SalePeriods.Of(terms.FixedPeriod, line.Name), new PeriodTotals(0, line.MinorUnits));
    }

    /// <summary>
    /// Takes off what a hold counted, by the figures of its committed entry. The stored terms say in which period, and no more: whoever edits them between
    /// hold and release would otherwise take off what was never counted, or stop the release for good.
    /// </summary>
    internal static void CountBack(IVendingBooks books, VendOrder order, JournalEntry entry)
    {
        SaleTerms terms = order.Terms!;
        MeterPan pan = order.Command.Pan;
        TakeOff(books, SalePeriods.KeeperOf(pan, terms.BlockPeriod), terms.BlockPeriod, new PeriodTotals(SaleEntries.GrantedBy(entry, pan), 0));
        foreach (IGrouping<string, SaleLine> charge in terms.Lines.Where(l => l.Kind == PriceLineKind.Fixed).GroupBy(l => l.Name, StringComparer.Ordinal))
        {
            long booked = SaleEntries.FixedIn(entry, charge.Key);
            TakeOff(books, pan, SalePeriods.Of(terms.FixedPeriod, charge.Key), new PeriodTotals(0, Math.Min(booked, charge.Sum(l => l.MinorUnits))));
        }
    }

    private static void TakeOff(IVendingBooks books, MeterPan keeper, string period, PeriodTotals less)
    {
        PeriodTotals there = books.Totals(keeper, period);
        books.AddTotals(keeper, period, new PeriodTotals(-Math.Min(there.Tenths, less.Tenths), -Math.Min(there.FixedMinorUnits, less.FixedMinorUnits)));
    }

    /// <summary>What follows a hold cannot be refused by sound books: a refusal here is a fault that must not be papered over.</summary>
    private static void Require(PostResult result, VendOrder order)
    {
        if (result is not (PostResult.Posted or PostResult.AlreadyPosted))
            throw new InvalidOperationException($"The books refuse a step of order {order.Id}: {result}.");
    }
}

/// <summary>What the first step found or did.</summary>
internal abstract record HoldStep
{
    private HoldStep()
    {
    }

    /// <param name="KeyChange">The meter's newest change of keys, if it has one.</param>
    public sealed record Held(VendOrder Order, RecordedEntry Entry, KeyChange? KeyChange) : HoldStep;

    /// <summary>Nothing was done: the meter must be given its new key first.</summary>
    public sealed record KeyDue : HoldStep;

    public sealed record Done(VendOrder Order) : HoldStep;

    /// <summary>Not the first step but the last: the hold is settled now.</summary>
    public sealed record Settled : HoldStep;

    public sealed record IdReused : HoldStep;

    public sealed record Declined(string Code, string Detail) : HoldStep;
}
