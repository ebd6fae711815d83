namespace Latchkey.Vending;

/// <summary>The language of a printed receipt. Numbers are stored.</summary>
public enum ReceiptLanguage
{
    English = 1,
    Chinese = 2,
}

/// <summary>A receipt as text for a narrow printer: 58 mm paper of 32 columns, or 80 mm of 48; a Chinese character takes two.</summary>
public static class ReceiptText
{
    public const int Columns = 32;
    public const int WideColumns = 48;
    private const int FirstGroups = 14;

    /// <param name="receipt">As it was stored.</param>
    /// <param name="language">Of the words.</param>
    /// <param name="isCopy">Marks a reprint; the token is the same, never a new one.</param>
    /// <param name="copy">The number of the reprint where reprints are counted, otherwise 0.</param>
    /// <param name="columns">Of the paper, 24 or more: three groups of a token and a margin.</param>
    public static string Render(OrderReceipt receipt, ReceiptLanguage language, bool isCopy = false, int copy = 0, int columns = Columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(columns, 24);
        ReceiptSheet sheet = ReceiptSheet.Of(receipt, language, isCopy, copy);
        var paper = new ReceiptPaper(columns);
        paper.Centre(sheet.Seller);
        foreach (ReceiptPair detail in sheet.SellerDetails) paper.Pair(detail);
        foreach (string notice in sheet.Notices) paper.Centre(notice);
        paper.Rule();
        foreach (ReceiptPair pair in sheet.Sale) paper.Pair(pair);
        paper.Rule();
        foreach (ReceiptPair total in sheet.Totals) paper.Pair(total);
        paper.Rule();
        foreach (ReceiptPrice price in sheet.Prices)
        {
            paper.Pair(new ReceiptPair(price.Name, price.Amount));
            foreach (string detail in price.Details) paper.Left("  " + detail);
        }

        if (sheet.Tender.Count > 0) paper.Rule();
        foreach (ReceiptPair tender in sheet.Tender) paper.Pair(tender);
        paper.Rule();
        if (sheet.Tokens.Count > 1) paper.Left(sheet.TypeIt);
        foreach (ReceiptTokenBlock token in sheet.Tokens) Token(paper, token);
        if (sheet.Tokens.Count == 1) paper.Left(sheet.TypeIt);
        return paper.ToString();
    }

    // Three groups and two: five groups fit the paper, but not a hurried eye.
    private static void Token(ReceiptPaper paper, ReceiptTokenBlock token)
    {
        paper.Pair(new ReceiptPair(token.Caption, token.Value));
        paper.Centre(token.Number[..FirstGroups]);
        paper.Centre(token.Number[(FirstGroups + 1)..]);
    }
}
