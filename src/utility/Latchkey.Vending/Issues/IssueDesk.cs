using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Vending;

/// <summary>Tokens that nobody pays for: tried, asked for, and issued on the approval of two people out of a budget. Safe to repeat.</summary>
public sealed class IssueDesk(IVendingStore store, ApprovalDesk approvals, BudgetDesk budgets, IOrderDesk orders, TariffBook tariffs, VendingOptions options, TimeProvider time)
{
    /// <summary>What it would do now, before anybody is asked.</summary>
    /// <param name="by">Whose budget is looked at besides everybody's.</param>
    public IssueTrial Trial(ApprovalEffect effect, ApprovalPerson by)
    {
        DateOnly today = options.Day(time.GetUtcNow());
        return store.Read(books => Trial(books, effect, by, today));
    }

    /// <summary>Asks for an approval of something that could be issued now.</summary>
    public async Task<ApprovalOutcome> AskAsync(Guid id, ApprovalEffect effect, string reason, ApprovalPerson by, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        if (approvals.Find(id) is null && Trial(effect, by) is IssueTrial.Declined declined) return new ApprovalOutcome.Refused(declined.Code, declined.Detail);
        return await approvals.AskAsync(id, effect, reason, by, lifetime, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Approves; a budget is raised with the second person's word, a token waits to be fetched.</summary>
    public async Task<ApprovalOutcome> ApproveAsync(Guid id, ApprovalPerson by, CancellationToken cancellationToken)
    {
        ApprovalOutcome outcome = await approvals.GiveAsync(id, by, cancellationToken).ConfigureAwait(false);
        if (outcome is not ApprovalOutcome.Done { Approval: { State: ApprovalState.Given, Effect.Kind: ApprovalKind.Budget } }) return outcome;
        return await budgets.RaiseAsync(id, cancellationToken).ConfigureAwait(false) is BudgetOutcome.Declined declined
            ? new ApprovalOutcome.Refused(declined.Code, declined.Detail)
            : new ApprovalOutcome.Done(approvals.Find(id)!);
    }

    /// <summary>The token that was approved under this id; the same whenever it is asked again.</summary>
    public async Task<IssueOutcome> IssueAsync(Guid id, CancellationToken cancellationToken)
    {
        if (approvals.Find(id) is not { } approval) return new IssueOutcome.Declined(VendingCodes.ApprovalUnknown, "There is no such request.");
        return approval.Effect.Kind switch
        {
            ApprovalKind.FreeIssue or ApprovalKind.CreditTransfer => await GrantAsync(approval, cancellationToken).ConfigureAwait(false),
            ApprovalKind.MeterTest => await TestAsync(approval, cancellationToken).ConfigureAwait(false),
            ApprovalKind.Budget => new IssueOutcome.Declined(VendingCodes.TokenKindNotOffered, "A budget is raised; no token comes of it."),
            _ => await ManageAsync(approval, cancellationToken).ConfigureAwait(false),
        };
    }

    private async Task<IssueOutcome> GrantAsync(Approval approval, CancellationToken cancellationToken)
    {
        PlaceOrder order = orders.Find(approval.Id)?.Command ?? Grants.OrderOf(approval, CurrencyOf(approval));
        return await orders.PlaceAsync(order, cancellationToken).ConfigureAwait(false) switch
        {
            OrderOutcome.Issued issued => new IssueOutcome.Issued(approvals.Find(approval.Id)!, orders.Find(approval.Id)!.Token!.Value, TokenIdentifier.FromMinutes(issued.Receipt.Tokens[^1].TidMinutes), issued.Receipt, issued.IsReplay),
            OrderOutcome.Declined declined => new IssueOutcome.Declined(declined.Code, declined.Detail),
            OrderOutcome.Pending pending => new IssueOutcome.Declined(pending.Code, "The token is not made yet: ask again with the same id."),
            _ => new IssueOutcome.Declined(VendingCodes.OrderIdReused, "This id belongs to another purchase."),
        };
    }

    private async Task<IssueOutcome> ManageAsync(Approval approval, CancellationToken cancellationToken)
    {
        if (ManagementEffects.RequestOf(approval) is not { } request) return new IssueOutcome.Declined(VendingCodes.TokenKindNotOffered, "No token says this.");
        return await orders.IssueManagementTokenAsync(request, cancellationToken).ConfigureAwait(false) switch
        {
            ManagementOutcome.Issued issued => new IssueOutcome.Issued(approvals.Find(approval.Id)!, issued.Issue.Token!.Value, issued.Issue.Tid, null, issued.IsReplay),
            ManagementOutcome.Declined declined => new IssueOutcome.Declined(declined.Code, declined.Detail),
            _ => new IssueOutcome.Declined(VendingCodes.OrderIdReused, "This id belongs to another token."),
        };
    }

    /// <summary>No key makes a test token and every meter takes it, so the signer has no part in it; the books do.</summary>
    private async Task<IssueOutcome> TestAsync(Approval approval, CancellationToken cancellationToken)
    {
        if (IssueEffects.TestOf(approval.Effect) is not { } test || !MeterTestTokenCodec.TryEncode(test, out ulong block))
            return new IssueOutcome.Declined(VendingCodes.TokenKindNotOffered, "No token says this.");
        DateTimeOffset now = time.GetUtcNow();
        DateOnly today = options.Day(now);
        (IssueOutcome.Declined? refusal, bool isReplay) = await store.UpdateAsync(books => MeterTestSteps.Post(books, approval.Id, now, today), cancellationToken).ConfigureAwait(false);
        return refusal is not null
            ? refusal
            : new IssueOutcome.Issued(approvals.Find(approval.Id)!, TokenNumber.FromBlock(TokenClass.NonMeterSpecificManagement, block), null, null, isReplay);
    }

    private static IssueTrial Trial(IVendingBooks books, ApprovalEffect effect, ApprovalPerson by, DateOnly today)
    {
        if (effect.Kind == ApprovalKind.Budget) return new IssueTrial.Declined(VendingCodes.TokenKindNotOffered, "A budget is raised; no token comes of it.");
        MeterRecord? meter = null;
        if (ApprovalKinds.IsForMeter(effect.Kind))
        {
            if (!MeterPan.TryParse(effect.Subject, out MeterPan pan) || (meter = books.FindMeter(pan)) is null) return new IssueTrial.Declined(VendingCodes.UnknownMeter, $"Meter {effect.Subject} is not known here.");
            if (meter.IsBlocked && effect.Kind is ApprovalKind.FreeIssue or ApprovalKind.CreditTransfer) return new IssueTrial.Declined(VendingCodes.MeterBlocked, $"Nothing is given to meter {pan} at present.");
        }

        bool isEnergy = effect.Kind is ApprovalKind.FreeIssue or ApprovalKind.CreditTransfer;
        if (BudgetRules.Legs(books, new BudgetUse(BudgetKinds.Of(effect.Kind), by.Account, isEnergy ? effect.Amount : 0, null, 0), today, out IReadOnlyList<Posting> budget) is { } missing)
            return new IssueTrial.Declined(missing.Code, missing.Detail);
        if (BudgetRules.Spent(books, budget) is { } spent) return new IssueTrial.Declined(BudgetRules.SpentRefusal(spent).Code, BudgetRules.SpentRefusal(spent).Detail);

        IReadOnlyList<Posting> legs = budget;
        if (isEnergy)
        {
            var order = new PlaceOrder(default, meter!.Pan, default, effect.Kind == ApprovalKind.FreeIssue ? Grants.FreeIssueChannel : Grants.TransferChannel, effect.Detail);
            if (Grants.SourceLegs(books, order, effect.Amount, out IReadOnlyList<Posting> source) is { } unfounded) return new IssueTrial.Declined(unfounded.Code, unfounded.Detail);
            legs = [Posting.Debit(SaleEntries.UnitsIssued(meter.Pan), LedgerUnit.TenthsOfKilowattHour, effect.Amount), .. source, .. budget];
        }

        return new IssueTrial.Possible(effect, meter?.Place ?? string.Empty, [.. BudgetsIn(books, budget)], legs);
    }

    private static IEnumerable<BudgetTrial> BudgetsIn(IVendingBooks books, IReadOnlyList<Posting> legs)
    {
        foreach (Posting leg in legs)
        {
            if (leg.Amount < 0 && BudgetName.TryParse(leg.Account.ToString(), out BudgetName? name))
                yield return new BudgetTrial(name, checked((long)books.FindAccount(leg.Account)!.Available!.Value), -leg.Amount);
        }
    }

    /// <summary>An order is written in some money even where it is none: the tariff's, or the seller's own.</summary>
    private Currency CurrencyOf(Approval approval)
    {
        string? tariff = store.Read(books => MeterPan.TryParse(approval.Effect.Subject, out MeterPan pan) ? books.FindMeter(pan)?.TariffId : null);
        return tariff is not null && tariffs.InForce(tariff, options.Day(time.GetUtcNow())) is { } found && Currency.TryParse(found.CurrencyCode, out Currency currency)
            ? currency
            : options.HomeCurrency;
    }
}
