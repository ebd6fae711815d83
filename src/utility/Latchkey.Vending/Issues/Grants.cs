using System.Globalization;
using Latchkey.Ledger;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Orders that nobody pays for: an approval and a budget stand where the payment would.</summary>
internal static class Grants
{
    public const string FreeIssueChannel = "free-issue", TransferChannel = "credit-transfer";
    private static readonly AccountId FreeUnits = AccountId.Require("units:free-issue");
    private static readonly SalesChannel[] All =
        [new(FreeIssueChannel, FundingKind.Grant, Minimum: 0, Maximum: 0), new(TransferChannel, FundingKind.Grant, Minimum: 0, Maximum: 0)];

    /// <summary>The channel of that name, which no seller and no vendor can take.</summary>
    public static SalesChannel? FindChannel(string code) => All.FirstOrDefault(c => c.Code == code);

    public static bool IsGrant(PlaceOrder command) => FindChannel(command.Channel) is not null;

    /// <summary>What an order of so many 0.1 kWh does; null where it is no grant.</summary>
    public static ApprovalEffect? EffectOf(PlaceOrder command, long tenths) => command.Channel switch
    {
        FreeIssueChannel => new ApprovalEffect(ApprovalKind.FreeIssue, command.Pan.ToString(), tenths, LedgerUnit.TenthsOfKilowattHour.ToString(), command.PaymentReference ?? string.Empty),
        TransferChannel => new ApprovalEffect(ApprovalKind.CreditTransfer, command.Pan.ToString(), tenths, LedgerUnit.TenthsOfKilowattHour.ToString(), command.PaymentReference ?? string.Empty),
        _ => null,
    };

    /// <summary>What an entry of so many 0.1 kWh to a meter does, by where it takes them; null where it is no grant.</summary>
    public static ApprovalEffect? EffectIn(JournalEntry entry, MeterPan pan, long tenths)
    {
        AccountId[] sources = [.. entry.Postings.Where(p => p.Amount < 0 && !SaleEntries.IsControl(p)).Select(p => p.Account)];
        if (sources is [var only] && only == FreeUnits) return new ApprovalEffect(ApprovalKind.FreeIssue, pan.ToString(), tenths, LedgerUnit.TenthsOfKilowattHour.ToString(), string.Empty);
        string[] old = [.. sources.Select(s => s.ToString()[(s.ToString().LastIndexOf(':') + 1)..]).Distinct(StringComparer.Ordinal)];
        return old is [var replaced] && MeterPan.TryParse(replaced, out MeterPan from) && sources.All(s => s == SaleEntries.UnitsAccepted(from) || s == SaleEntries.UnitsIssued(from))
            ? new ApprovalEffect(ApprovalKind.CreditTransfer, pan.ToString(), tenths, LedgerUnit.TenthsOfKilowattHour.ToString(), replaced)
            : null;
    }

    /// <summary>The order that an approval is for.</summary>
    public static PlaceOrder OrderOf(Approval approval, Quantities.Currency currency) => new(
        approval.Id, MeterPan.Parse(approval.Effect.Subject), new Quantities.Money(0, currency),
        approval.Effect.Kind == ApprovalKind.FreeIssue ? FreeIssueChannel : TransferChannel,
        approval.Effect.Detail.Length == 0 ? null : approval.Effect.Detail, approval.Request.AskedBy.ToString());

    /// <summary>The replaced meter of a transfer's detail; false where it names none.</summary>
    public static bool TryReadOldMeter(string? detail, out MeterPan pan) => MeterPan.TryParse(detail?.Split(' ', 2)[0], out pan);

    public static SaleTerms TermsOf(Approval approval, MeterRecord meter, DateOnly today) => new(
        meter.Key, meter.TariffId, null, (approval.Effect.Amount / 10m).ToString("0.0", CultureInfo.InvariantCulture), approval.Effect.Amount, 0, [],
        "granted:" + SalePeriods.Month(today), SalePeriods.Fixed(today), meter.CustomerAccount, meter.Place);

    /// <summary>Where the units of a grant come from: a transfer's out of the replaced meter, as far as the books know that it had them.</summary>
    public static (string Code, string Detail)? SourceLegs(IVendingBooks books, PlaceOrder command, long tenths, out IReadOnlyList<Posting> legs)
    {
        legs = [Posting.Credit(FreeUnits, LedgerUnit.TenthsOfKilowattHour, tenths)];
        if (command.Channel != TransferChannel) return null;
        if (!TryReadOldMeter(command.PaymentReference, out MeterPan old) || old == command.Pan)
            return (VendingCodes.RequestMalformed, "A transfer names the replaced meter, which is another one.");
        long accepted = Left(books, SaleEntries.UnitsAccepted(old)), issued = Left(books, SaleEntries.UnitsIssued(old));
        if (tenths > accepted + issued)
            return (VendingCodes.TransferTooHigh, $"The books know of {(accepted + issued) / 10m:0.0} kWh that meter {old} was given, which is less.");
        List<Posting> taken = [];
        if (Math.Min(accepted, tenths) is > 0 and var first) taken.Add(Posting.Credit(SaleEntries.UnitsAccepted(old), LedgerUnit.TenthsOfKilowattHour, first));
        if (tenths - accepted is > 0 and var rest) taken.Add(Posting.Credit(SaleEntries.UnitsIssued(old), LedgerUnit.TenthsOfKilowattHour, rest));
        legs = taken;
        return null;
    }

    /// <summary>Debits less all credits, pending ones too: what nobody has taken yet.</summary>
    private static long Left(IVendingBooks books, AccountId account) => books.FindAccount(account) is { Balance: var b }
        ? Math.Max(0, checked((long)((Int128)b.DebitsPosted - b.CreditsPosted - b.CreditsPending)))
        : 0;
}
