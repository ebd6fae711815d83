namespace Latchkey.Storage.Vending.Bench;

/// <summary>One measured figure with the limit it is held to.</summary>
/// <param name="Limit">The bound in words; null where the figure is only reported.</param>
/// <param name="Holds">Whether the bound holds; true where there is none.</param>
public sealed record VendFigure(string Name, double Value, string Unit, string? Limit, bool Holds)
{
    internal static VendFigure Reported(string name, double value, string unit) => new(name, value, unit, null, Holds: true);

    internal static VendFigure AtLeast(string name, double value, string unit, double limit) =>
        new(name, value, unit, string.Create(System.Globalization.CultureInfo.InvariantCulture, $">= {limit:0.##}"), value >= limit);

    internal static VendFigure AtMost(string name, double value, string unit, double limit) =>
        new(name, value, unit, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"<= {limit:0.##}"), value <= limit);
}
