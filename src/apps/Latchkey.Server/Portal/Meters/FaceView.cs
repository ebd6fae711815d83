using Latchkey.Meter.Face;

namespace Latchkey.Server.Portal.Meters;

/// <summary>What a person standing in front of the meter sees now: its display and lamps, and the parts that hands have moved.</summary>
/// <param name="Model">The model as printed on the nameplate, for example <c>kpm31</c>.</param>
/// <param name="Rating">The line on the lower cover: voltage, current, class, pulse constant.</param>
/// <param name="Pan">The eighteen digits of the meter's primary account number.</param>
/// <param name="Display">What the meter's own core shows.</param>
/// <param name="PulsesPerSecond">How often the verification lamp flashes for the reader's clock.</param>
/// <param name="Module">The name of the plugged module, for example <c>4G</c>; null for an empty slot.</param>
public sealed record FaceView(
    string Model,
    string Rating,
    string Pan,
    FaceSnapshot Display,
    double PulsesPerSecond,
    bool MainsOn,
    bool MeterCoverOpen,
    bool TerminalCoverOpen,
    bool MagnetPresent,
    string? Module);
