using Latchkey.Ledger;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>The durable steps of a management token: the entry first, then the signer, then the token on file.</summary>
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

        if (Check(request) is { } wrong) return wrong;
        if (books.FindMeter(request.Pan) is not { } meter) return new ManagementOutcome.Declined(VendingCodes.UnknownMeter, $"Meter {request.Pan} is not known here.");
        if (TidSequence.Next(options.WallClock(now), meter.Key, books.LastTid(request.Pan, meter.Key.BaseDate), options.TidLeadMinutes, out TokenIdentifier tid) is { } code)
            return new ManagementOutcome.Declined(code, "No token identifier can be given now.");

        issue = new ManagementIssue(request, meter.Key, tid, now, Token: null);
        Post(books, issue);
        books.SetLastTid(request.Pan, meter.Key.BaseDate, tid);
        books.Save(issue);
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

    private static ManagementOutcome.Declined? Check(ManagementRequest request)
    {
        if (request.Id == Guid.Empty) return new ManagementOutcome.Declined(VendingCodes.OrderIdMissing, "It needs an id.");
        if (request.Reason.Length > PlaceOrder.MaxTextLength * 4) return new ManagementOutcome.Declined(VendingCodes.TextTooLong, "The reason is too long.");
        if (request.Kind != ManagementSubClass.ClearTamperCondition || request.Value != 0)
            return new ManagementOutcome.Declined(VendingCodes.TokenKindNotOffered, "Only clear tamper is issued here.");

        string first = request.FirstApprover.Trim(), second = request.SecondApprover.Trim();
        bool twoPeople = first.Length is > 0 and <= PlaceOrder.MaxTextLength
            && second.Length is > 0 and <= PlaceOrder.MaxTextLength
            && !string.Equals(first, second, StringComparison.OrdinalIgnoreCase);
        return twoPeople ? null : new ManagementOutcome.Declined(VendingCodes.ApproversMissing, "Two different people must approve it.");
    }

    private static void Post(IVendingBooks books, ManagementIssue issue)
    {
        AccountId meter = IssuedTo(issue.Request.Pan);
        books.Open(new LedgerAccount(Issued, LedgerUnit.Token, AccountClass.Memorandum));
        books.Open(new LedgerAccount(meter, LedgerUnit.Token, AccountClass.Memorandum));
        PostResult result = books.Post(JournalEntry.Post(
            issue.EntryId, issue.At, Memo(issue), Posting.Debit(meter, LedgerUnit.Token, 1), Posting.Credit(Issued, LedgerUnit.Token, 1)));
        if (result != PostResult.Posted) throw new InvalidOperationException($"The books refuse management token {issue.Id}: {result}.");
    }
}
