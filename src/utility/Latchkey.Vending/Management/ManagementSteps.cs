using Latchkey.Ledger;
using Latchkey.Sts;
using Latchkey.Vending.Makers;

namespace Latchkey.Vending;

/// <summary>The durable steps of a management token: the approval and the entry first, then the signer, then the token on file.</summary>
internal sealed class ManagementSteps(VendingOptions options)
{
    private static readonly AccountId Issued = AccountId.Require("tokens:management");

    public ManagementOutcome? Prepare(IVendingBooks books, ManagementRequest request, DateTimeOffset now, out ManagementIssue? issue)
    {
        issue = books.FindManagement(request.Id);
        if (issue is not null)
        {
            if (issue.Request != request) return new ManagementOutcome.IdReused(request.Id);
            return issue.Token is null ? null : new ManagementOutcome.Issued(issue, IsReplay: true);
        }

        if (Check(books, request, now, out Approval? approval, out ApprovalEffect? effect) is { } wrong) return wrong;
        if (books.FindMeter(request.Pan) is not { } meter) return new ManagementOutcome.Declined(VendingCodes.UnknownMeter, $"Meter {request.Pan} is not known here.");
        string? make = options.Makers.CodeOf(meter.Make);
        if (make is not null && (MakerErrand.KindOf(request) is not { } wanted || options.Makers.Find(make)?.Makes(wanted) != true))
            return new ManagementOutcome.Declined(VendingCodes.TokenKindNotOffered, "The maker's service of this meter makes clear-tamper and clear-credit tokens at most.");
        if (TidSequence.Next(options.WallClock(now), meter.Key, books.LastTid(request.Pan, meter.Key.BaseDate), options.TidLeadMinutes, out TokenIdentifier tid) is { } code)
            return new ManagementOutcome.Declined(code, "No token identifier can be given now.");
        if (BudgetRules.Legs(books, new BudgetUse(BudgetKinds.Of(effect!.Kind), approval!.Request.AskedBy.Account, 0, null, 0), options.Day(now), out IReadOnlyList<Posting> budget) is { } missing)
            return new ManagementOutcome.Declined(missing.Code, missing.Detail);

        var prepared = new ManagementIssue(request, meter.Key, tid, now, Token: null);
        if (Post(books, prepared, [.. budget, .. ApprovalEntries.UseLegs(request.Id, effect), .. make is null ? [] : MakerEntries.Legs(make)]) is { } refused) return refused;
        books.SetLastTid(request.Pan, meter.Key.BaseDate, tid);
        books.Save(prepared);
        books.Save(approval with { State = ApprovalState.Used, UsedAt = now });
        issue = prepared;
        return null;
    }

    public static ManagementIssue Store(IVendingBooks books, Guid id, TokenNumber token)
    {
        ManagementIssue issue = books.FindManagement(id)! with { Token = token };
        books.Save(issue);
        return issue;
    }

    public static string Memo(ManagementIssue issue) => "management " + issue.Id.ToString("D");

    public static AccountId IssuedTo(MeterPan pan) => AccountId.Require("tokens:meter:" + pan);

    /// <summary>The id is the approval's: what is issued is what was approved, by those who are named there and nobody else.</summary>
    private static ManagementOutcome.Declined? Check(
        IVendingBooks books, ManagementRequest request, DateTimeOffset now, out Approval? approval, out ApprovalEffect? effect)
    {
        approval = null;
        effect = null;
        if (request.Id == Guid.Empty) return new ManagementOutcome.Declined(VendingCodes.OrderIdMissing, "It needs an id.");
        effect = ManagementEffects.Of(request);
        if (effect is null) return new ManagementOutcome.Declined(VendingCodes.TokenKindNotOffered, "Clear tamper, clear credit and the two limits are issued here, with values that a token can say.");
        if (ApprovalRules.CheckUse(books, request.Id, effect, now, out approval) is { } refusal) return new ManagementOutcome.Declined(refusal.Code, refusal.Detail);
        return ManagementEffects.RequestOf(approval!) == request
            ? null
            : new ManagementOutcome.Declined(VendingCodes.ApprovalMismatch, "Reason and approvers are those of the approval; this names others.");
    }

    private static ManagementOutcome.Declined? Post(IVendingBooks books, ManagementIssue issue, IReadOnlyList<Posting> control)
    {
        AccountId meter = IssuedTo(issue.Request.Pan);
        books.Open(new LedgerAccount(Issued, LedgerUnit.Token, AccountClass.Memorandum));
        books.Open(new LedgerAccount(meter, LedgerUnit.Token, AccountClass.Memorandum));
        JournalEntry entry = JournalEntry.Post(
            issue.EntryId, issue.At, Memo(issue), [Posting.Debit(meter, LedgerUnit.Token, 1), Posting.Credit(Issued, LedgerUnit.Token, 1), .. control]);
        foreach (LedgerAccount account in MakerEntries.Accounts(entry)) books.Open(account);
        return ApprovalRules.Post(books, entry) switch
        {
            PostResult.Posted => null,
            PostResult.InsufficientFunds when BudgetRules.Spent(books, control) is { } budget => Declined(BudgetRules.SpentRefusal(budget)),
            PostResult.InsufficientFunds => new ManagementOutcome.Declined(VendingCodes.ApprovalUsed, "This approval was used; ask for another."),
            var other => throw new InvalidOperationException($"The books refuse management token {issue.Id}: {other}."),
        };
    }

    private static ManagementOutcome.Declined Declined((string Code, string Detail) refusal) => new(refusal.Code, refusal.Detail);
}
