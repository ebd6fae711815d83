using Latchkey.Meter.Hal;

namespace Latchkey.Meter;

/// <summary>The hardware a core stands on, each piece behind its contract.</summary>
/// <param name="Memory">Where everything durable lies; 256 KiB in pages of 256 bytes.</param>
/// <param name="Switch">The supply switch, timing included.</param>
/// <param name="Tamper">Covers and field sensors.</param>
/// <param name="Module">The communication slot.</param>
public sealed record MeterHardware(INonVolatileMemory Memory, ISupplySwitch Switch, ITamperInputs Tamper, IModulePort Module)
{
    /// <summary>The program memory with its two slots; null where firmware cannot be changed.</summary>
    public INonVolatileMemory? ProgramMemory { get; init; }

    /// <summary>The Hall sensors.</summary>
    public IFieldSensor Field { get; init; } = NoFieldSensor.Instance;

    /// <summary>What the meter looks at to know itself; null where nothing can be looked at.</summary>
    public IIntegrityProbe? Integrity { get; init; }

    /// <summary>The sealed switch inside the case.</summary>
    public IServiceSeal Seal { get; init; } = ClosedSeal.Instance;

    /// <summary>What the DLMS line needs; null for a meter without one.</summary>
    public Cosem.CosemEquipment? Cosem { get; init; }
}
