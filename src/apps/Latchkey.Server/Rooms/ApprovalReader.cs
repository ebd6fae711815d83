using System.Globalization;
using Latchkey.Ledger;
using Latchkey.Quantities;
using Latchkey.Server.Portal.Approvals;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Server.Rooms;

/// <summary>Requests, budgets and the tokens that come of them.</summary>
internal sealed class ApprovalReader(VendingHouse vending, WishReader wishes, TimeProvider time) : IApprovalView
{
    public ValueTask<IReadOnlyList<ApprovalLine>> ListAsync(int limit, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<ApprovalLine>>([.. vending.Approvals.List(null, limit).Select(Line)]);

    public ValueTask<ApprovalLine?> FindAsync(Guid id, CancellationToken cancellationToken) => ValueTask.FromResult(vending.Approvals.Find(id) is { } found ? Line(found) : null);

    public ValueTask<IReadOnlyList<BudgetLine>> BudgetsAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<BudgetLine>>(
        [.. vending.Budgets.Show(null).Select(b => new BudgetLine(BudgetKinds.WordOf(b.Name.Kind), b.Name.Period, b.Name.Owner, Amount(b.Given, b.Name.Unit), Amount(b.Left, b.Name.Unit)))]);

    public async ValueTask<WishChoices> ChoicesAsync(CancellationToken cancellationToken) => await wishes.ChoicesAsync(cancellationToken);

    public string? PlaceOf(string meterNumber) => MeterNumber.Read(meterNumber, out MeterPan pan) is null ? vending.Meters.Find(pan)?.Place : null;

    public async ValueTask<DecisionAnswer> AskAsync(Guid id, Wish wish, string reason, ApprovalPerson by, CancellationToken cancellationToken)
    {
        (ApprovalEffect? effect, string? code, string? problem) = await wishes.ReadAsync(wish, cancellationToken);
        return effect is null
            ? new DecisionAnswer(code, problem, null)
            : Answer(await vending.Acts.AskAsync(id, effect, reason, by, ApprovalDesk.UsualLifetime, cancellationToken));
    }

    public async ValueTask<DecisionAnswer> GiveAsync(Guid id, ApprovalPerson by, CancellationToken cancellationToken) => Answer(await vending.Acts.ApproveAsync(id, by, cancellationToken));

    public async ValueTask<DecisionAnswer> RefuseAsync(Guid id, ApprovalPerson by, CancellationToken cancellationToken) => Answer(await vending.Approvals.RefuseAsync(id, by, cancellationToken));

    public async ValueTask<DecisionAnswer> CollectAsync(Guid id, CancellationToken cancellationToken)
    {
        if (vending.Approvals.Find(id) is { } asked && ApprovalKinds.IsAct(asked.Effect.Kind)) return Answer(await vending.Acts.DoAsync(id, cancellationToken));
        return await vending.Issues.IssueAsync(id, cancellationToken) switch
        {
            IssueOutcome.Issued issued => new DecisionAnswer(null, null, Line(issued.Approval), issued.Token.ToGroupedString()),
            IssueOutcome.Declined declined => new DecisionAnswer(declined.Code, declined.Detail, null),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    private DecisionAnswer Answer(ApprovalOutcome outcome) => outcome switch
    {
        ApprovalOutcome.Done done => new DecisionAnswer(null, null, Line(done.Approval)),
        ApprovalOutcome.Refused refused => new DecisionAnswer(refused.Code, refused.Detail, null),
        _ => throw new System.Diagnostics.UnreachableException(outcome.GetType().Name),
    };

    private ApprovalLine Line(Approval a) => new(
        a.Id, ApprovalKinds.WordOf(a.Effect.Kind), a.Effect.Subject == IssueEffects.AnyMeter ? string.Empty : a.Effect.Subject,
        PlaceOrName(a.Effect),
        AmountOf(a.Effect), a.Effect.Detail, a.Request.Reason, a.Request.AskedBy.ToString(), a.Request.AskedAt, a.Request.ExpiresAt,
        CodeText.Of(a.StateAt(time.GetUtcNow())), a.First?.ToString(), a.Second?.ToString());

    private string? PlaceOrName(ApprovalEffect effect) => MeterPan.TryParse(effect.Subject, out MeterPan pan) ? vending.Meters.Find(pan)?.Place
        : effect.Kind is ApprovalKind.CreditNote or ApprovalKind.BankLine ? vending.Vendors.Find(effect.Subject)?.Name
        : null;

    private static string AmountOf(ApprovalEffect effect) => effect.Kind is ApprovalKind.ClearTamper or ApprovalKind.KeyResume || effect is { Kind: ApprovalKind.MakerAnswer, Amount: 0 } ? string.Empty
        : effect.Kind == ApprovalKind.KeyLimit ? effect.Amount.ToString("+#,0", CultureInfo.InvariantCulture)
        : LedgerUnit.TryParse(effect.Unit, out LedgerUnit unit) ? Amount(effect.Amount, unit)
        : string.Create(CultureInfo.InvariantCulture, $"{effect.Amount} {effect.Unit}");

    private static string Amount(long amount, LedgerUnit unit)
    {
        if (unit == LedgerUnit.TenthsOfKilowattHour) return Energy.FromTenthsOfKilowattHour(amount).ToString();
        return Currency.TryParse(unit.ToString(), out Currency currency) ? new Money(amount, currency).ToString() : amount.ToString(CultureInfo.InvariantCulture) + " ×";
    }
}
