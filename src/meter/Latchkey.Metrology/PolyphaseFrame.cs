namespace Latchkey.Metrology;

/// <summary>The frames of three phases over the same time.</summary>
/// <param name="L1">First phase.</param>
/// <param name="L2">Second phase.</param>
/// <param name="L3">Third phase.</param>
/// <param name="IsClockwise">True when L2 follows L1; false for the reversed order or where it cannot be told.</param>
public readonly record struct PolyphaseFrame(FrameSums L1, FrameSums L2, FrameSums L3, bool IsClockwise)
{
    /// <summary>Sum of (v1 + v2 + v3)², counts²·samples: the star point's wandering.</summary>
    public long ResidualV2 { get; init; }

    /// <summary>Sum of (i1 + i2 + i3)²: what the neutral must carry.</summary>
    public long ResidualI2 { get; init; }
}

/// <summary>What a three-phase meter shows.</summary>
public readonly record struct PolyphaseRegisters
{
    /// <summary>Energies and total power; the other quantities are those of the reference phase.</summary>
    public MetrologyRegisters Total { get; init; }

    /// <summary>The first phase, with its own energies.</summary>
    public MetrologyRegisters L1 { get; init; }

    public MetrologyRegisters L2 { get; init; }

    public MetrologyRegisters L3 { get; init; }

    /// <summary>True when the phases follow in the order L1, L2, L3.</summary>
    public bool IsClockwise { get; init; }

    /// <summary>Bits 0 to 2: a phase below half the nominal voltage for ten seconds while another is above four fifths.</summary>
    public int MissingPhases { get; init; }

    /// <summary>
    /// True when phase voltages deviate by more than a fifth in opposite directions, or when their sum is above 15 % of the nominal voltage for
    /// ten seconds while all three are there.
    /// </summary>
    public bool IsNeutralLost { get; init; }

    /// <summary>Rms of the sum of the three voltages; 0 for a sound symmetrical supply.</summary>
    public long ResidualMillivolts { get; init; }

    /// <summary>Rms of the sum of the three currents: the neutral's current, where it is not measured.</summary>
    public long SumOfCurrentsMicroamps { get; init; }
}

/// <summary>What must survive a power cut in a three-phase meter.</summary>
/// <param name="Total">The vectorial sum, which is billed.</param>
/// <param name="L1">Energies of the first phase.</param>
/// <param name="L2">Energies of the second.</param>
/// <param name="L3">Energies of the third.</param>
public readonly record struct PolyphaseState(MetrologyState Total, MetrologyState L1, MetrologyState L2, MetrologyState L3);
