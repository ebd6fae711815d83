using System.Globalization;
using System.Text;

namespace Latchkey.Vending.Programmes;

/// <summary>The picture of a programme: meters with their set over time, the forecast dashed, the deadline upright.</summary>
/// <remarks>Colours are the page's own where it sets them (<c>--ink</c> and so on); a file by itself has readable ones.</remarks>
public static class ProgressPicture
{
    public const int Width = 760, Height = 280;
    private const int Left = 64, Right = 16, Top = 20, Bottom = 36;

    public static string Svg(ProgressCurve curve)
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" role="img" font-family="system-ui, sans-serif" font-size="12">""");
        Grid(svg, curve);
        Line(svg, curve, p => p.Forecast, "var(--forecast, #888)", "5 4");
        Line(svg, curve, p => p.Changed, "var(--changed, #0b7a75)", null);
        Line(svg, curve, p => p.Proven, "var(--proven, #2e9e4f)", null);
        Deadline(svg, curve);
        return svg.Append("</svg>").ToString();
    }

    private static void Grid(StringBuilder svg, ProgressCurve curve)
    {
        for (int quarter = 0; quarter <= 4; quarter++)
        {
            int y = Y(curve, (int)((long)curve.Meters * quarter / 4));
            svg.Append(CultureInfo.InvariantCulture, $"""<line x1="{Left}" x2="{Width - Right}" y1="{y}" y2="{y}" stroke="var(--grid, #ddd)"/>""");
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{Left - 8}" y="{y + 4}" text-anchor="end" fill="var(--ink, #555)">{(long)curve.Meters * quarter / 4:#,0}</text>""");
        }

        int count = curve.Points.Count;
        foreach (int i in new[] { 0, count / 3, count * 2 / 3, count - 1 }.Distinct())
        {
            string anchor = i == 0 ? "start" : i == count - 1 ? "end" : "middle";
            svg.Append(CultureInfo.InvariantCulture, $"""<text x="{X(curve, i)}" y="{Height - 12}" text-anchor="{anchor}" fill="var(--ink, #555)">{curve.Points[i].Day:yyyy-MM-dd}</text>""");
        }
    }

    private static void Line(StringBuilder svg, ProgressCurve curve, Func<CurvePoint, int?> value, string colour, string? dash)
    {
        var path = new StringBuilder();
        for (int i = 0; i < curve.Points.Count; i++)
        {
            if (value(curve.Points[i]) is { } meters) path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? 'M' : 'L')}{X(curve, i)} {Y(curve, meters)}");
        }

        if (path.Length == 0) return;
        svg.Append(CultureInfo.InvariantCulture, $"""<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"{(dash is null ? "" : $" stroke-dasharray=\"{dash}\"")}/>""");
    }

    private static void Deadline(StringBuilder svg, ProgressCurve curve)
    {
        int at = curve.Deadline is { } day && curve.Points.Count > 0 ? day.DayNumber - curve.Points[0].Day.DayNumber : -1;
        if (at < 0 || at >= curve.Points.Count) return;
        int x = X(curve, at);
        svg.Append(CultureInfo.InvariantCulture, $"""<line x1="{x}" x2="{x}" y1="{Top}" y2="{Height - Bottom}" stroke="var(--deadline, #c0392b)" stroke-width="2"/>""");
        svg.Append(CultureInfo.InvariantCulture, $"""<text x="{x - 6}" y="{Top - 6}" text-anchor="end" fill="var(--deadline, #c0392b)">{curve.Deadline:yyyy-MM-dd}</text>""");
    }

    private static int X(ProgressCurve curve, int i) => Left + (int)((long)(Width - Left - Right) * i / Math.Max(1, curve.Points.Count - 1));

    private static int Y(ProgressCurve curve, int meters) =>
        Height - Bottom - (int)((long)(Height - Top - Bottom) * Math.Min(meters, curve.Meters) / Math.Max(1, curve.Meters));
}
