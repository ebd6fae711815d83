using Latchkey.Meter.Tamper;
using Latchkey.Meter.Update;
using Latchkey.Sts;

namespace Latchkey.Meter;

/// <summary>Who a meter is and how it was made.</summary>
public sealed record MeterIdentity
{
    public required MeterProfile Profile { get; init; }

    public required MeterPan Pan { get; init; }

    public required EncryptionAlgorithm Algorithm { get; init; }

    /// <summary>The tables of EA07; null takes the standard's sample tables.</summary>
    public StaTables? Tables { get; init; }

    /// <summary>What is done about each kind of tamper.</summary>
    public IReadOnlyList<TamperKind> Tampers { get; init; } = TamperPolicy.Default;

    /// <summary>By whose signature the meter knows new firmware; null takes none.</summary>
    public FirmwareKey? FirmwareKey { get; init; }

    /// <summary>Who it is on a DLMS line; null for a meter without one.</summary>
    public Cosem.CosemIdentity? Cosem { get; init; }
}
