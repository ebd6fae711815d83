using System.Globalization;
using System.Text;
using Latchkey.Quantities;
using Latchkey.Server.Portal.Meters;

namespace Latchkey.Server.Portal.Charts;

/// <summary>The geometry of the chart: power as an area on the left scale, balance as a line on the right one.</summary>
public sealed class PowerBalancePlot
{
    private const int Left = 52, Right = 58, Top = 14, Bottom = 30, Ticks = 4;
    private static readonly TimeSpan[] Steps =
    [
        TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(2), TimeSpan.FromHours(4), TimeSpan.FromHours(8), TimeSpan.FromDays(1),
        TimeSpan.FromDays(2), TimeSpan.FromDays(7), TimeSpan.FromDays(14),
    ];

    private readonly IReadOnlyList<MeterPoint> _points;
    private readonly long _powerTopMw, _balanceTopMwh, _balanceFloorMwh;
    private readonly DateTimeOffset _from;
    private readonly TimeSpan _span;

    public PowerBalancePlot(IReadOnlyList<MeterPoint> points, int width, int height)
    {
        _points = points;
        Width = width;
        Height = height;
        _from = points[0].At;
        _span = points[^1].At > _from ? points[^1].At - _from : TimeSpan.FromSeconds(1);
        _powerTopMw = NiceTop(points.Max(p => p.Power.Milliwatts), 100_000);
        _balanceTopMwh = NiceTop(points.Max(p => p.Balance.MilliwattHours), 1_000_000);
        long least = points.Min(p => p.Balance.MilliwattHours);
        _balanceFloorMwh = least < 0 ? -NiceTop(-least, 1_000_000) : 0;
    }

    public int Width { get; }

    public int Height { get; }

    public int Baseline => Height - Bottom;

    public int PlotLeft => Left;

    public int PlotRight => Width - Right;

    public static int PlotTop => Top;

    public TimeSpan Span => _span;

    public string PowerLine => Path(p => PowerY(p.Power));

    public string PowerArea => $"{PowerLine} L{Number(X(_points[^1].At))} {Baseline} L{Number(X(_points[0].At))} {Baseline} Z";

    public string BalanceLine => Path(p => BalanceY(p.Balance));

    public IEnumerable<(double Y, string Power, string Balance)> Rows()
    {
        for (int i = 0; i <= Ticks; i++)
        {
            long balance = _balanceFloorMwh + ((_balanceTopMwh - _balanceFloorMwh) * i / Ticks);
            double y = Baseline - ((double)(Baseline - Top) * i / Ticks);
            yield return (y, ShortPower(_powerTopMw * i / Ticks), ShortEnergy(balance));
        }
    }

    /// <summary>Labels at round hours or midnights of the reader's zone, at most as many as asked for.</summary>
    public IEnumerable<(double X, DateTimeOffset At)> Columns(int most, TimeSpan offset)
    {
        TimeSpan step = Array.Find(Steps, s => _span / s <= most) is { Ticks: > 0 } fitting ? fitting : _span;
        long first = (_from + offset).UtcTicks / step.Ticks * step.Ticks;
        for (DateTimeOffset at = new DateTimeOffset(first, TimeSpan.Zero) - offset; at <= _from + _span; at += step)
        {
            if (at >= _from) yield return (X(at), at);
        }
    }

    public double X(DateTimeOffset at) => Left + ((PlotRight - Left) * ((at - _from) / _span));

    public double PowerY(Power power) => Baseline - ((Baseline - Top) * Math.Clamp((double)power.Milliwatts / _powerTopMw, 0, 1));

    public double BalanceY(Energy balance) =>
        Baseline - ((Baseline - Top) * ((double)(balance.MilliwattHours - _balanceFloorMwh) / (_balanceTopMwh - _balanceFloorMwh)));

    /// <summary>The point nearest to a share of the plot's width.</summary>
    public int Nearest(double x)
    {
        int best = 0;
        for (int i = 1; i < _points.Count; i++)
        {
            if (Math.Abs(X(_points[i].At) - x) < Math.Abs(X(_points[best].At) - x)) best = i;
        }

        return best;
    }

    public static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    // One, two, four, five or eight times a power of ten: four rows then carry round figures.
    internal static long NiceTop(long value, long least)
    {
        long wanted = Math.Max(value, least), unit = 1;
        while (unit <= wanted / 10) unit *= 10;
        long[] steps = [1, 2, 4, 6, 8, 10, 12, 16, 20];
        return steps.Select(step => step * unit).First(top => top >= wanted);
    }

    private static string ShortPower(long milliwatts) => milliwatts is 0 or >= 1_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{milliwatts / 1_000_000m:0.##} kW")
        : Power.FromMilliwatts(milliwatts).ToString();

    private static string ShortEnergy(long milliwattHours) => string.Create(CultureInfo.InvariantCulture, $"{milliwattHours / 1_000_000m:0.##} kWh");

    private string Path(Func<MeterPoint, double> y)
    {
        var path = new StringBuilder(_points.Count * 12);
        foreach (MeterPoint point in _points)
            path.Append(path.Length == 0 ? 'M' : 'L').Append(Number(X(point.At))).Append(' ').Append(Number(y(point)));
        return path.ToString();
    }
}
