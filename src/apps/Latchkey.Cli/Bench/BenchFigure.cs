namespace Latchkey.Cli.Bench;

/// <summary>One measured figure with the limit it is held to.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The value seen in this run.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Limit">The bound in words, for example <c>>= 1000000</c>; null where the figure is only reported.</param>
/// <param name="Holds">Whether the bound holds; true where there is none.</param>
public sealed record BenchFigure(string Name, double Value, string Unit, string? Limit, bool Holds);

/// <summary>What one bench measured, and on which machine.</summary>
public sealed record BenchReport(string Bench, MachineDescription Machine, IReadOnlyList<BenchFigure> Figures);
