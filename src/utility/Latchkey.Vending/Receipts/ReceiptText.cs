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
    private const int FirstGroups = 14;

    /// <param name="receipt">As it was stored.</param>
    /// <param name="language">Of the words.</param>
    /// <param name="isCopy">Marks a reprint; the token is the same, never a new one.</param>
    public static string Render(OrderReceipt receipt, ReceiptLanguage language, bool isCopy = false)
    {
        ReceiptSheet sheet = ReceiptSheet.Of(receipt, language, isCopy);
        List<string> lines =
        [
            .. Centre(sheet.Seller),
            .. sheet.SellerDetails.SelectMany(Pair),
            .. sheet.Notices.SelectMany(Centre),
            Rule,
            .. sheet.Sale.SelectMany(Pair),
            Rule,
            .. sheet.Prices.SelectMany(Price),
            .. sheet.Totals.SelectMany(Pair),
            Rule,
            .. sheet.Tokens.SelectMany(token => Token(token, sheet.TypeIt)),
        ];
        return string.Join('\n', lines) + "\n";
    }

    private static string Rule => new('-', Columns);

    private static IEnumerable<string> Price(ReceiptPrice price)
    {
        IEnumerable<string> line = Pair(new ReceiptPair(price.Name, price.Amount));
        return price.Detail is null ? line : line.Append("  " + price.Detail);
    }

    // Three groups and two: five groups fit the paper, but not a hurried eye.
    private static IEnumerable<string> Token(ReceiptTokenBlock token, string typeIt) =>
        [.. Pair(new ReceiptPair(token.Caption, token.Value)), .. Centre(token.Number[..FirstGroups]), .. Centre(token.Number[(FirstGroups + 1)..]), typeIt];

    /// <summary>A word at the left, its value at the right; a value that is too long takes lines of its own.</summary>
    private static IEnumerable<string> Pair(ReceiptPair pair)
    {
        int gap = Columns - Width(pair.Name) - Width(pair.Value);
        if (gap >= 1) return [pair.Name + new string(' ', gap) + pair.Value];
        return [pair.Name, .. Wrap(pair.Value).Select(part => new string(' ', Columns - Width(part)) + part)];
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
