using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Latchkey.Metrology;

/// <summary>The last 64 voltage samples, twice in a row: longer than a quarter of the slowest cycle (44.4 samples at 45 Hz).</summary>
[InlineArray(Length)]
[SuppressMessage("Performance", "CA1823", Justification = "The field names the element type of the inline array.")]
[SuppressMessage("Roslynator", "RCS1213", Justification = "The field names the element type of the inline array.")]
internal struct VoltageHistory
{
    public const int Cycle = 64;
    public const int Mask = Cycle - 1;
    public const int Length = 2 * Cycle;
    private int _element;
}
