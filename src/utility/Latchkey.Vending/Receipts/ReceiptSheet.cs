using System.Globalization;
using Latchkey.Quantities;

namespace Latchkey.Vending;

/// <summary>A word and its value.</summary>
public sealed record ReceiptPair(string Name, string Value);

/// <summary>A line of the price.</summary>
/// <param name="Details">Units and rate, what is still owed of a debt; empty where there is nothing to add.</param>
public sealed record ReceiptPrice(string Name, IReadOnlyList<string> Details, string Amount);

/// <summary>A token as it is typed.</summary>
/// <param name="Caption">What it is, and its place in the order of typing when there are several.</param>
/// <param name="Value">What it is worth; empty where it carries no credit.</param>
/// <param name="Number">Five groups of four digits.</param>
public sealed record ReceiptTokenBlock(string Caption, string Value, string Number);

/// <summary>What stands on a receipt in one language, before it is paper, page or PDF: every form of a receipt says the same.</summary>
/// <param name="Totals">Money and energy of the purchase: above the lines of the price, which are printed once however many tokens there are.</param>
/// <param name="Tender">How it was paid over the counter; empty where no counter was.</param>
public sealed record ReceiptSheet(
    string Title,
    string Seller,
    IReadOnlyList<ReceiptPair> SellerDetails,
    IReadOnlyList<string> Notices,
    IReadOnlyList<ReceiptPair> Sale,
    IReadOnlyList<ReceiptPair> Totals,
    IReadOnlyList<ReceiptPrice> Prices,
    IReadOnlyList<ReceiptPair> Tender,
    IReadOnlyList<ReceiptTokenBlock> Tokens,
    string TypeIt,
    string CheckIt)
{
    /// <param name="receipt">As it was stored.</param>
    /// <param name="language">Of the words; names and addresses stay as they are.</param>
    /// <param name="isCopy">Marks a reprint; the tokens are the same, never new ones.</param>
    /// <param name="copy">The number of the reprint where reprints are counted, otherwise 0.</param>
    public static ReceiptSheet Of(OrderReceipt receipt, ReceiptLanguage language, bool isCopy = false, int copy = 0)
    {
        ReceiptWords words = ReceiptWords.In(language);
        return new ReceiptSheet(
            words.Receipt,
            receipt.Seller,
            [.. SellerDetailsOf(receipt, words)],
            [.. NoticesOf(receipt, words, isCopy, copy)],
            [.. SaleOf(receipt, words)],
            [.. TotalsOf(receipt, words)],
            [.. receipt.Lines.Select(line => new ReceiptPrice(NameOf(line, words), [.. DetailsOf(receipt, line, words)], Money(receipt, line.MinorUnits)))],
            [.. TenderOf(receipt, words)],
            [.. receipt.Tokens.Select((_, i) => TokenOf(receipt, i, words))],
            receipt.Tokens.Count > 1 ? words.TypeInOrder : words.TypeIt,
            words.CheckIt);
    }

    private static IEnumerable<ReceiptPair> SellerDetailsOf(OrderReceipt receipt, ReceiptWords words)
    {
        if (receipt.SellerAddress is { Length: > 0 } address) yield return new ReceiptPair(words.Address, address);
        if (receipt.SellerTaxNumber.Length > 0) yield return new ReceiptPair(words.TaxNumber, receipt.SellerTaxNumber);
    }

    private static IEnumerable<string> NoticesOf(OrderReceipt receipt, ReceiptWords words, bool isCopy, int copy)
    {
        if (isCopy) yield return copy > 0 ? string.Format(CultureInfo.InvariantCulture, words.NumberedCopy, copy) : words.Copy;
        if (receipt.Watermark is not null) yield return words.Development;
    }

    private static IEnumerable<ReceiptPair> SaleOf(OrderReceipt receipt, ReceiptWords words)
    {
        yield return new ReceiptPair(words.Receipt, receipt.Number);
        yield return new ReceiptPair(words.Time, receipt.IssuedAt[..16].Replace('T', ' '));
        yield return receipt.Vendor is { } vendor ? new ReceiptPair(words.Vendor, vendor) : new ReceiptPair(words.Channel, receipt.Channel);
        if (receipt.Terminal is { } terminal) yield return new ReceiptPair(words.Terminal, terminal);
        if (receipt.Operator is { } seller) yield return new ReceiptPair(words.Operator, seller);
        if (receipt.PaymentReference is { } payment) yield return new ReceiptPair(words.Payment, payment);
        yield return new ReceiptPair(words.Meter, receipt.MeterNumber);
        yield return new ReceiptPair("SGC KRN TI", $"{receipt.SupplyGroup} {receipt.KeyRevision.ToString(CultureInfo.InvariantCulture)} {receipt.TariffIndex}");
        yield return new ReceiptPair("AT TT", $"{AlgorithmOf(receipt)} {receipt.TokenTechnology ?? OrderReceipt.NumericTechnology}");
        if (receipt.CustomerName is { } name) yield return new ReceiptPair(words.Customer, name);
        yield return new ReceiptPair(words.Account, receipt.CustomerAccount);
        yield return new ReceiptPair(words.Place, receipt.Place);
        yield return new ReceiptPair(words.Tariff, receipt.TariffName ?? receipt.TariffId);
    }

    private static IEnumerable<ReceiptPair> TotalsOf(OrderReceipt receipt, ReceiptWords words)
    {
        yield return new ReceiptPair(words.Paid, Money(receipt, receipt.AmountMinorUnits) + " " + receipt.Currency);
        if (MoneyOf(receipt) is { } money) yield return new ReceiptPair(words.Prepaid, Money(receipt, money) + " " + receipt.Currency);
        else yield return new ReceiptPair(words.Energy, Tenths(receipt.TenthsGranted) + " kWh");
    }

    private static IEnumerable<ReceiptPair> TenderOf(OrderReceipt receipt, ReceiptWords words)
    {
        if (receipt is not { Tender: { } code, TenderedMinorUnits: { } tendered }) yield break;
        long rounded = receipt.CashRoundingMinorUnits ?? 0, payable = receipt.AmountMinorUnits - rounded;
        if (rounded != 0)
        {
            yield return new ReceiptPair(words.CashRounding, "-" + Money(receipt, rounded));
            yield return new ReceiptPair(words.ToPay, Money(receipt, payable));
        }

        yield return new ReceiptPair(words.TenderOf(code), Money(receipt, tendered));
        if (tendered != payable) yield return new ReceiptPair(words.Change, Money(receipt, tendered - payable));
    }

    /// <summary>The place in the order of typing first; a token of several of its kind also says which of them it is.</summary>
    private static ReceiptTokenBlock TokenOf(OrderReceipt receipt, int index, ReceiptWords words)
    {
        ReceiptToken token = receipt.Tokens[index];
        int ofKind = receipt.Tokens.Count(t => t.Kind == token.Kind), before = receipt.Tokens.Take(index).Count(t => t.Kind == token.Kind);
        string place = receipt.Tokens.Count == 1 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $"{index + 1}. ");
        string part = ofKind == 1 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" {before + 1}/{ofKind}");
        return new ReceiptTokenBlock(place + words.TokenOf(token.Kind) + part, ValueOf(receipt, token), token.Number);
    }

    private static string NameOf(ReceiptLine line, ReceiptWords words) => line.Kind switch
    {
        "energy" => words.EnergyLine,
        "vat" => line.Rate is { } rate ? $"{words.Vat} {Percent(rate)}" : words.Vat,
        "prepaid" => words.Prepaid,
        "residue-used" => words.ResidueUsed,
        "residue-kept" => words.ResidueKept,
        _ => line.Name,
    };

    private static IEnumerable<string> DetailsOf(OrderReceipt receipt, ReceiptLine line, ReceiptWords words)
    {
        if (line is { Units: { } units, Rate: { } rate }) yield return $"{Short(units)} kWh @ {Short(rate)}";
        if (line.Kind != "debt") yield break;
        if (line.TaxMinorUnits is { } tax) yield return $"{words.Within} {Money(receipt, tax)}";
        if (line.LeftMinorUnits is { } left) yield return $"{words.Left} {Money(receipt, left)}";
    }

    // "Ea11" of the stored receipt is AT 11 of the standard's.
    private static string AlgorithmOf(OrderReceipt receipt) => receipt.Algorithm.StartsWith("Ea", StringComparison.Ordinal) ? receipt.Algorithm[2..] : receipt.Algorithm;

    private static string ValueOf(OrderReceipt receipt, ReceiptToken token) =>
        token.MinorUnits is { } money ? Money(receipt, money) + " " + receipt.Currency : token.Tenths == 0 ? string.Empty : Tenths(token.Tenths) + " kWh";

    private static long? MoneyOf(OrderReceipt receipt) => receipt.Tokens.Any(t => t.MinorUnits is not null) ? receipt.Tokens.Sum(t => t.MinorUnits ?? 0) : null;

    private static string Money(OrderReceipt receipt, long minorUnits)
    {
        int digits = Currency.TryParse(receipt.Currency, out Currency currency) ? currency.MinorDigits : 0;
        decimal scale = 1;
        for (int i = 0; i < digits; i++) scale *= 10;
        return (minorUnits / scale).ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static string Tenths(long tenths) => (tenths / 10m).ToString("F1", CultureInfo.InvariantCulture);

    private static string Percent(string rate) =>
        decimal.TryParse(rate, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal share) ? (share * 100).ToString("0.##", CultureInfo.InvariantCulture) + "%" : rate;

    /// <summary>Four decimals are enough for paper; the stored receipt has them all.</summary>
    private static string Short(string number) =>
        decimal.TryParse(number, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal value)
            ? decimal.Round(value, 4).ToString("0.####", CultureInfo.InvariantCulture)
            : number;
}
