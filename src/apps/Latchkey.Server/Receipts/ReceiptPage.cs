using Latchkey.Vending;
using QRCoder;
using SkiaSharp;

namespace Latchkey.Server.Receipts;

/// <summary>Writes down a page of A5 and goes on to the next when it is full. Lengths are points.</summary>
internal sealed class ReceiptPage(SKDocument document, ReceiptFonts fonts) : IDisposable
{
    private const float Width = 420, Height = 595, Margin = 32;
    private const float Body = 10, SmallSize = 8.5f, HeadSize = 16, TokenSize = 17;
    private const float CodeSide = 118, CodeGap = 8;

    private readonly SKPaint _ink = new() { Color = new SKColor(0x1A, 0x1A, 0x1A), IsAntialias = true };
    private readonly SKPaint _quiet = new() { Color = new SKColor(0x66, 0x66, 0x66), IsAntialias = true };
    private readonly SKPaint _alarm = new() { Color = new SKColor(0xB0, 0x1E, 0x1E), IsAntialias = true };
    private readonly SKPaint _shade = new() { Color = new SKColor(0xF0, 0xF4, 0xF2) };
    private SKCanvas? _canvas;
    private float _y;
    private float _codeEnds;

    /// <summary>How wide a line may be: beside the code there is less.</summary>
    private float Room => Width - (2 * Margin) - (_y < _codeEnds ? CodeSide + CodeGap : 0);

    public void Heading(string left, string right)
    {
        using SKFont head = Font(HeadSize, bold: true), small = Font(SmallSize);
        Need(HeadSize * 2);
        _y += HeadSize;
        foreach (string part in Wrap(left, head, Room))
        {
            _canvas!.DrawText(part, Margin, _y, SKTextAlign.Left, head, _ink);
            _y += HeadSize * 1.25f;
        }

        _canvas!.DrawText(right, Margin, _y, SKTextAlign.Left, small, _quiet);
        _y += SmallSize;
    }

    public void Notice(string text)
    {
        using SKFont font = Font(Body, bold: true);
        foreach (string part in Wrap(text, font, Room))
        {
            Need(Body * 1.8f);
            _y += Body * 1.6f;
            _canvas!.DrawText(part, Margin + (Room / 2), _y, SKTextAlign.Center, font, _alarm);
        }
    }

    public void Small(string text)
    {
        using SKFont font = Font(SmallSize);
        foreach (string part in Wrap(text, font, Room))
        {
            Need(SmallSize * 1.4f);
            _y += SmallSize * 1.4f;
            _canvas!.DrawText(part, Margin, _y, SKTextAlign.Left, font, _quiet);
        }
    }

    public void Rule()
    {
        _y = Math.Max(_y, _codeEnds);
        _codeEnds = 0;
        Need(Body);
        _y += Body;
        _canvas!.DrawLine(Margin, _y, Width - Margin, _y, _quiet);
    }

    /// <summary>A word at the left and its value at the right; a long value takes lines of its own.</summary>
    public void Pair(string name, string value, bool strong = false)
    {
        using SKFont font = Font(strong ? Body * 1.2f : Body, strong);
        float line = font.Size * 1.4f, room = Width - (2 * Margin);
        bool together = font.MeasureText(name) + font.MeasureText(value) + font.Size <= room;
        Need(line);
        _y += line;
        _canvas!.DrawText(name, Margin, _y, SKTextAlign.Left, font, strong ? _ink : _quiet);
        foreach (string part in Wrap(value, font, room))
        {
            if (!together)
            {
                Need(line);
                _y += line;
            }

            _canvas!.DrawText(part, Width - Margin, _y, SKTextAlign.Right, font, _ink);
        }
    }

    /// <summary>A token in a shaded box: the digits as large as the line carries.</summary>
    public void Token(ReceiptTokenBlock token)
    {
        const float Box = 50, Gap = Body * 0.8f;
        using SKFont digits = Font(TokenSize, bold: true), small = Font(SmallSize);
        Need(Box + Gap);
        _y += Gap;
        _canvas!.DrawRoundRect(Margin, _y, Width - (2 * Margin), Box, 6, 6, _shade);
        _canvas!.DrawText(token.Caption, Margin + 10, _y + 16, SKTextAlign.Left, small, _quiet);
        _canvas!.DrawText(token.Value, Width - Margin - 10, _y + 16, SKTextAlign.Right, small, _quiet);
        _canvas!.DrawText(token.Number.Replace(" ", "   ", StringComparison.Ordinal), Width / 2, _y + 39, SKTextAlign.Center, digits, _ink);
        _y += Box;
    }

    /// <summary>At the top right, so that an ordinary receipt is one page; what comes next stands beside it until <see cref="Rule"/>.</summary>
    public void Code(string text, string caption)
    {
        Need(CodeSide + (Body * 2));
        float left = Width - Margin - CodeSide;
        using (var generator = new QRCodeGenerator())
        using (QRCodeData code = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.M))
        {
            // Squares side by side leave hairlines on some viewers; runs of one row are drawn as one.
            float module = CodeSide / code.ModuleMatrix.Count;
            for (int row = 0; row < code.ModuleMatrix.Count; row++) DrawRow(code.ModuleMatrix[row], left, _y + (row * module), module);
        }

        using SKFont small = Font(SmallSize - 1);
        _codeEnds = _y + CodeSide + (Body * 0.4f);
        _canvas!.DrawText(caption, left + (CodeSide / 2), _codeEnds, SKTextAlign.Center, small, _quiet);
    }

    public void End()
    {
        if (_canvas is not null) document.EndPage();
        _canvas = null;
    }

    public void Dispose()
    {
        foreach (SKPaint paint in (SKPaint[])[_ink, _quiet, _alarm, _shade]) paint.Dispose();
    }

    private void DrawRow(System.Collections.BitArray row, float left, float top, float module)
    {
        for (int x = 0; x < row.Count; x++)
        {
            if (!row[x]) continue;
            int begin = x;
            while (x + 1 < row.Count && row[x + 1]) x++;
            _canvas!.DrawRect(left + (begin * module), top, (x - begin + 1) * module, module * 1.02f, _ink);
        }
    }

    private void Need(float height)
    {
        if (_canvas is not null && _y + height <= Height - Margin) return;
        End();
        _canvas = document.BeginPage(Width, Height);
        _y = Margin;
    }

    private SKFont Font(float size, bool bold = false) => new(bold ? fonts.Bold : fonts.Regular, size);

    private static IEnumerable<string> Wrap(string text, SKFont font, float width)
    {
        while (text.Length > 0)
        {
            int fits = Math.Max(1, font.BreakText(text, width, out _));
            if (fits < text.Length && char.IsHighSurrogate(text[fits - 1])) fits = Math.Max(2, fits - 1);

            // Between words where the second half of the line has a blank; Chinese has none.
            int blank = fits < text.Length ? text.LastIndexOf(' ', fits) : -1, cut = blank > fits / 2 ? blank : Math.Min(fits, text.Length);
            yield return text[..cut];
            text = cut == blank ? text[(cut + 1)..] : text[cut..];
        }
    }
}
