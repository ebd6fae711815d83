using Latchkey.Ledger;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>Two people of the shop, its programs, and the short way to a budget and an approval.</summary>
internal static class Insiders
{
    public static ApprovalPerson Ann { get; } = ApprovalPerson.AtPortal("ann", isOperator: true);

    public static ApprovalPerson Bo { get; } = ApprovalPerson.AtPortal("bo", isOperator: true);

    public static ApprovalPerson Clerk { get; } = ApprovalPerson.AtPortal("clerk", isOperator: false);

    public static ApprovalPerson Program { get; } = ApprovalPerson.Program("billing");

    public static TimeSpan Day { get; } = TimeSpan.FromDays(1);

    public static ApprovalEffect FreeIssue(long tenths) => IssueEffects.FreeIssue(Shop.Pan, tenths, out _)!;

    public static async Task<BudgetStanding> Budget(this Shop shop, BudgetKind kind, long amount, LedgerUnit unit, string period = BudgetName.Always, string owner = BudgetName.Everybody, int id = 0)
    {
        var name = new BudgetName(kind, period, owner, unit);
        Guid request = Shop.Id(id == 0 ? 5_000 + Math.Abs(HashCode.Combine(name.Account.ToString().GetHashCode(StringComparison.Ordinal), amount) % 1_000_000) : id);
        ApprovalEffect effect = BudgetDesk.EffectOf(name, amount, out string? problem) ?? throw new InvalidOperationException(problem);
        await shop.House.Approvals.AskAsync(request, effect, "the month's budget", Ann, Day, CancellationToken.None);
        Assert.IsType<ApprovalOutcome.Done>(await shop.House.Approvals.GiveAsync(request, Bo, CancellationToken.None));
        return Assert.IsType<BudgetOutcome.Raised>(await shop.House.Budgets.RaiseAsync(request, CancellationToken.None)).Standing;
    }

    public static Task<BudgetStanding> Tokens(this Shop shop, BudgetKind kind, long count) => shop.Budget(kind, count, LedgerUnit.Token);

    public static Task<BudgetStanding> Units(this Shop shop, BudgetKind kind, long tenths) => shop.Budget(kind, tenths, LedgerUnit.TenthsOfKilowattHour);

    public static Task<ApprovalOutcome> Ask(this Shop shop, int id, ApprovalEffect effect, ApprovalPerson? by = null, TimeSpan? lifetime = null) =>
        shop.House.Approvals.AskAsync(Shop.Id(id), effect, "storm damage, report 17", by ?? Ann, lifetime ?? Day, CancellationToken.None);

    public static Task<ApprovalOutcome> Give(this Shop shop, int id, ApprovalPerson? by = null) => shop.House.Approvals.GiveAsync(Shop.Id(id), by ?? Bo, CancellationToken.None);

    public static async Task Approve(this Shop shop, int id, ApprovalEffect effect)
    {
        Assert.IsType<ApprovalOutcome.Done>(await shop.Ask(id, effect));
        Assert.IsType<ApprovalOutcome.Done>(await shop.Give(id));
    }

    /// <summary>Asked by Ann and approved by Bo, both through the desk of acts.</summary>
    public static Task<ApprovalOutcome> Act(this Shop shop, int id, ApprovalEffect effect) =>
        shop.House.Acts.AskAndApproveAsync(Shop.Id(id), effect, "storm damage, report 17", Ann, Bo, CancellationToken.None);

    /// <summary>A change of a key as the seller's books have it where the signer is elsewhere and has not looked yet.</summary>
    public static async Task Spend(this Shop shop, int id, ApprovalEffect effect)
    {
        await shop.Approve(id, effect);
        VendingHouse house = shop.House;
        var elsewhere = new ActDesk(house.Store, house.Approvals, house.Issues, new RefundDesk(house.Store, house.Refunds, shop.Clock), house.MoneyBack, house.Makers, house.VendorBank, house.Settlements, AbsentSigner.Instance, null, shop.Clock);
        Assert.IsType<ApprovalOutcome.Done>(await elsewhere.DoAsync(Shop.Id(id), CancellationToken.None));
    }

    public static SignerKey Key(this Shop shop) => SignerKey.Of(shop.House.Keys.Keys.Single(k => k.KeyId == Shop.KeyId));

    public static async Task<string?> Raise(this Shop shop, int id, long minorUnits) =>
        await shop.Act(id, ActEffects.KeyLimit(shop.Key(), minorUnits, out _)!) is ApprovalOutcome.Refused refused ? refused.Code : null;

    public static async Task<string?> Resume(this Shop shop, int id) =>
        await shop.Act(id, ActEffects.KeyResume(shop.Key(), out _)!) is ApprovalOutcome.Refused refused ? refused.Code : null;

    public static Task<IssueOutcome> Issue(this Shop shop, int id) => shop.House.Issues.IssueAsync(Shop.Id(id), CancellationToken.None);

    public static async Task<IssueOutcome.Issued> Issued(this Shop shop, int id) => Assert.IsType<IssueOutcome.Issued>(await shop.Issue(id));

    public static async Task<string> IssueCode(this Shop shop, int id) => Assert.IsType<IssueOutcome.Declined>(await shop.Issue(id)).Code;

    public static string CodeOf(ApprovalOutcome outcome) => Assert.IsType<ApprovalOutcome.Refused>(outcome).Code;
}
