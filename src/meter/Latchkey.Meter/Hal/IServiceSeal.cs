namespace Latchkey.Meter.Hal;

/// <summary>The sealed switch inside the case: what is legally relevant may be changed only while an officer has broken the seal and holds it open.</summary>
public interface IServiceSeal
{
    bool IsOpen { get; }
}

/// <summary>A seal that nobody breaks: the meter as it hangs on the wall.</summary>
public sealed class ClosedSeal : IServiceSeal
{
    public static ClosedSeal Instance { get; } = new();

    public bool IsOpen => false;
}
