using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Reads orders, management tokens and approvals, and says what looks unlike honest business. Reads only.</summary>
public sealed class AnomalySearch(IVendingStore store, Func<DateTimeOffset, DateTime> wallClock)
{
    /// <summary>Beyond this the newest are left out; the books of years have fewer.</summary>
    private const int MostIssues = 200_000;
    private const int MostOrdersOfMeter = 10_000;

    public AnomalyReport Run(AnomalyOptions options, DateTimeOffset? from = null, DateTimeOffset? until = null)
    {
        List<UnpaidIssue> issues = [.. Without(from, until)];
        long orders = 0;
        store.ForEach(order =>
        {
            orders++;
            bool isUnpaid = order.HasToken && order.Command.Amount.MinorUnits == 0;
            if (isUnpaid && IsWithin(order.Times.Received, from, until) && issues.Count < MostIssues) issues.Add(IssueOf(order));
        });
        UnpaidIssue[] sorted = [.. issues.OrderBy(i => i.At).ThenBy(i => i.Id)];
        return new AnomalyReport(orders, sorted, new AnomalyRules(options, wallClock).Judge(sorted, FirstPaid));
    }

    private DateTimeOffset? FirstPaid(MeterPan pan) =>
        store.OrdersOf(pan, MostOrdersOfMeter).LastOrDefault(o => o.HasToken && o.Command.Amount.MinorUnits > 0)?.Times.Received;

    private UnpaidIssue IssueOf(VendOrder order)
    {
        Approval? approval = store.Read(books => books.FindApproval(order.Id));
        return new UnpaidIssue(
            order.Id, order.Command.Channel, order.Command.Pan, order.Times.Received, order.Terms?.TenthsGranted ?? 0,
            approval?.Request.AskedBy.ToString() ?? order.Command.Operator ?? "-", approval?.Second?.ToString() ?? "-");
    }

    /// <summary>Management tokens carry no energy; who asked for them stands in each.</summary>
    private IEnumerable<UnpaidIssue> Without(DateTimeOffset? from, DateTimeOffset? until) => store.Read(books => books.Management(MostIssues))
        .Where(m => m.Token is not null && IsWithin(m.At, from, until))
        .Select(m => new UnpaidIssue(
            m.Id, ManagementEffects.Of(m.Request) is { } effect ? ApprovalKinds.WordOf(effect.Kind) : "management", m.Request.Pan, m.At, 0, m.Request.FirstApprover, m.Request.SecondApprover));

    private static bool IsWithin(DateTimeOffset at, DateTimeOffset? from, DateTimeOffset? until) => !(at < from) && !(at >= until);
}
