namespace Latchkey.Meter.Hal;

/// <summary>What is known of the supply switch, from load-side voltage and current.</summary>
public enum SupplyPosition : byte
{
    Unknown = 0,
    Open = 1,
    Closed = 2,

    /// <summary>Commanded and not settled.</summary>
    Moving = 3,

    /// <summary>Retries are used up: welded, or the coil does not move it.</summary>
    Failed = 4,
}

/// <summary>How long the timing may search for a good instant.</summary>
public enum SwitchUrgency : byte
{
    Normal = 0,

    /// <summary>Cover open or overload: at most 40 ms.</summary>
    Safety = 1,
}

/// <summary>The supply switch as payment and control see it: one wish at a time, the newest wins. Timing is below, reasons are above.</summary>
public interface ISupplySwitch
{
    SupplyPosition Position { get; }

    /// <summary>Asks for a position and returns at once. Asking for the position that is held or already asked for does nothing.</summary>
    void Request(bool closed, SwitchUrgency urgency);

    /// <summary>Gives back, before the first request, what an earlier <see cref="TryTakeLearning"/> handed out; any bytes are safe.</summary>
    void RestoreLearning(ReadOnlySpan<byte> learning);

    /// <summary>What one relay of the switch has learned and wants kept through a power cut: its number, then at most 159 bytes; false when nothing is new.</summary>
    bool TryTakeLearning(Span<byte> destination, out int length);
}
