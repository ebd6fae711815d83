using System.Globalization;
using System.Text;

namespace Latchkey.Vending;

/// <summary>The language of a printed receipt. Numbers are stored.</summary>
public enum ReceiptLanguage
{
    English = 1,
    Chinese = 2,
}

/// <summary>A receipt as text for a 58 mm printer: 32 columns, a Chinese character taking two.</summary>
public static class ReceiptText
{
    public const int Columns = 32;

    /// <param name="isCopy">Marks a reprint; the token is the same, never a new one.</param>
    public static string Render(OrderReceipt receipt, ReceiptLanguage language, bool isCopy = false)
    {
        ReceiptWords words = ReceiptWords.In(language);
        var lines = new List<string>();
        lines.AddRange(Centre(receipt.Seller));
        if (receipt.SellerTaxNumber.Length > 0) lines.AddRange(Pair(words.TaxNumber, receipt.SellerTaxNumber));
        if (isCopy) lines.AddRange(Centre(words.Copy));
        if (receipt.Watermark is not null) lines.AddRange(Centre(words.Development));
        lines.Add(Rule);
        lines.AddRange(Pair(words.Receipt, receipt.Number));
        lines.AddRange(Pair(words.Time, receipt.IssuedAt[..16].Replace('T', ' ')));
        lines.AddRange(Pair(words.Channel, receipt.Channel));
        if (receipt.Operator is not null) lines.AddRange(Pair(words.Operator, receipt.Operator));
        if (receipt.PaymentReference is not null) lines.AddRange(Pair(words.Payment, receipt.PaymentReference));
        lines.AddRange(Pair(words.Meter, receipt.MeterNumber));
        lines.AddRange(Pair("SGC KRN TI", $"{receipt.SupplyGroup} {receipt.KeyRevision.ToString(CultureInfo.InvariantCulture)} {receipt.TariffIndex}"));
        lines.AddRange(Pair(words.Account, receipt.CustomerAccount));
        lines.AddRange(Pair(words.Place, receipt.Place));
        lines.Add(Rule);
        AddPrice(lines, receipt, words);
        lines.Add(Rule);
        foreach (ReceiptToken token in receipt.Tokens) AddToken(lines, token, words);
        return string.Join('\n', lines) + "\n";
    }

    private static string Rule => new('-', Columns);

    private static void AddPrice(List<string> lines, OrderReceipt receipt, ReceiptWords words)
    {
        foreach (ReceiptLine line in receipt.Lines)
        {
            lines.AddRange(Pair(words.NameOf(line), Money(receipt, line.MinorUnits)));
            if (line is { Units: not null, Rate: not null }) lines.Add($"  {Short(line.Units)} kWh @ {Short(line.Rate)}");
        }

        lines.AddRange(Pair(words.Paid, Money(receipt, receipt.AmountMinorUnits) + " " + receipt.Currency));
        lines.AddRange(Pair(words.Energy, Tenths(receipt.TenthsGranted) + " kWh"));
    }

    private static void AddToken(List<string> lines, ReceiptToken token, ReceiptWords words)
    {
        lines.AddRange(Pair(words.Token, Tenths(token.Tenths) + " kWh"));

        // Three groups and two: five groups fit the paper, but not a hurried eye.
        lines.AddRange(Centre(token.Number[..14]));
        lines.AddRange(Centre(token.Number[15..]));
        lines.Add(words.TypeIt);
    }

    private static string Money(OrderReceipt receipt, long minorUnits)
    {
        int digits = Quantities.Currency.TryParse(receipt.Currency, out Quantities.Currency currency) ? currency.MinorDigits : 0;
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

    /// <summary>A word at the left, its value at the right; a value that is too long takes lines of its own.</summary>
    private static IEnumerable<string> Pair(string name, string value)
    {
        int gap = Columns - Width(name) - Width(value);
        if (gap >= 1) return [name + new string(' ', gap) + value];
        return [name, .. Wrap(value).Select(part => new string(' ', Columns - Width(part)) + part)];
    }

    private static IEnumerable<string> Centre(string text) =>
        Wrap(text).Select(part => new string(' ', (Columns - Width(part)) / 2) + part);

    private static IEnumerable<string> Wrap(string text)
    {
        var line = new StringBuilder();
        int width = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (width + Width(rune) > Columns)
            {
                yield return line.ToString();
                line.Clear();
                width = 0;
            }

            line.Append(rune);
            width += Width(rune);
        }

        yield return line.ToString();
    }

    private static int Width(string text) => text.EnumerateRunes().Sum(Width);

    /// <summary>Two columns from the first wide block (Hangul, CJK, full-width forms) on, one below.</summary>
    private static int Width(Rune rune) => rune.Value is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F)
        or (>= 0xFF00 and <= 0xFF60) or >= 0x1F300 ? 2 : 1;
}
