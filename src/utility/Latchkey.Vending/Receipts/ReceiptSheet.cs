using System.Globalization;
using Latchkey.Quantities;

namespace Latchkey.Vending;

/// <summary>A word and its value.</summary>
public sealed record ReceiptPair(string Name, string Value);

/// <summary>A line of the price.</summary>
/// <param name="Detail">Units and rate, where there are any.</param>
public sealed record ReceiptPrice(string Name, string? Detail, string Amount);

/// <summary>A token as it is typed.</summary>
/// <param name="Caption">What it is, and its place in the order of typing when there are several.</param>
/// <param name="Value">What it is worth; empty where it carries no credit.</param>
/// <param name="Number">Five groups of four digits.</param>
public sealed record ReceiptTokenBlock(string Caption, string Value, string Number);

/// <summary>What stands on a receipt in one language, before it is paper, page or PDF: every form of a receipt says the same.</summary>
public sealed record ReceiptSheet(
    string Title,
    string Seller,
    IReadOnlyList<ReceiptPair> SellerDetails,
    IReadOnlyList<string> Notices,
    IReadOnlyList<ReceiptPair> Sale,
    IReadOnlyList<ReceiptPrice> Prices,
    IReadOnlyList<ReceiptPair> Totals,
    IReadOnlyList<ReceiptTokenBlock> Tokens,
    string TypeIt,
    string CheckIt)
{
    /// <param name="receipt">As it was stored.</param>
    /// <param name="language">Of the words; names and addresses stay as they are.</param>
    /// <param name="isCopy">Marks a reprint; the tokens are the same, never new ones.</param>
    public static ReceiptSheet Of(OrderReceipt receipt, ReceiptLanguage language, bool isCopy = false)
    {
        ReceiptWords words = ReceiptWords.In(language);
        return new ReceiptSheet(
            words.Receipt,
            receipt.Seller,
            [.. SellerDetailsOf(receipt, words)],
            [.. NoticesOf(receipt, words, isCopy)],
            [.. SaleOf(receipt, words)],
            [.. receipt.Lines.Select(line => new ReceiptPrice(words.NameOf(line), DetailOf(line), Money(receipt, line.MinorUnits)))],
            [.. TotalsOf(receipt, words)],
            [.. receipt.Tokens.Select((token, i) => TokenOf(receipt, token, i, words))],
            words.TypeIt,
            words.CheckIt);
    }

    private static IEnumerable<ReceiptPair> SellerDetailsOf(OrderReceipt receipt, ReceiptWords words)
    {
        if (receipt.SellerAddress is { Length: > 0 } address) yield return new ReceiptPair(words.Address, address);
        if (receipt.SellerTaxNumber.Length > 0) yield return new ReceiptPair(words.TaxNumber, receipt.SellerTaxNumber);
    }

    private static IEnumerable<string> NoticesOf(OrderReceipt receipt, ReceiptWords words, bool isCopy)
    {
        if (isCopy) yield return words.Copy;
        if (receipt.Watermark is not null) yield return words.Development;
    }

    private static IEnumerable<ReceiptPair> SaleOf(OrderReceipt receipt, ReceiptWords words)
    {
        yield return new ReceiptPair(words.Receipt, receipt.Number);
        yield return new ReceiptPair(words.Time, receipt.IssuedAt[..16].Replace('T', ' '));
        yield return new ReceiptPair(words.Channel, receipt.Channel);
        if (receipt.Operator is { } seller) yield return new ReceiptPair(words.Operator, seller);
        if (receipt.PaymentReference is { } payment) yield return new ReceiptPair(words.Payment, payment);
        yield return new ReceiptPair(words.Meter, receipt.MeterNumber);
        yield return new ReceiptPair("SGC KRN TI", $"{receipt.SupplyGroup} {receipt.KeyRevision.ToString(CultureInfo.InvariantCulture)} {receipt.TariffIndex}");
        yield return new ReceiptPair(words.Account, receipt.CustomerAccount);
        yield return new ReceiptPair(words.Place, receipt.Place);
    }

    private static IEnumerable<ReceiptPair> TotalsOf(OrderReceipt receipt, ReceiptWords words)
    {
        yield return new ReceiptPair(words.Paid, Money(receipt, receipt.AmountMinorUnits) + " " + receipt.Currency);
        yield return new ReceiptPair(words.Energy, Tenths(receipt.TenthsGranted) + " kWh");
    }

    private static ReceiptTokenBlock TokenOf(OrderReceipt receipt, ReceiptToken token, int index, ReceiptWords words)
    {
        string order = receipt.Tokens.Count == 1 ? string.Empty : string.Create(CultureInfo.InvariantCulture, $" {index + 1}/{receipt.Tokens.Count}");
        return new ReceiptTokenBlock(words.TokenOf(token.Kind) + order, token.Tenths == 0 ? string.Empty : Tenths(token.Tenths) + " kWh", token.Number);
    }

    private static string? DetailOf(ReceiptLine line) => line is { Units: { } units, Rate: { } rate } ? $"{Short(units)} kWh @ {Short(rate)}" : null;

    private static string Money(OrderReceipt receipt, long minorUnits)
    {
        int digits = Currency.TryParse(receipt.Currency, out Currency currency) ? currency.MinorDigits : 0;
        decimal scale = 1;
        for (int i = 0; i < digits; i++) scale *= 10;
        return (minorUnits / scale).ToString("F" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static string Tenths(long tenths) => (tenths / 10m).ToString("F1", CultureInfo.InvariantCulture);

    /// <summary>Four decimals are enough for paper; the stored receipt has them all.</summary>
    private static string Short(string number) =>
        decimal.TryParse(number, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal value)
            ? decimal.Round(value, 4).ToString("0.####", CultureInfo.InvariantCulture)
            : number;
}
