using System.CommandLine;
using System.Globalization;
using Latchkey.Cli.Insiders;
using Latchkey.Ledger;
using Latchkey.Vending;
using Latchkey.Vending.Settlements;
using static Latchkey.Cli.Insiders.InsiderHouse;

namespace Latchkey.Cli.Settlements;

/// <summary><c>latchkey settlement …</c>: what payment services settled, booked; what does not fit, on the word of two people.</summary>
internal static class SettlementCommand
{
    private const long LargestBytes = 64 * 1024 * 1024;
    private const int MostShown = 200;
    private const string DayForm = "yyyy-MM-dd";

    public static Command Create() => new("settlement", "Files of payment services booked: money in transit to the bank, fees, refunds; differences wait for two people.")
    {
        Post(), List(), Differences(), Resolve(),
    };

    private static Command Post()
    {
        var channel = new Argument<string>("channel") { Description = "The channel that the file settles, for example wechat." };
        var file = new Argument<string>("file") { Description = "The file as the service gives it." };
        var form = new Option<SettlementForm>("--format") { Description = "WeChat: a trade bill, unpacked. Plain: pay|refund,reference,minor units,currency,fee,time.", DefaultValueFactory = _ => SettlementForm.WeChat };
        var id = new Option<string?>("--id") { Description = "The service's name of the file; a bill of WeChat Pay is named by merchant and day." };
        var from = new Option<string?>("--from") { Description = "The first day that it covers; a bill of WeChat Pay says so itself." };
        var to = new Option<string?>("--to") { Description = "The last day that it covers." };
        return Verb("post", "Books a settlement file, each of its lines once; the same file again changes nothing.", [channel, file, form, id, from, to], async (house, said) =>
        {
            string path = said.GetRequiredValue(file);
            if (!File.Exists(path) || new FileInfo(path).Length > LargestBytes) return new InsiderProblem($"there is no file '{path}', or it is larger than 64 MB");
            if (SpanOf(said.GetValue(from), said.GetValue(to), house.Offset, out (DateTimeOffset, DateTimeOffset)? span) is { } wrong) return new InsiderProblem(wrong);
            byte[] bytes = await File.ReadAllBytesAsync(path).ConfigureAwait(false);
            (SettlementPaper? paper, string? fault) = SettlementFiles.Read(bytes, said.GetValue(form), said.GetRequiredValue(channel), said.GetValue(id), span);
            if (paper is null) return new InsiderProblem($"{path}: {fault}");
            return await house.Settlements.PostAsync(paper, CancellationToken.None).ConfigureAwait(false) switch
            {
                SettlementOutcome.Posted posted => Shown(posted),
                SettlementOutcome.Refused refused => new InsiderProblem($"{refused.Code}: {refused.Detail}"),
                var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
            };
        });
    }

    private static InsiderList Shown(SettlementOutcome.Posted posted)
    {
        SettlementRecord r = posted.Record;
        string head = string.Create(CultureInfo.InvariantCulture, $"file {r.Id} of {r.Channel}: {r.Lines} lines, {posted.New} booked now, {r.Known} known from other files, {posted.Differences.Count} differences");
        return new InsiderList(
            [new { channel = r.Channel, file = r.Id, lines = r.Lines, booked = posted.New, known = r.Known, differences = posted.Differences.Select(View) }],
            [head, .. posted.Differences.Take(MostShown).Select(Line)]);
    }

    private static Command List() => Verb("list", "Files that were booked, the newest first, and what they come to.", [], (house, _) =>
    {
        IReadOnlyList<SettlementRecord> papers = house.Settlements.Papers(MostShown);
        IReadOnlyList<SettlementTotals> totals = house.Settlements.Totals();
        return Task.FromResult<object>(new InsiderList(
            [new { files = papers.Select(p => new { p.Channel, file = p.Id, from = p.From, to = p.To, p.Lines, p.Known, booked = p.Posted, keptAt = p.KeptAt }), totals = totals.Select(t => new { t.Channel, unit = t.Unit.ToString(), t.Moves.Bank, t.Moves.Fee, t.Moves.Suspense }) }],
            [
                .. papers.Select(p => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{p.Channel}  {p.Id}  {p.From.ToOffset(house.Offset):yyyy-MM-dd}..{p.To.ToOffset(house.Offset).AddTicks(-1):yyyy-MM-dd}  {p.Lines} lines{(p.IsPosted ? string.Empty : ", not all booked: post it again")}")),
                .. totals.Select(t => $"{t.Channel}: bank {Text(t.Moves.Bank, t.Unit)}, fees {Text(t.Moves.Fee, t.Unit)}, in suspense {Text(t.Moves.Suspense, t.Unit)}"),
            ]));
    });

    private static Command Differences() => Verb("differences", "Payments with money in suspense, the oldest first.", [], (house, _) =>
    {
        IReadOnlyList<SettlementDifference> found = house.Settlements.Differences(MostShown);
        return Task.FromResult<object>(new InsiderList([.. found.Select(View)], [.. found.Select(Line)]));
    });

    private static Command Resolve()
    {
        var channel = new Argument<string>("channel") { Description = "The channel, for example wechat." };
        var reference = new Argument<string>("payment") { Description = "The payment's number, as in the list of differences." };
        return Verb("resolve", "Asks to take a difference out of suspense; another person approves it ('latchkey approve give').", [channel, reference, IssueCommand.Reason, IssueCommand.RequestId, Name], async (house, said) =>
            house.Settlements.Find(said.GetRequiredValue(channel), said.GetRequiredValue(reference)) is { } found
                ? await IssueCommand.AskAsync(house, said, ActEffects.Settlement(found), null).ConfigureAwait(false)
                : new InsiderProblem($"nothing is in suspense of '{said.GetValue(reference)}'"));
    }

    private static string? SpanOf(string? from, string? to, TimeSpan offset, out (DateTimeOffset From, DateTimeOffset To)? span)
    {
        span = null;
        if (from is null && to is null) return null;
        if (!TryDay(from, out DateOnly first) || !TryDay(to, out DateOnly last)) return "--from and --to are days such as 2026-11-22, both or neither";
        if (last < first) return "--to lies before --from";
        span = (new DateTimeOffset(first, TimeOnly.MinValue, offset), new DateTimeOffset(last.AddDays(1), TimeOnly.MinValue, offset));
        return null;
    }

    private static bool TryDay(string? text, out DateOnly day) => DateOnly.TryParseExact(text, DayForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out day) && day.Year is > 1970 and < 9000;

    private static object View(SettlementDifference d) => new { channel = d.Channel, payment = d.Reference, minorUnits = d.MinorUnits, unit = d.Unit.ToString(), since = d.Since };

    private static string Line(SettlementDifference d) =>
        $"{d.Channel} {d.Reference}: {Text(Math.Abs(d.MinorUnits), d.Unit)} {(d.MinorUnits > 0 ? "more" : "less")} than was sold for it";

    private static string Text(long amount, LedgerUnit unit) => $"{Books.Amounts.Text(amount, unit)} {Books.Amounts.Name(unit)}";
}
