namespace Latchkey.Simulator.Physics;

/// <summary>How a circuit starts.</summary>
public sealed record PowerCircuitOptions
{
    /// <summary>Seed of everything that is drawn.</summary>
    public int Seed { get; init; } = 1;

    public PhysicsParameters Physics { get; init; } = PhysicsParameters.Default;

    /// <summary>Whether the contacts touch at the start.</summary>
    public bool StartsClosed { get; init; } = true;

    /// <summary>Share of the rated erosion already used up.</summary>
    public double RelayAge { get; init; }

    /// <summary>Factor on the operate time; null draws one from the population.</summary>
    public double? RelaySpread { get; init; }

    /// <summary>Imperfections of the front end; null takes the sensing section of the physics.</summary>
    public FrontEndErrors? FrontEnd { get; init; }

    /// <summary>Whether a cycle that came out as the one before is played again instead of computed: quick, and right to the converter's last bit but one.</summary>
    public bool RepeatsQuietCycles { get; init; }

    /// <summary>Phase of the supply at the start, radian.</summary>
    public double StartPhase { get; init; }
}
