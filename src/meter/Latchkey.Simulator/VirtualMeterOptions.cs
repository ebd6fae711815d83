using Latchkey.Dlms.Server;
using Latchkey.Meter;
using Latchkey.Meter.Tamper;
using Latchkey.Meter.Cosem;
using Latchkey.Meter.Update;
using Latchkey.ModuleLink.Frames;
using Latchkey.Simulator.Memory;
using Latchkey.Simulator.Physics;
using Latchkey.Sts;

namespace Latchkey.Simulator;

/// <summary>What makes one virtual meter.</summary>
public sealed record VirtualMeterOptions
{
    public required MeterProfile Profile { get; init; }

    /// <summary>Number, key attributes and algorithm of the meter.</summary>
    public required DecoderKeyAttributes Attributes { get; init; }

    /// <summary>The key it leaves the factory with; used only while its memory is new.</summary>
    public required DecoderKey Key { get; init; }

    /// <summary>The secret it shares with its head-end; 16 to 64 bytes.</summary>
    public required ReadOnlyMemory<byte> MessageKey { get; init; }

    /// <summary>The tables of EA07; null takes the sample tables.</summary>
    public StaTables? Tables { get; init; }

    /// <summary>Of the relay's making, the link's delays and everything else that is drawn.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The instant at which the world of this meter begins, with mains on.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The module in the slot at the start; null for the model's own, <see cref="NoModule"/> for none.</summary>
    public ModuleKind? Module { get; init; }

    public bool NoModule { get; init; }

    /// <summary>Who it is on a DLMS line; null for a meter without one.</summary>
    public CosemIdentity? Cosem { get; init; }

    /// <summary>The store of its DLMS line: settings, keys, profiles; null for a new one.</summary>
    public INvmImage? Store { get; init; }

    /// <summary>Challenges of the DLMS line; null draws them from the seed, which anybody who knows it can foretell.</summary>
    public IChallengeSource? Challenges { get; init; }

    public HoldUpCapacitor HoldUp { get; init; } = new();

    /// <summary>What is in the program memory; null for one that holds nothing yet.</summary>
    public INvmImage? ProgramMemory { get; init; }

    /// <summary>What the meter does about tampers.</summary>
    public IReadOnlyList<TamperKind> Tampers { get; init; } = TamperPolicy.Default;

    /// <summary>By whose signature the meter knows new firmware; null takes none.</summary>
    public FirmwareKey? FirmwareKey { get; init; }

    public PhysicsParameters Physics { get; init; } = PhysicsParameters.Default;
}
