using System.CommandLine;
using System.Globalization;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Latchkey.Vending.Apart;
using Latchkey.Vending.Reconciliation;

namespace Latchkey.Cli.Books;

/// <summary><c>latchkey reconcile …</c>: every set of books against the one beside it. Works beside a running server, on the same data directory.</summary>
internal sealed class ReconcileCommand
{
    private const int MostListed = 10_000;
    private readonly BooksOptions _books = new();

    private ReconcileCommand()
    {
    }

    public static Command Create()
    {
        var reconcile = new ReconcileCommand();
        return new Command("reconcile", "Books against books: floats, tokens, orders, settlement files, meters; what differs has an age and an owner.")
        {
            reconcile.Run(), reconcile.List(), reconcile.Assign(), reconcile.Explain(), reconcile.Settlement(), reconcile.Meters(),
        };
    }

    private Command Run()
    {
        var provider = new Option<string[]>("--provider")
        {
            Description = "channel=provider: whose payment records stand behind a channel. Default wechat=wechatpay.", AllowMultipleArgumentsPerToken = true,
        };
        var days = new Option<string[]>("--settles-in")
        {
            Description = "channel=days, or days for every channel: how long settlement may take before a token counts as unpaid. Default 1.", AllowMultipleArgumentsPerToken = true,
        };
        return _books.Verb("run", "Compares everything and keeps what differs; fails while a difference is open.", [provider, days], async (house, said) =>
        {
            if (Options(said.GetValue(provider) ?? [], said.GetValue(days) ?? [], out ReconciliationOptions options) is { } wrong) return (null, wrong);
            var desk = new ReconciliationDesk(
                house.Papers, house.Ledger, house.Store, house.Signer, house.Vendors, house.Settled, house.HasSigner ? house.Audit : null, options, TimeProvider.System);
            if (await RunAsync(house, desk).ConfigureAwait(false) is not { } run) return (null, Away(house));
            IReadOnlyList<ReconciliationItem> items = desk.List(null, withCleared: false, MostListed);
            Sheet sheet = Sheet(items, said) with
            {
                Footing = [$"run {run.Number}: {run.Found} differences, {run.New} new, {run.Cleared} cleared, {run.Open} open"],
                Document = new { run, items = items.Select(Document) },
            };
            return (sheet, run.Open == 0 ? null : $"{run.Open} differences are open; see reconcile list, then assign and explain them");
        }, needsSigner: true);
    }

    /// <summary>What stands where the signer did not answer: its code, why, and what to do.</summary>
    public static string Away(VendingHouse house) => $"{VendingCodes.SignerUnavailable}: {house.Signer.Ailment}";

    /// <summary>A signer in its own process compares its journal itself, and stops a key that differs; null where it does not answer, and then nothing is kept.</summary>
    private static async Task<ReconciliationRun?> RunAsync(VendingHouse house, ReconciliationDesk desk)
    {
        if (house.HasSigner) return await desk.RunAsync(CancellationToken.None).ConfigureAwait(false);
        DailyReconciliation report = await house.ReconcileAsync(CancellationToken.None).ConfigureAwait(false);
        return report.NotDone is null ? await desk.RunAsync(report, CancellationToken.None).ConfigureAwait(false) : null;
    }

    private Command List()
    {
        var kind = new Option<ReconciliationKind?>("--kind") { Description = "FloatBank, TokensSigner, OrdersLedger, Settlement, UnitsMeter or Tender." };
        var all = new Option<bool>("--all") { Description = "Cleared ones too." };
        return _books.Verb("list", "Differences with age, owner and state, the oldest first.", [kind, all], (house, said) =>
            Answer(Sheet(house.Papers.List(said.GetValue(kind), said.GetValue(all), MostListed), said)));
    }

    private Command Assign()
    {
        Argument<int> number = Number();
        var owner = new Argument<string>("owner") { Description = "Who has to look into it." };
        return _books.Verb("assign", "Gives a difference to somebody.", [number, owner], async (house, said) => Said(
            house, said, said.GetValue(number),
            await house.Reconciliation.AssignAsync(said.GetValue(number), said.GetRequiredValue(owner), CancellationToken.None).ConfigureAwait(false)));
    }

    private Command Explain()
    {
        Argument<int> number = Number();
        var text = new Argument<string>("explanation") { Description = "What was found out." };
        var by = new Option<string>("--by") { Description = "Who says so.", Required = true };
        return _books.Verb("explain", "Says why a difference is there; it stays in the list until the books agree.", [number, text, by], async (house, said) => Said(
            house, said, said.GetValue(number),
            await house.Reconciliation.ExplainAsync(said.GetValue(number), said.GetRequiredValue(text), said.GetRequiredValue(by), CancellationToken.None).ConfigureAwait(false)));
    }

    private Command Settlement()
    {
        var channel = new Argument<string>("channel") { Description = "The channel that the file settles, for example wechat." };
        var file = new Argument<string>("file") { Description = "CSV: pay|refund, reference, minor units, currency, fee, time as 2026-11-22T09:30:00+08:00; a line each, no heading." };
        var from = new Option<string>("--from") { Description = "The first day that the file covers.", Required = true };
        var to = new Option<string>("--to") { Description = "The last day that it covers: what is not in it was not settled.", Required = true };
        return _books.Verb("settlement", "Keeps a settlement file; a line is kept once, however often it is read.", [channel, file, from, to], async (house, said) =>
        {
            if (_books.StartOf(said, said.GetValue(from), out DateTimeOffset start) is { } wrong) return (null, wrong);
            if (_books.StartOf(said, said.GetValue(to), out DateTimeOffset last) is { } wrongEnd) return (null, wrongEnd);
            if (last < start) return (null, "--to lies before --from");
            string text = await File.ReadAllTextAsync(said.GetRequiredValue(file)).ConfigureAwait(false);
            if (PaperFiles.ReadSettlement(text, said.GetRequiredValue(channel), out IReadOnlyList<SettlementLine> lines) is { } fault) return (null, $"{said.GetValue(file)}: {fault}");
            int added = await house.Papers.KeepAsync(new SettlementFile(said.GetRequiredValue(channel), start, last.AddDays(1), lines), CancellationToken.None).ConfigureAwait(false);
            return (Facts($"{lines.Count} lines read, {added} new", new { read = lines.Count, added }), null);
        });
    }

    private Command Meters()
    {
        var file = new Argument<string>("file") { Description = "CSV: meter number, accepted kWh, consumed kWh or nothing, time as 2026-11-22T09:30:00+08:00; a line each, no heading." };
        return _books.Verb("meters", "Keeps what meters report of their own totals.", [file], async (house, said) =>
        {
            string text = await File.ReadAllTextAsync(said.GetRequiredValue(file)).ConfigureAwait(false);
            if (PaperFiles.ReadMeters(text, out IReadOnlyList<MeterTotals> totals) is { } fault) return (null, $"{said.GetValue(file)}: {fault}");
            await house.Papers.KeepAsync(totals, CancellationToken.None).ConfigureAwait(false);
            return (Facts($"{totals.Count} meters read", new { read = totals.Count }), null);
        });
    }

    private Sheet Sheet(IReadOnlyList<ReconciliationItem> items, ParseResult said)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return new Sheet(
            items.Count == 0 ? ["nothing differs"] : [],
            ["no#", "days#", "since", "owner", "state", "amount#", "kind", "code", "about"],
            [
                .. items.Select(i => new[]
                {
                    i.Number.ToString(CultureInfo.InvariantCulture), i.AgeDays(now).ToString(CultureInfo.InvariantCulture), _books.Clock(said, i.Finding.Since),
                    i.Owner, i.State.ToString().ToLowerInvariant(),
                    i.Finding.Amount is { } amount ? $"{Amounts.Text(amount, i.Finding.Unit)} {Amounts.Name(i.Finding.Unit)}" : string.Empty,
                    i.Finding.Kind.ToString(), i.Finding.Code,
                    $"{i.Finding.Subject}: {i.Finding.Problem}" + (i.Explanation is { } why ? $" [{i.ExplainedBy}: {why}]" : string.Empty),
                }),
            ],
            [],
            items.Select(Document));
    }

    private static object Document(ReconciliationItem i) => new
    {
        i.Number, kind = i.Finding.Kind.ToString(), i.Finding.Code, i.Finding.Subject, i.Finding.Problem, i.Finding.Since, i.Finding.Amount,
        unit = i.Finding.Unit.ToString(), i.Owner, state = i.State.ToString(), i.Explanation, i.ExplainedBy, i.FirstSeen, i.LastSeen, i.ClearedAt,
    };

    private (Sheet? Sheet, string? Fault) Said(VendingHouse house, ParseResult said, int number, string? fault) =>
        fault is null ? (Sheet([house.Papers.Find(number)!], said), null) : (null, fault);

    private static string? Options(IReadOnlyList<string> providers, IReadOnlyList<string> days, out ReconciliationOptions options)
    {
        options = new ReconciliationOptions();
        if (providers.Count > 0)
        {
            var map = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (string[] pair in providers.Select(p => p.Split('=', 2)))
            {
                if (pair is not [{ Length: > 0 } channel, var name]) return "--provider is written as wechat=wechatpay";
                if (name.Length > 0) map[channel] = name;
            }

            options = options with { Providers = map };
        }

        var times = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);
        foreach (string[] pair in days.Select(d => d.Split('=', 2)))
        {
            if (!int.TryParse(pair[^1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count > 400) return "--settles-in is written as 2 or fund=45, at most 400 days";
            if (pair.Length == 1) options = options with { SettlementTime = TimeSpan.FromDays(count) };
            else times[pair[0]] = TimeSpan.FromDays(count);
        }

        options = options with { SettlementTimes = times };
        return null;
    }

    private static Sheet Facts(string line, object document) => new([line], [], [], [], document);

    private static Argument<int> Number() => new("number") { Description = "The difference's number in the list." };

    private static Task<(Sheet? Sheet, string? Fault)> Answer(Sheet sheet) => Task.FromResult<(Sheet?, string?)>((sheet, null));
}
