using System.Globalization;
using System.Text;
using Latchkey.Cli.Books;
using Latchkey.Payments.WeChatPay.Bills;
using Latchkey.Quantities;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending.Settlements;

namespace Latchkey.Cli.Settlements;

/// <summary>How a settlement file is written.</summary>
public enum SettlementForm
{
    /// <summary>Lines of <c>pay|refund,reference,minor units,currency,fee,time</c>.</summary>
    Plain = 1,

    /// <summary>A trade bill of WeChat Pay, as it was downloaded and unpacked.</summary>
    WeChat = 2,
}

/// <summary>Settlement files as papers that can be booked; what is wrong with one, in a line.</summary>
public static class SettlementFiles
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <param name="id">The service's name of the file; null takes the day of a bill of WeChat Pay.</param>
    /// <param name="span">The days it covers; null takes the day of a bill of WeChat Pay.</param>
    public static (SettlementPaper? Paper, string? Fault) Read(byte[] bytes, SettlementForm form, string channel, string? id, (DateTimeOffset From, DateTimeOffset To)? span) =>
        form == SettlementForm.WeChat ? ReadWeChat(bytes, channel, id, span) : ReadPlain(bytes, channel, id, span);

    private static (SettlementPaper? Paper, string? Fault) ReadPlain(byte[] bytes, string channel, string? id, (DateTimeOffset From, DateTimeOffset To)? span)
    {
        if (id is null || span is not { } days) return (null, "a plain file needs --id, --from and --to");
        if (PaperFiles.ReadSettlement(Encoding.UTF8.GetString(bytes), channel, out IReadOnlyList<SettlementLine> lines) is { } fault) return (null, fault);
        return (new SettlementPaper(channel, id, days.From, days.To, [.. lines.Select(l => l.Kind == SettlementKind.Payment ? PaperLine.OfPayment(l) : PaperLine.OfRefund(l, l.Reference))]), null);
    }

    private static (SettlementPaper? Paper, string? Fault) ReadWeChat(byte[] bytes, string channel, string? id, (DateTimeOffset From, DateTimeOffset To)? span)
    {
        (WeChatBill? bill, BillFault? fault) = WeChatBillReader.Read(bytes);
        if (fault is not null) return (null, fault.Line > 0 ? string.Create(CultureInfo.InvariantCulture, $"{fault.Code}: line {fault.Line}: {fault.Detail}") : $"{fault.Code}: {fault.Detail}");
        if (bill is not WeChatBill.Trades { Rows: var rows }) return (null, "a fund-flow bill moves the money of the trade bill once more: post the trade bill of the day");
        if (rows.Count == 0) return (null, "there is no trade in it: nothing is to be posted");
        if (rows.Select(r => r.MerchantId).Distinct(StringComparer.Ordinal).Skip(1).Any()) return (null, "the bill is of several merchants: download one for each");
        var first = DateOnly.FromDateTime(rows.Min(r => r.At).ToOffset(China).DateTime);
        var last = DateOnly.FromDateTime(rows.Max(r => r.At).ToOffset(China).DateTime);
        (DateTimeOffset from, DateTimeOffset to) = span ?? (StartOf(first), StartOf(last.AddDays(1)));
        if (rows.Any(r => r.At < from || r.At >= to)) return (null, "a trade lies outside the days that --from and --to name");
        List<PaperLine> lines = [];
        foreach (TradeRow row in rows.Where(r => r.Kind != TradeKind.FailedRefund))
        {
            if (!Currency.TryParse(row.Currency, out Currency currency)) return (null, $"'{row.Currency}' is no currency code");
            var line = new SettlementLine(channel, row.Kind == TradeKind.Payment ? SettlementKind.Payment : SettlementKind.Refund, row.TransactionId, new Money(row.Fen, currency), row.FeeFen, row.At);
            lines.Add(row.RefundId is { } refund ? PaperLine.OfRefund(line, refund) : PaperLine.OfPayment(line));
        }

        string name = id ?? string.Create(CultureInfo.InvariantCulture, $"{rows[0].MerchantId}-{first:yyyy-MM-dd}{(last > first ? $"-{last:yyyy-MM-dd}" : string.Empty)}");
        return (new SettlementPaper(channel, name, from, to, lines), null);
    }

    private static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, China);
}
