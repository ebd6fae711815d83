using System.Collections.Frozen;

namespace Latchkey.Server.Portal.Meters;

/// <summary>Which of the seven segments are lit for a character: bit 0 is the top bar, then clockwise, bit 6 the middle.</summary>
public static class SevenSegmentFont
{
    private static readonly FrozenDictionary<char, byte> Segments = new Dictionary<char, byte>
    {
        ['0'] = 0x3F, ['1'] = 0x06, ['2'] = 0x5B, ['3'] = 0x4F, ['4'] = 0x66, ['5'] = 0x6D, ['6'] = 0x7D, ['7'] = 0x07,
        ['8'] = 0x7F, ['9'] = 0x6F, ['A'] = 0x77, ['b'] = 0x7C, ['C'] = 0x39, ['c'] = 0x58, ['d'] = 0x5E, ['E'] = 0x79,
        ['F'] = 0x71, ['G'] = 0x3D, ['H'] = 0x76, ['h'] = 0x74, ['I'] = 0x06, ['i'] = 0x04, ['J'] = 0x1E, ['L'] = 0x38,
        ['n'] = 0x54, ['O'] = 0x3F, ['o'] = 0x5C, ['P'] = 0x73, ['q'] = 0x67, ['r'] = 0x50, ['S'] = 0x6D, ['t'] = 0x78,
        ['U'] = 0x3E, ['u'] = 0x1C, ['y'] = 0x6E, ['-'] = 0x40, ['_'] = 0x08, ['='] = 0x48, [' '] = 0x00,
    }.ToFrozenDictionary();

    /// <summary>The segments of a character; a letter is tried in the other case too, an unknown sign stays dark.</summary>
    public static byte Of(char sign) =>
        Segments.TryGetValue(sign, out byte lit)
        || Segments.TryGetValue(char.ToUpperInvariant(sign), out lit)
        || Segments.TryGetValue(char.ToLowerInvariant(sign), out lit) ? lit : (byte)0;

    /// <summary>The cells of a row, right aligned: the character and whether a point follows it.</summary>
    public static IReadOnlyList<(char Sign, bool Point)> Cells(string text, int width)
    {
        var cells = new List<(char, bool)>(width);
        foreach (char sign in text)
        {
            if (sign == '.' && cells.Count > 0) cells[^1] = (cells[^1].Item1, true);
            else cells.Add((sign, sign == '.'));
        }

        while (cells.Count < width) cells.Insert(0, (' ', false));
        return cells.Count > width ? cells.GetRange(cells.Count - width, width) : cells;
    }
}
