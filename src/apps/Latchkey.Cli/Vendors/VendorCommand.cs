using System.CommandLine;
using System.Globalization;
using Latchkey.Cli.Insiders;
using Latchkey.Quantities;
using Latchkey.Cli.Sellers;
using Latchkey.Storage;
using Latchkey.Storage.Vending;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Latchkey.Vending.Apart;
using Latchkey.Vending.Vendors;

namespace Latchkey.Cli.Vendors;

/// <summary><c>latchkey vendor …</c>: shops that sell out of a float. Works beside a running server, on the same data directory.</summary>
internal static class VendorCommand
{
    private static readonly Option<string> Data = new("--data") { Description = "The data directory.", Required = true };
    private static readonly Option<string> Offset = new("--utc-offset") { Description = "The seller's clock, for the months of commission: for example +08:00.", DefaultValueFactory = _ => "+08:00" };
    private static readonly Option<bool> AsJson = new("--json") { Description = "One JSON document on standard output." };
    private static readonly Argument<string> Code = new("code") { Description = "The vendor's code." };

    public static Command Create()
    {
        var vendor = new Command("vendor", "Shops that sell out of a float: batches, deposits, commission.")
        {
            List(), Save(), Open(), Close(), Total(), EndDay(), Slip(), Import(), Suspense(), Assign(), CreditNote(), PayCommission(), Lease(), LeaseReturn(), Leases(),
        };
        foreach (Command command in vendor.Subcommands)
        {
            command.Options.Add(Data);
            command.Options.Add(Offset);
            command.Options.Add(AsJson);
        }

        return vendor;
    }

    private static Command List() => Verb("list", "Vendors with float and commission.", [], (house, _) =>
        Task.FromResult<object>(house.Vendors.List().Select(v => new
        {
            v.Code, v.Name, blocked = v.IsBlocked,
            @float = new Money(Balance(house, v.Float), v.Currency).ToString(), commission = new Money(Balance(house, v.CommissionAccount), v.Currency).ToString(),
            open = Enum.GetValues<BatchKind>().Where(kind => house.Vendors.OpenBatch(v.Code, kind) is not null).Select(kind => kind.ToString()),
        })));

    private static Command Save()
    {
        var name = new Option<string>("--name") { Description = "What people call it.", Required = true };
        var currency = new Option<string>("--currency") { Description = "ISO 4217 code.", DefaultValueFactory = _ => "CNY" };
        var least = new Option<long>("--minimum") { Description = "Smallest sale in minor units.", DefaultValueFactory = _ => 1 };
        var most = new Option<long>("--maximum") { Description = "Largest sale in minor units.", DefaultValueFactory = _ => 100_000_00 };
        var share = new Option<int>("--share-ppm") { Description = "Commission: parts per million of the money; 20000 is two percent." };
        var from = new Option<DateOnly?>("--from") { Description = "The first day of that commission; earlier schemes stay." };
        var blocked = new Option<bool>("--blocked") { Description = "May not sell." };
        return Verb("save", "Adds a vendor, or changes it.", [Code, name, currency, least, most, share, from, blocked], async (house, said) =>
        {
            string code = said.GetRequiredValue(Code);
            if (!Currency.TryParse(said.GetRequiredValue(currency), out Currency unit)) return Problem($"'{said.GetValue(currency)}' is no currency code");
            CommissionScheme[] known = [.. house.Vendors.Find(code)?.Schemes ?? []];
            DateOnly day = said.GetValue(from) ?? DateOnly.MinValue;
            bool changes = said.GetResult(share) is not null;
            CommissionScheme[] schemes = changes ? [.. known.Where(s => s.From < day), new CommissionScheme(day, said.GetValue(share), 0, 0, [])] : known;
            return Answer(await house.VendorDesk.SaveAsync(
                new Vendor(code, said.GetRequiredValue(name), unit, said.GetValue(least), said.GetValue(most), said.GetValue(blocked), schemes), CancellationToken.None));
        });
    }

    private static Command Open()
    {
        Argument<BatchKind> kind = Kind();
        var person = new Option<string>("--person") { Description = "Who stands at the till.", Required = true };
        return Verb("open", "Opens a shift, a sales batch or a banking batch, and those around it.", [Code, kind, person], async (house, said) =>
            Answer(await house.VendorDesk.OpenAsync(said.GetRequiredValue(Code), said.GetValue(kind), said.GetRequiredValue(person), CancellationToken.None)));
    }

    private static Command Close()
    {
        Argument<BatchKind> kind = Kind();
        return Verb("close", "Closes a batch; a sales batch accrues its commission.", [Code, kind], async (house, said) =>
            Answer(await house.VendorDesk.CloseAsync(said.GetRequiredValue(Code), said.GetValue(kind), CancellationToken.None)));
    }

    private static Command Total()
    {
        Argument<BatchKind> kind = Kind();
        return Verb("total", "What an open batch holds so far.", [Code, kind], (house, said) =>
            Task.FromResult(Answer(house.VendorDesk.Total(said.GetRequiredValue(Code), said.GetValue(kind)))));
    }

    private static Command EndDay()
    {
        Option<long> cash = Amount("--cash", "Minor units that go to the bank.");
        return Verb("end-day", "Closes all batches and writes the deposit slip.", [Code, cash], async (house, said) =>
            house.Vendors.Find(said.GetRequiredValue(Code)) is { } vendor
                ? Answer(await house.VendorDesk.EndDayAsync(vendor.Code, new Money(said.GetValue(cash), vendor.Currency), CancellationToken.None))
                : Unknown(said.GetRequiredValue(Code)));
    }

    private static Command Slip()
    {
        Option<long> amount = Amount("--amount", "Minor units.");
        return Verb("slip", "A deposit slip with a reference for the bank.", [Code, amount], async (house, said) =>
            house.Vendors.Find(said.GetRequiredValue(Code)) is { } vendor
                ? Answer(await house.VendorDesk.WriteSlipAsync(vendor.Code, new Money(said.GetValue(amount), vendor.Currency), null, CancellationToken.None))
                : Unknown(said.GetRequiredValue(Code)));
    }

    private static Command Import()
    {
        var file = new Argument<string>("file") { Description = "CSV: id, value date (yyyy-MM-dd), reference, amount in minor units, currency; a line each, no heading." };
        return Verb("bank-import", "Reads a bank statement; every line is booked once, however often it is read.", [file], async (house, said) =>
        {
            string path = said.GetRequiredValue(file);
            if (!File.Exists(path)) return Problem($"there is no file '{path}'");
            if (BankStatementFile.Read(await File.ReadAllTextAsync(path), out IReadOnlyList<BankLine> lines) is { } fault) return Problem($"{path}: {fault}");
            IReadOnlyList<BankMatch> results = await house.VendorBank.ImportAsync(lines, CancellationToken.None);
            return lines.Zip(results, (line, match) => new { line.Id, line.Reference, line.Amount.MinorUnits, result = match.ToString() });
        });
    }

    private static Command Suspense() => Verb("suspense", "Money from the bank that no slip explains.", [], (house, _) =>
        Task.FromResult<object>(house.Vendors.Unmatched(1_000).Select(l => new { l.Line.Id, l.Line.ValueDate, l.Line.Reference, l.Line.Amount.MinorUnits, currency = l.Line.Amount.Currency.ToString() })));

    private static Command Assign()
    {
        var line = new Option<string>("--line") { Description = "The bank's number of the line.", Required = true };
        return Verb("assign", "Asks to give money in suspense to a vendor; another person approves it ('latchkey approve give').", [Code, line, IssueCommand.Reason, IssueCommand.RequestId, InsiderHouse.Name], async (house, said) =>
            house.Vendors.FindLine(said.GetRequiredValue(line)) is { } found
                ? await AskAsync(house, said, ActEffects.BankLine(found.Line, said.GetRequiredValue(Code)), null)
                : Problem($"there is no line '{said.GetValue(line)}'"));
    }

    private static Command CreditNote()
    {
        Option<long> amount = Amount("--amount", "Minor units.");
        return Verb("credit-note", "Asks to raise a float without money from the bank; another person approves it ('latchkey approve give').", [Code, amount, IssueCommand.Reason, IssueCommand.RequestId, InsiderHouse.Name], async (house, said) =>
            house.Vendors.Find(said.GetRequiredValue(Code)) is { } vendor
                ? await AskAsync(house, said, ActEffects.CreditNote(vendor.Code, new Money(said.GetValue(amount), vendor.Currency), out string? problem), problem)
                : Unknown(said.GetRequiredValue(Code)));
    }

    private static async Task<object> AskAsync(VendingHouse house, ParseResult said, ApprovalEffect? effect, string? problem)
    {
        if (effect is null) return Problem(problem!);
        object view = InsiderHouse.View(await house.Acts.AskAsync(
            said.GetValue(IssueCommand.RequestId) ?? IssueCommand.NewId(), effect, said.GetRequiredValue(IssueCommand.Reason), InsiderHouse.Person(said), ApprovalDesk.UsualLifetime,
            CancellationToken.None));
        return view is InsiderProblem refused ? Problem(refused.Text) : view;
    }

    private static Command PayCommission()
    {
        (Option<Guid> id, Option<long> amount) = (Id(), Amount("--amount", "Minor units."));
        return Verb("pay-commission", "Pays earned commission onto the float.", [Code, id, amount], async (house, said) =>
            house.Vendors.Find(said.GetRequiredValue(Code)) is { } vendor
                ? Answer(await house.VendorBank.PayCommissionAsync(said.GetValue(id), vendor.Code, new Money(said.GetValue(amount), vendor.Currency), CancellationToken.None))
                : Unknown(said.GetRequiredValue(Code)));
    }

    private static Command Lease()
    {
        (Option<Guid> id, Option<long> amount) = (Id(), Amount("--amount", "Minor units."));
        var holder = new Option<string>("--holder") { Description = "The terminal.", Required = true };
        var hours = new Option<int>("--hours") { Description = "How long it sells on it.", DefaultValueFactory = _ => 24 };
        return Verb("lease", "Hands a part of the float to a terminal, which sells on the channel CODE:lease:SLOT.", [Code, id, holder, amount, hours], async (house, said) =>
            house.Vendors.Find(said.GetRequiredValue(Code)) is { } vendor
                ? Answer(await house.Leases.GrantAsync(
                    said.GetValue(id), vendor.Code, said.GetRequiredValue(holder), new Money(said.GetValue(amount), vendor.Currency), TimeSpan.FromHours(said.GetValue(hours)),
                    CancellationToken.None))
                : Unknown(said.GetRequiredValue(Code)));
    }

    private static Command LeaseReturn()
    {
        var slot = new Argument<int>("slot") { Description = "The lease's slot." };
        return Verb("lease-return", "Ends a terminal's lease; what is left goes back to the float.", [Code, slot], async (house, said) =>
            Answer(await house.Leases.ReturnAsync(said.GetRequiredValue(Code), said.GetValue(slot), CancellationToken.None)));
    }

    private static Command Leases() => Verb("leases", "Terminals with a part of the float, and what they have left.", [Code], (house, said) =>
        Task.FromResult<object>(house.Leases.List(said.GetRequiredValue(Code)).Select(l => new
        {
            l.Lease.Slot, l.Lease.Holder, l.Lease.Channel, l.Lease.MinorUnits, leftMinorUnits = (long)l.Left, l.Lease.ExpiresAt, l.Lease.ReturnedAt,
        })));

    private static Command Verb(string name, string about, IReadOnlyList<Symbol> symbols, Func<VendingHouse, ParseResult, Task<object>> work)
    {
        var command = new Command(name, about);
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }

        command.SetAction(async (said, _) => await RunAsync(said, work));
        return command;
    }

    private static Task<int> RunAsync(ParseResult said, Func<VendingHouse, ParseResult, Task<object>> work) =>
        SellerBooks.RunAsync(new WantedBooks(said.GetRequiredValue(Data), said.GetRequiredValue(Offset)), async house =>
        {
            await house.VendorDesk.ResumeAsync(CancellationToken.None);
            await house.VendorBank.ResumeAsync(CancellationToken.None);
            object answer = await work(house, said);
            if (answer is Failure failure) return CommandOutput.Fail(failure.Text);
            VendorPrinter.Print(VendorViews.Of(answer), said.GetValue(AsJson));
            return CommandOutput.Success;
        });

    private sealed record Failure(string Text);

    private static Failure Problem(string text) => new(text);

    private static Failure Unknown(string code) => new($"there is no vendor '{code}'");

    private static object Answer<T>(VendorOutcome<T> outcome) => outcome switch
    {
        VendorOutcome<T>.Done done => done.Value!,
        VendorOutcome<T>.Refused refused => Problem($"{refused.Code}: {refused.Detail}"),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static long Balance(VendingHouse house, Latchkey.Ledger.AccountId account) => -(long)(house.Ledger.FindAccount(account)?.Balance.Net ?? 0);

    private static Argument<BatchKind> Kind() => new("batch") { Description = "shift, sales or banking." };

    private static Option<Guid> Id() => new("--id") { Description = "A UUID that you make and keep: the same id is the same movement.", Required = true };

    private static Option<long> Amount(string name, string about) => new(name) { Description = about, Required = true };
}
