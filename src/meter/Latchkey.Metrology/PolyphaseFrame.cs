namespace Latchkey.Metrology;

/// <summary>The frames of three phases over the same time.</summary>
/// <param name="L1">First phase.</param>
/// <param name="L2">Second phase.</param>
/// <param name="L3">Third phase.</param>
/// <param name="IsClockwise">True when L2 follows L1; false for the reversed order or where it cannot be told.</param>
public readonly record struct PolyphaseFrame(FrameSums L1, FrameSums L2, FrameSums L3, bool IsClockwise);

/// <summary>What a three-phase meter shows.</summary>
public readonly record struct PolyphaseRegisters
{
    /// <summary>Energies and total power; the other quantities are those of the reference phase.</summary>
    public MetrologyRegisters Total { get; init; }

    public MetrologyRegisters L1 { get; init; }

    public MetrologyRegisters L2 { get; init; }

    public MetrologyRegisters L3 { get; init; }

    /// <summary>True when the phases follow in the order L1, L2, L3.</summary>
    public bool IsClockwise { get; init; }

    /// <summary>Bits 0 to 2: a phase below half the nominal voltage for ten seconds while another is above four fifths.</summary>
    public int MissingPhases { get; init; }

    /// <summary>True when phase voltages deviate by more than a fifth in opposite directions.</summary>
    public bool IsNeutralLost { get; init; }
}
