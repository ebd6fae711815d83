namespace Latchkey.Meter.LoadSwitch;

/// <summary>What the controller knows of its meter. The defaults are a 5(60) A meter at 230 V.</summary>
public sealed record LoadSwitchSettings
{
    public double NominalVolts { get; init; } = 230;

    /// <summary>Imax of the meter, ampere rms; 1.25 times this is the breaking capacity.</summary>
    public double MaxAmps { get; init; } = 60;

    /// <summary>Starting current, ampere; three times this counts as current flowing.</summary>
    public double StartingAmps { get; init; } = 0.02;

    public double VoltsPerCount { get; init; } = 60e-6;

    public double AmpsPerCount { get; init; } = 34e-6;

    /// <summary>Known delay of the load-side voltage channel, microseconds: its filter, measured once per design.</summary>
    public double LoadVoltageLatencyUs { get; init; }

    /// <summary>Whether a weak coil supply defers a request; only the benchmark of the estimator turns it off.</summary>
    public bool DefersOnWeakCoil { get; init; } = true;

    /// <summary>First touch to last when closing, milliseconds: the first touch is aimed half of it before the voltage's zero.</summary>
    public double BounceMs { get; init; } = 2.1;

    /// <summary>Shortest time between two pulses, microseconds.</summary>
    public long RestUs { get; init; } = 1_000_000;

    public DelayModel Delay { get; init; } = new();

    /// <summary>What is known of the contacts. With a deviation of the gap's strength it is learned; with none it is taken as given.</summary>
    public ContactModel Contact { get; init; } = new() { StrengthDeviation = 0.1 };

    /// <summary>What a joule of arc in another half cycle than the chosen one counts: above 1 for the balance of the contacts.</summary>
    public double StrayWeight { get; init; } = 1.5;

    /// <summary>Imbalance of the contacts' charge above which an opening is taken earlier to pay some of it back, coulomb.</summary>
    public double PaybackCoulombs { get; init; } = 0.08;

    /// <summary>The most energy that such an opening may cost.</summary>
    public double PaybackJoules { get; init; } = 0.3;

    /// <summary>Seed of the choice of polarity while the ledger is even.</summary>
    public uint Seed { get; init; } = 1;
}
