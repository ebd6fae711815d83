using System.Globalization;
using System.Text;

namespace Latchkey.Vending;

/// <summary>Lays text out in columns of a printer whose letters all have one width, or two.</summary>
internal sealed class ReceiptPaper(int columns)
{
    private static readonly Rune Blank = new(' ');
    private readonly StringBuilder _text = new();

    public void Rule() => Line(new string('-', columns));

    public void Left(string text)
    {
        foreach (string part in Wrap(Plain(text))) Line(part);
    }

    public void Centre(string text)
    {
        foreach (string part in Wrap(Plain(text))) Line(new string(' ', (columns - Width(part)) / 2) + part);
    }

    /// <summary>A word at the left, its value at the right; a value that is too long takes lines of its own.</summary>
    public void Pair(ReceiptPair pair)
    {
        string name = Plain(pair.Name), value = Plain(pair.Value);
        int gap = columns - Width(name) - Width(value);
        if (gap >= 1)
        {
            Line((name + new string(' ', gap) + value).TrimEnd());
            return;
        }

        Left(name);
        foreach (string part in Wrap(value)) Line(new string(' ', columns - Width(part)) + part);
    }

    public override string ToString() => _text.ToString();

    /// <summary>How many columns a text takes.</summary>
    public static int Width(string text) => text.EnumerateRunes().Sum(Width);

    // A name is somebody's input; a printer obeys control characters.
    private static string Plain(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;

    private void Line(string line) => _text.Append(line).Append('\n');

    /// <summary>Breaks between words where a line has a blank in its second half, otherwise where it is full: Chinese has no blanks.</summary>
    private IEnumerable<string> Wrap(string text)
    {
        Rune[] rest = [.. text.EnumerateRunes()];
        while (rest.Length > 0)
        {
            int fits = Fitting(rest), blank = fits < rest.Length ? Array.LastIndexOf(rest, Blank, fits) : -1;
            int cut = blank > fits / 2 ? blank : fits;
            yield return string.Concat(rest[..cut]);
            rest = cut == blank ? rest[(cut + 1)..] : rest[cut..];
        }
    }

    private int Fitting(Rune[] runes)
    {
        int width = 0, count = 0;
        while (count < runes.Length && width + Width(runes[count]) <= columns) width += Width(runes[count++]);
        return Math.Max(1, count);
    }

    /// <summary>
    /// Nothing for marks that stand on the letter before; two columns for what East Asian printers draw wide (UAX #11, classes W and F); one for the rest.
    /// </summary>
    private static int Width(Rune rune)
    {
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control) return 0;
        return rune.Value is (>= 0x1100 and <= 0x115F) or 0x2329 or 0x232A or (>= 0x2E80 and <= 0x303E) or (>= 0x3041 and <= 0x33FF) or (>= 0x3400 and <= 0x4DBF)
            or (>= 0x4E00 and <= 0x9FFF) or (>= 0xA000 and <= 0xA4CF) or (>= 0xA960 and <= 0xA97F) or (>= 0xAC00 and <= 0xD7A3) or (>= 0xF900 and <= 0xFAFF)
            or (>= 0xFE10 and <= 0xFE19) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6) or (>= 0x16FE0 and <= 0x18DFF)
            or (>= 0x1B000 and <= 0x1B2FF) or (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F900 and <= 0x1F9FF) or (>= 0x20000 and <= 0x3FFFD) ? 2 : 1;
    }
}
