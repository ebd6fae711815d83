using System.Globalization;
using System.Text;

namespace Latchkey.Simulator.Physics;

/// <summary>A small line chart as SVG text: axes, grid, lines, bands, marks and a legend.</summary>
internal sealed class SvgChart(string title, (double From, double To) x, (double From, double To) y, string xLabel, string yLabel, bool logX = false)
{
    private const int Width = 900;
    private const int Height = 420;
    private const int Left = 70;
    private const int Right = 20;
    private const int Top = 40;
    private const int Bottom = 50;
    private static readonly string[] Colours = ["#1f6fb2", "#c8102e", "#2e8b57", "#b8860b", "#6a3d9a", "#444444", "#d95f02", "#008b8b"];
    private readonly StringBuilder _body = new();
    private readonly List<(string Name, string Colour)> _legend = [];

    public string NextColour => Colours[_legend.Count % Colours.Length];

    public void Line(string name, IEnumerable<(double X, double Y)> points, string? colour = null, bool dashed = false)
    {
        string stroke = colour ?? NextColour;
        string path = string.Join(' ', points.Select(p => F(X(p.X)) + "," + F(Y(Math.Clamp(p.Y, y.From, y.To)))));
        _body.Append(CultureInfo.InvariantCulture, $"<polyline fill=\"none\" stroke=\"{stroke}\" stroke-width=\"1.6\"{(dashed ? " stroke-dasharray=\"6 4\"" : "")} points=\"{path}\"/>\n");
        // The mirrored half of a pair of limits has no name of its own.
        if (name.Length > 0) _legend.Add((name, stroke));
    }

    public void Band(double from, double to, string colour, string name)
    {
        _body.Append(CultureInfo.InvariantCulture,
            $"<rect x=\"{F(X(from))}\" y=\"{Top}\" width=\"{F(Math.Max(X(to) - X(from), 1))}\" height=\"{Height - Top - Bottom}\" fill=\"{colour}\" opacity=\"0.25\"/>\n");
        _legend.Add((name, colour));
    }

    public void Mark(double at, string text, string colour)
    {
        _body.Append(CultureInfo.InvariantCulture,
            $"<line x1=\"{F(X(at))}\" x2=\"{F(X(at))}\" y1=\"{Top}\" y2=\"{Height - Bottom}\" stroke=\"{colour}\" stroke-dasharray=\"3 3\"/>\n");
        _legend.Add((text, colour));
    }

    public override string ToString()
    {
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture,
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"22\" font-size=\"15\" font-weight=\"bold\">{title}</text>\n");
        foreach (double tick in Ticks(x.From, x.To, logX))
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<line x1=\"{F(X(tick))}\" x2=\"{F(X(tick))}\" y1=\"{Top}\" y2=\"{Height - Bottom}\" stroke=\"#e4e4e4\"/><text x=\"{F(X(tick))}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{Number(tick)}</text>\n");
        }

        foreach (double tick in Ticks(y.From, y.To, false))
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<line x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{F(Y(tick))}\" y2=\"{F(Y(tick))}\" stroke=\"#e4e4e4\"/><text x=\"{Left - 6}\" y=\"{F(Y(tick) + 4)}\" text-anchor=\"end\">{Number(tick)}</text>\n");
        }

        svg.Append(_body);
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 12}\" text-anchor=\"middle\">{xLabel}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"16\" y=\"{(Top + Height - Bottom) / 2}\" transform=\"rotate(-90 16 {(Top + Height - Bottom) / 2})\" text-anchor=\"middle\">{yLabel}</text>\n");
        for (int k = 0; k < _legend.Count; k++)
        {
            svg.Append(CultureInfo.InvariantCulture,
                $"<rect x=\"{Width - 245}\" y=\"{Top + 8 + (k * 17)}\" width=\"12\" height=\"4\" fill=\"{_legend[k].Colour}\"/><text x=\"{Width - 228}\" y=\"{Top + 14 + (k * 17)}\">{_legend[k].Name}</text>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static IEnumerable<double> Ticks(double from, double to, bool log)
    {
        if (log)
        {
            for (double decade = Math.Pow(10, Math.Ceiling(Math.Log10(from))); decade <= to * 1.0001; decade *= 10) yield return decade;
            yield break;
        }

        double raw = (to - from) / 8, magnitude = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        double step = magnitude * ((raw / magnitude) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 });
        for (double at = Math.Ceiling(from / step) * step; at <= to + (step / 1000); at += step) yield return Math.Abs(at) < step / 1000 ? 0 : at;
    }

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);

    private static string F(double value) => value.ToString("F1", CultureInfo.InvariantCulture);

    private double X(double value)
    {
        double share = logX ? (Math.Log10(value) - Math.Log10(x.From)) / (Math.Log10(x.To) - Math.Log10(x.From)) : (value - x.From) / (x.To - x.From);
        return Left + (share * (Width - Left - Right));
    }

    private double Y(double value) => Height - Bottom - ((value - y.From) / (y.To - y.From) * (Height - Top - Bottom));
}
