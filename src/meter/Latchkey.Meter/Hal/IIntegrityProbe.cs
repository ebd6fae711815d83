namespace Latchkey.Meter.Hal;

/// <summary>What is found when the meter looks at its own program and parameters: at every start and every 24 hours.</summary>
public interface IIntegrityProbe
{
    /// <summary>SHA-256 of the metrology image that runs, 64 lower-case hexadecimal digits.</summary>
    string MetrologyHash { get; }

    /// <summary>What the type approval, kept in the sealed block, says it must be.</summary>
    string ApprovedMetrologyHash { get; }

    /// <summary>Whether the calibration block still has the check value it was sealed with.</summary>
    bool IsCalibrationIntact { get; }
}

/// <summary>Why the meter started.</summary>
public enum StartCause : byte
{
    /// <summary>Mains came back.</summary>
    Power = 0,

    /// <summary>The watchdog: nobody knows what made it hang.</summary>
    Watchdog = 1,

    /// <summary>The meter itself, to run new firmware.</summary>
    Firmware = 2,
}
