namespace Latchkey.Metrology;

/// <summary>What the metrology core shows: energies since manufacture and the quantities of the last frame.</summary>
public readonly record struct MetrologyRegisters
{
    /// <summary>Active energy import (+A), quanta of 1 µWh.</summary>
    public long ActiveImport { get; init; }

    /// <summary>Active energy export (−A), quanta of 1 µWh.</summary>
    public long ActiveExport { get; init; }

    /// <summary>Reactive energy of quadrant I (import, inductive), quanta of 1 µvarh.</summary>
    public long Reactive1 { get; init; }

    /// <summary>Reactive energy of quadrant II (export, +Q).</summary>
    public long Reactive2 { get; init; }

    /// <summary>Reactive energy of quadrant III (export, −Q).</summary>
    public long Reactive3 { get; init; }

    /// <summary>Reactive energy of quadrant IV (import, capacitive).</summary>
    public long Reactive4 { get; init; }

    public long VoltageMillivolts { get; init; }

    public long LoadVoltageMillivolts { get; init; }

    public long CurrentMicroamps { get; init; }

    public long NeutralMicroamps { get; init; }

    /// <summary>Direct component of the phase current, microampere with sign.</summary>
    public long DirectMicroamps { get; init; }

    /// <summary>Active power, positive when imported.</summary>
    public long ActiveMilliwatts { get; init; }

    /// <summary>Reactive power, positive for an inductive load.</summary>
    public long ReactiveMillivars { get; init; }

    public long ApparentMillivoltamps { get; init; }

    /// <summary>Power factor × 10 000, with the sign of the active power; 10 000 when nothing flows.</summary>
    public int PowerFactorTenThousandths { get; init; }

    /// <summary>Mains frequency, microhertz; 0 while there is no voltage.</summary>
    public long FrequencyMicrohertz { get; init; }

    /// <summary>Distortion of the voltage, millionths of its fundamental; 0 where the meter keeps no waveforms.</summary>
    public long VoltageDistortionPpm { get; init; }

    /// <summary>Distortion of the phase current: everything but the fundamental and the noise of the front end.</summary>
    public long CurrentDistortionPpm { get; init; }

    /// <summary>Samples that have passed into the registers since manufacture: the meter's own monotonic clock.</summary>
    public long SampleCount { get; init; }

    /// <summary>Frames that have passed into the registers.</summary>
    public long FrameCount { get; init; }

    /// <summary>Impulses due on the verification output, from the registered energy.</summary>
    public long Impulses { get; init; }

    /// <summary>True while the power is below the anti-creep threshold and nothing is registered.</summary>
    public bool IsCreepBlocked { get; init; }

    /// <summary>True while the neutral current is billed because it is the larger.</summary>
    public bool BillsNeutral { get; init; }

    public long CurrentMilliamps => CurrentMicroamps / 1000;

    public long FrequencyMillihertz => (FrequencyMicrohertz + 500) / 1000;
}
