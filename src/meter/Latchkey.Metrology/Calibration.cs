namespace Latchkey.Metrology;

/// <summary>How an energy flow against the meter's direction is registered.</summary>
public enum EnergyDirection
{
    /// <summary>Import and export in their own registers.</summary>
    Signed = 0,

    /// <summary>Export is counted as import too: turning the meter round saves nothing.</summary>
    ReverseCountsForward = 1,
}

/// <summary>The sealed, device-specific parameters of one phase.</summary>
public readonly record struct Calibration
{
    /// <summary>Voltage of one count, picovolt; nominally 60 µV.</summary>
    public long VoltagePicovolts { get; init; }

    /// <summary>Phase current of one count, picoampere; nominally 34 µA.</summary>
    public long CurrentPicoamps { get; init; }

    /// <summary>Neutral current of one count, picoampere.</summary>
    public long NeutralPicoamps { get; init; }

    /// <summary>Zero of the phase current channel, counts.</summary>
    public int CurrentOffset { get; init; }

    /// <summary>Zero of the neutral current channel, counts.</summary>
    public int NeutralOffset { get; init; }

    /// <summary>How much the current channel lags the voltage channel, samples × 65536; at most ±65536.</summary>
    public int CurrentLagQ16 { get; init; }

    /// <summary>Added to the measured active power, microwatt: crosstalk at the smallest currents.</summary>
    public long PowerOffsetMicrowatts { get; init; }

    /// <summary>Subtracted from the square of the measured current, microampere²: noise at the smallest currents.</summary>
    public long CurrentSquareOffset { get; init; }

    /// <summary>Power at which the meter must start, milliwatt: 0.4 % of Ib at Un for class 1.</summary>
    public long StartingPowerMilliwatts { get; init; }

    /// <summary>Impulses of the verification output per kWh; divides 10^9.</summary>
    public int ImpulsesPerKwh { get; init; }

    /// <summary>How reverse flow is registered.</summary>
    public EnergyDirection Direction { get; init; }

    /// <summary>True when the larger of phase and neutral current is billed while they differ by more than 6 % and 0.2 A.</summary>
    public bool BillsLargerCurrent { get; init; }

    /// <summary>An ideal front end with nominal scales: 230 V, 5(60) A, 1600 imp/kWh.</summary>
    public static Calibration Nominal { get; } = new()
    {
        VoltagePicovolts = 60_000_000,
        CurrentPicoamps = 34_000_000,
        NeutralPicoamps = 34_000_000,
        StartingPowerMilliwatts = 4_600,
        ImpulsesPerKwh = 1600,
    };

    /// <summary>Whether every field is inside the range that the arithmetic was proved for.</summary>
    public bool IsValid =>
        VoltagePicovolts is > 0 and < (1L << 28) && CurrentPicoamps is > 0 and < (1L << 28)
        && NeutralPicoamps is > 0 and < (1L << 28)
        && CurrentOffset is > -(1 << 20) and < 1 << 20 && NeutralOffset is > -(1 << 20) and < 1 << 20
        && CurrentLagQ16 is >= -65536 and <= 65536
        && PowerOffsetMicrowatts is > -1_000_000_000 and < 1_000_000_000
        && CurrentSquareOffset is > -1_000_000_000_000 and < 1_000_000_000_000
        && StartingPowerMilliwatts is >= 0 and < 1_000_000
        && ImpulsesPerKwh is > 0 and <= 1_000_000 && 1_000_000_000 % ImpulsesPerKwh == 0
        && Direction is (EnergyDirection.Signed or EnergyDirection.ReverseCountsForward);
}
