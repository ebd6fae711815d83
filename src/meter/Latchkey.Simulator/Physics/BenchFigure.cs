namespace Latchkey.Simulator.Physics;

/// <summary>One published figure: what was measured, and the limit it must keep.</summary>
/// <param name="Name">Stable name.</param>
/// <param name="Value">Measured value.</param>
/// <param name="Unit">Unit of value and limit.</param>
/// <param name="Limit">The limit, or null where the figure is only reported.</param>
/// <param name="Holds">Whether the limit is kept; true where there is none.</param>
public sealed record BenchFigure(string Name, double Value, string Unit, double? Limit, bool Holds)
{
    /// <summary>A figure without a limit.</summary>
    public static BenchFigure Reported(string name, double value, string unit) => new(name, value, unit, null, true);

    /// <summary>A figure that must not exceed its limit.</summary>
    public static BenchFigure AtMost(string name, double value, string unit, double limit) => new(name, value, unit, limit, value <= limit);

    /// <summary>A figure that must reach its limit.</summary>
    public static BenchFigure AtLeast(string name, double value, string unit, double limit) => new(name, value, unit, limit, value >= limit);
}
