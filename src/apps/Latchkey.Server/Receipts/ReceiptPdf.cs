using System.Globalization;
using Latchkey.Vending;
using SkiaSharp;

namespace Latchkey.Server.Receipts;

/// <summary>A receipt as a PDF of A5 pages, with the seal as a QR code that anybody can check.</summary>
internal sealed class ReceiptPdf(ReceiptFonts fonts)
{
    /// <param name="receipt">As it was stored.</param>
    /// <param name="language">Of the words.</param>
    /// <param name="isCopy">Marks a reprint.</param>
    /// <param name="copy">The number of the reprint where reprints are counted, otherwise 0.</param>
    /// <param name="seal">What the QR code says.</param>
    public byte[] Draw(OrderReceipt receipt, ReceiptLanguage language, bool isCopy, string seal, int copy = 0)
    {
        ReceiptSheet sheet = ReceiptSheet.Of(receipt, language, isCopy, copy);
        using var stream = new MemoryStream();
        DateTimeOffset issued = DateTimeOffset.Parse(receipt.IssuedAt, CultureInfo.InvariantCulture);
        var about = new SKDocumentPdfMetadata
        {
            Title = $"{sheet.Title} {receipt.Number}", Author = receipt.Seller, Producer = "Latchkey", Creation = issued.UtcDateTime, Modified = issued.UtcDateTime,
        };
        using (SKDocument document = SKDocument.CreatePdf(stream, about))
        {
            using var page = new ReceiptPage(document, fonts);
            Draw(page, sheet, receipt.Number, seal);
            page.End();
            document.Close();
        }

        return stream.ToArray();
    }

    private static void Draw(ReceiptPage page, ReceiptSheet sheet, string number, string seal)
    {
        page.Code(seal, sheet.CheckIt);
        page.Heading(sheet.Seller, $"{sheet.Title} {number}");
        foreach (ReceiptPair detail in sheet.SellerDetails) page.Small($"{detail.Name} {detail.Value}");
        foreach (string notice in sheet.Notices) page.Notice(notice);
        page.Rule();
        foreach (ReceiptPair pair in sheet.Sale.Skip(1)) page.Pair(pair.Name, pair.Value);
        page.Rule();
        foreach (ReceiptPair total in sheet.Totals) page.Pair(total.Name, total.Value, strong: true);
        page.Rule();
        foreach (ReceiptPrice price in sheet.Prices)
        {
            page.Pair(price.Name, price.Amount);
            foreach (string detail in price.Details) page.Small(detail);
        }

        if (sheet.Tender.Count > 0) page.Rule();
        foreach (ReceiptPair tender in sheet.Tender) page.Pair(tender.Name, tender.Value);
        page.Rule();
        if (sheet.Tokens.Count > 1) page.Small(sheet.TypeIt);
        foreach (ReceiptTokenBlock token in sheet.Tokens) page.Token(token);
        if (sheet.Tokens.Count == 1) page.Small(sheet.TypeIt);
    }
}
