using System.CommandLine;
using System.Globalization;
using Latchkey.Ledger;
using Latchkey.Storage.Ledger;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending.Units;

namespace Latchkey.Cli.Books;

/// <summary><c>latchkey ledger …</c>: periods, trial balances and statements. Works beside a running server, on the same data directory.</summary>
internal sealed class LedgerCommand
{
    private readonly BooksOptions _books = new();

    private LedgerCommand()
    {
    }

    public static Command Create()
    {
        var ledger = new LedgerCommand();
        return new Command("ledger", "The books: closing of periods, trial balances, statements, energy against tokens.")
        {
            ledger.Close(), ledger.Root(), ledger.Periods(), ledger.TrialBalance(), ledger.Statement(), ledger.Units(), ledger.Meter(),
        };
    }

    private Command Close()
    {
        var through = new Option<string?>("--through") { Description = "The last day of the period, for example 2026-10-31." };
        var month = new Option<string?>("--month") { Description = "The month to close, for example 2026-10." };
        var by = new Option<string>("--by") { Description = "Who closes it and answers for it.", Required = true };
        var keeper = new Option<string>("--keeper") { Description = "Who keeps the books: the name in the published root.", Required = true };
        return _books.Verb("close", "Audits, closes everything through a day for good, and signs the root.", [through, month, by, keeper], async (house, said) =>
        {
            if (Day(said.GetValue(through), said.GetValue(month)) is not { } day) return (null, "say --through 2026-10-31 or --month 2026-10, one of them");
            if (_books.StartOf(said, day, out DateTimeOffset last) is { } wrong) return (null, wrong);
            if (Name(said.GetRequiredValue(keeper)) is { } nameless) return (null, nameless);
            using RootKey key = RootKey.OpenOrCreate(_books.Directory(said));
            var desk = new ClosingDesk(house, key, TimeProvider.System);
            return await desk.CloseAsync(last.AddDays(1), said.GetRequiredValue(by), said.GetRequiredValue(keeper), CancellationToken.None).ConfigureAwait(false) switch
            {
                ClosingOutcome.Closed closed => (PeriodSheets.Closed(closed, at => _books.Clock(said, at)), null),
                ClosingOutcome.Refused refused => (null, refused.Detail),
                var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
            };
        });
    }

    private Command Root()
    {
        var number = new Argument<int>("number") { Description = "The period's number." };
        var keeper = new Option<string>("--keeper") { Description = "Who keeps the books.", Required = true };
        return _books.Verb("root", "Signs a closed period whose root is missing.", [number, keeper], async (house, said) =>
        {
            if (Name(said.GetRequiredValue(keeper)) is { } nameless) return (null, nameless);
            using RootKey key = RootKey.OpenOrCreate(_books.Directory(said));
            PublishedRoot? root = await new ClosingDesk(house, key, TimeProvider.System)
                .SignAsync(said.GetValue(number), said.GetRequiredValue(keeper), CancellationToken.None).ConfigureAwait(false);
            return root is null
                ? (null, "there is no such period without a root, or the ledger is not intact; run audit verify")
                : (new Sheet(root.Document.TrimEnd().Split('\n'), [], [], [], new { root = root.Document }), null);
        });
    }

    private Command Periods() => _books.Verb("periods", "The closed periods.", [], (house, said) =>
        Answer(PeriodSheets.List(house.Periods.List(), at => _books.Clock(said, at))));

    private Command TrialBalance()
    {
        var period = new Option<int?>("--period") { Description = "A closed period, as it was closed." };
        var at = new Option<string?>("--at") { Description = "As of the end of this day; without it and without --period: as of now." };
        return _books.Verb("trial-balance", "Every account's totals, and per unit their sums.", [period, at], (house, said) =>
        {
            if (said.GetValue(period) is { } number)
            {
                return house.Periods.Of(number) is { } closed && house.Periods.List().Any(p => p.Number == number)
                    ? Answer(PeriodSheets.Balance($"period {number}", closed, t => _books.Clock(said, t)))
                    : Fault($"there is no closed period {number}");
            }

            DateTimeOffset through = TimeProvider.System.GetUtcNow();
            if (said.GetValue(at) is { } day)
            {
                if (_books.StartOf(said, day, out DateTimeOffset start) is { } wrong) return Fault(wrong);
                through = start.AddDays(1) - AccountingPeriod.Step;
            }

            return Answer(PeriodSheets.Balance("trial balance", house.Periods.AsOf(through), t => _books.Clock(said, t)));
        });
    }

    private Command Statement()
    {
        var account = new Argument<string>("account") { Description = "For example float:shop-7, clearing:wechat, revenue:energy." };
        var from = new Option<string>("--from") { Description = "The first day.", Required = true };
        var to = new Option<string>("--to") { Description = "The last day.", Required = true };
        return _books.Verb("statement", "Opening balance, every movement with its place in the chain, closing balance.", [account, from, to], (house, said) =>
        {
            if (!AccountId.TryParse(said.GetRequiredValue(account), out AccountId id)) return Fault($"'{said.GetValue(account)}' is no account name");
            if (_books.StartOf(said, said.GetValue(from), out DateTimeOffset start) is { } wrong) return Fault(wrong);
            if (_books.StartOf(said, said.GetValue(to), out DateTimeOffset last) is { } wrongEnd) return Fault(wrongEnd);
            if (last < start) return Fault("--to lies before --from");
            return house.Statements.Of(id, start, last.AddDays(1)) switch
            {
                null => Fault($"there is no account {id}"),
                { IsCut: true } => Fault($"more than {AccountStatement.MaxLines} lines; ask for a shorter stretch"),
                var statement => Answer(StatementSheet.Of(statement, at => _books.Clock(said, at))),
            };
        });
    }

    private Command Units() => _books.Verb("units", "Energy against tokens: ledger, orders and signer count the same kilowatt-hours.", [], async (house, _) =>
    {
        UnitIdentity? units = await UnitIdentity.OfAsync(house.Ledger, house.Store, house.Signer, CancellationToken.None).ConfigureAwait(false);
        return units is null ? (null, ReconcileCommand.Away(house)) : (UnitSheets.Of(units), units.Holds ? null : "energy and tokens differ");
    }, needsSigner: true);

    private Command Meter()
    {
        var pan = new Argument<string>("meter") { Description = "The meter's number, 18 digits." };
        return _books.Verb("meter", "A meter's energy: issued, accepted, waiting, expired, and what it reports itself.", [pan], (house, said) =>
            !MeterPan.TryParse(said.GetRequiredValue(pan), out MeterPan number) ? Fault($"'{said.GetValue(pan)}' is no meter number of 18 digits")
            : MeterUnits.Of(number, house.Ledger, house.Store, house.Papers) is { } units ? Answer(UnitSheets.Of(units, at => _books.Clock(said, at)))
            : Fault($"there is no meter {number}"));
    }

    private static string? Day(string? through, string? month)
    {
        if (through is null == month is null) return null;
        return through ?? (DateOnly.TryParseExact(month + "-01", "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly first)
            ? first.AddMonths(1).AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : month);
    }

    private static string? Name(string keeper) => keeper.Length is 0 or > 100 || keeper.Any(char.IsControl) ? "--keeper is 1 to 100 characters on one line" : null;

    private static Task<(Sheet? Sheet, string? Fault)> Answer(Sheet sheet) => Task.FromResult<(Sheet?, string?)>((sheet, null));

    private static Task<(Sheet? Sheet, string? Fault)> Fault(string text) => Task.FromResult<(Sheet?, string?)>((null, text));
}
