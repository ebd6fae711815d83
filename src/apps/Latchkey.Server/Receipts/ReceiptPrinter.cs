using System.Text;
using Latchkey.Server.Api;
using Latchkey.Vending;

namespace Latchkey.Server.Receipts;

/// <summary>Gives a receipt in the form that was asked for: PDF, text for a 58 mm printer (32 columns) or an 80 mm one (48), or the stored JSON.</summary>
internal sealed class ReceiptPrinter(IReceipts receipts, ServerOptions options) : IDisposable
{
    private readonly Lazy<ReceiptFonts?> _fonts = new(ReceiptFonts.Open);

    public IReceipts Receipts => receipts;

    /// <param name="copy">The number of the reprint where reprints are counted, otherwise 0.</param>
    public IResult Print(OrderReceipt? receipt, string? format, string? language, bool isCopy, int copy = 0)
    {
        if (receipt is null) return Problems.NotFound("unknown-receipt", "There is no receipt of this id: the purchase is unknown, or it has no token yet.");
        if (LanguageOf(language) is not { } words) return Problems.BadParameter("language", "en or zh");
        return format switch
        {
            null or "pdf" => Pdf(receipt, words, isCopy, copy),
            "text" => Results.Text(ReceiptText.Render(receipt, words, isCopy, copy), "text/plain", Encoding.UTF8),
            "text48" => Results.Text(ReceiptText.Render(receipt, words, isCopy, copy, ReceiptText.WideColumns), "text/plain", Encoding.UTF8),
            "json" => Results.Bytes(receipt.ToBytes(), "application/json"),
            _ => Problems.BadParameter("format", "pdf, text, text48 or json"),
        };
    }

    public void Dispose()
    {
        if (_fonts.IsValueCreated) _fonts.Value?.Dispose();
    }

    private IResult Pdf(OrderReceipt receipt, ReceiptLanguage language, bool isCopy, int copy)
    {
        if (_fonts.Value is not { } fonts)
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, "no-font", $"This machine has no font with Chinese letters. Install fonts-noto-cjk, or name a font file in {ReceiptFonts.Variable}; the text form works without.");
        byte[] pdf;
        lock (fonts) pdf = new ReceiptPdf(fonts).Draw(receipt, language, isCopy, CodeOf(receipt), copy);
        return Results.File(pdf, "application/pdf", $"receipt-{receipt.Number}.pdf");
    }

    /// <summary>With a public address the code opens the page that checks it; the statement is behind the mark #, which no browser sends to the server.</summary>
    private string CodeOf(OrderReceipt receipt)
    {
        string seal = receipts.Seal.Seal(receipt);
        return options.PublicAddress is { } address ? new Uri(address, "/receipts/check").ToString() + "#" + seal : seal;
    }

    private static ReceiptLanguage? LanguageOf(string? language) => language switch
    {
        null or "en" => ReceiptLanguage.English,
        "zh" or "zh-Hans" or "zh-CN" => ReceiptLanguage.Chinese,
        _ => null,
    };
}
