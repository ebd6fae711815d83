namespace Latchkey.Server.Portal.Meters;

/// <summary>Symbols on the display of a meter.</summary>
[Flags]
public enum FaceIcons
{
    None = 0,
    Mains = 1,
    SupplyClosed = 2,
    SupplyOpen = 4,
    Tamper = 8,
    LowCredit = 16,
    Reverse = 32,
    Accepted = 64,
    Rejected = 128,
}

/// <summary>What a person standing in front of the meter sees now.</summary>
/// <param name="Model">The model as printed on the nameplate, for example <c>kpm31</c>.</param>
/// <param name="Rating">The line under the model: voltage, current, class, pulse constant.</param>
/// <param name="Pan">The eighteen digits of the meter's primary account number.</param>
/// <param name="Caption">The small text line of the display.</param>
/// <param name="Digits">Up to eight characters for the seven-segment row; a point belongs to the character before it.</param>
/// <param name="Unit">The unit beside the digits; empty when the digits have none.</param>
/// <param name="Typed">The token digits typed so far.</param>
public sealed record FaceView(
    string Model,
    string Rating,
    string Pan,
    string Caption,
    string Digits,
    string Unit,
    string Typed,
    FaceIcons Icons,
    bool DisplayOn,
    bool BacklightOn,
    bool SupplyLampOn,
    bool AlarmLampOn,
    bool BuzzerOn,
    double PulsesPerSecond,
    bool MainsOn,
    bool MeterCoverOpen,
    bool TerminalCoverOpen,
    bool MagnetPresent,
    string? Module,
    int SignalBars);
