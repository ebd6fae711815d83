namespace Latchkey.Metrology;

/// <summary>Marks code of the sample interrupt: no allocation, no boxing, no virtual call, no exception, no loop.</summary>
/// <remarks>A test reads the IL of every marked method and of everything it calls.</remarks>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor, Inherited = false)]
public sealed class RealTimeAttribute : Attribute;
