using Latchkey.Server.Portal.Meters;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Portal.Charts;

/// <summary>Power and balance over time. It is drawn twice, wide and narrow, and the style sheet shows the one that fits: text keeps its size.</summary>
public sealed partial class PowerBalanceChart
{
    // Strips that tell where the pointer is: a browser reports positions in its own pixels, strips are exact at any size.
    private const int PickColumns = 72;
    private PowerBalancePlot? _wide, _narrow;
    private int? _picked;

    /// <summary>Points in time order.</summary>
    [Parameter, EditorRequired] public IReadOnlyList<MeterPoint> Points { get; set; } = [];

    private MeterPoint? Picked => _picked is { } index && index < Points.Count ? Points[index] : null;

    protected override void OnParametersSet()
    {
        if (Points.Count < 2) return;
        _wide = new PowerBalancePlot(Points, 760, 260);
        _narrow = new PowerBalancePlot(Points, 360, 230);
    }
}
