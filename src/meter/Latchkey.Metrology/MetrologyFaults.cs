namespace Latchkey.Metrology;

/// <summary>What the self-checks of the measuring core have found since start; a bit stays until the next start.</summary>
[Flags]
public enum MetrologyFaults
{
    None = 0,

    /// <summary>The voltage channel is at the end of its range.</summary>
    VoltageImplausible = 1,

    /// <summary>A current channel is at the end of its range, or active power is larger than voltage times current.</summary>
    CurrentImplausible = 2,

    /// <summary>A channel has given the same count for 50 ms: a living converter has noise.</summary>
    ConverterStuck = 4,

    /// <summary>Samples of frames and samples taken do not agree: something was lost or counted twice.</summary>
    FrameCounter = 8,

    /// <summary>The energy registers and the integral of the shown power differ by more than a millionth.</summary>
    EnergyIntegral = 16,

    /// <summary>A known tone, through the same code, gave other sums than it must.</summary>
    TestTone = 32,

    /// <summary>The two voltage channels disagree while the switch between them is closed.</summary>
    ReferenceChannel = 64,

    /// <summary>A cell of the working memory did not keep what was written.</summary>
    Memory = 128,

    /// <summary>The image of the legally relevant software has changed since start.</summary>
    Image = 256,
}
