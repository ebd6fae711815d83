using SkiaSharp;

namespace Latchkey.Server.Receipts;

/// <summary>The typefaces of printed receipts. Chinese names stand on English receipts too, so the font must have both.</summary>
internal sealed class ReceiptFonts : IDisposable
{
    /// <summary>Names a font file to use before all others.</summary>
    public const string Variable = "LATCHKEY_FONT";

    private const int SimplifiedChinese = 2;
    private const string Debian = "/usr/share/fonts/opentype/noto/NotoSansCJK-";
    private static readonly int[] Asked = ['A', '9', '电', '收'];

    private ReceiptFonts(SKTypeface regular, SKTypeface bold) => (Regular, Bold) = (regular, bold);

    public SKTypeface Regular { get; }

    public SKTypeface Bold { get; }

    /// <summary>Opens the first fonts that have what receipts need; null where the machine has none.</summary>
    public static ReceiptFonts? Open()
    {
        foreach ((string regular, string bold, int index) in Candidates())
        {
            if (Open(regular, index) is not { } face) continue;
            return new ReceiptFonts(face, Open(bold, index) ?? face);
        }

        return null;
    }

    public void Dispose()
    {
        if (!ReferenceEquals(Regular, Bold)) Bold.Dispose();
        Regular.Dispose();
    }

    private static IEnumerable<(string Regular, string Bold, int Index)> Candidates()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } own) yield return (own, own, 0);
        yield return (Debian + "Regular.ttc", Debian + "Bold.ttc", SimplifiedChinese);
        string windows = Environment.GetFolderPath(Environment.SpecialFolder.Fonts);
        if (windows.Length > 0) yield return (Path.Combine(windows, "msyh.ttc"), Path.Combine(windows, "msyhbd.ttc"), 0);
        yield return ("/System/Library/Fonts/PingFang.ttc", "/System/Library/Fonts/PingFang.ttc", 0);
    }

    private static SKTypeface? Open(string path, int index)
    {
        if (!File.Exists(path) || SKTypeface.FromFile(path, index) is not { } face) return null;
        using var font = new SKFont(face);
        if (Asked.All(font.ContainsGlyph)) return face;
        face.Dispose();
        return null;
    }
}
