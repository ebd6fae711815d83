namespace Latchkey.Meter.Scheduling;

/// <summary>What the core does that costs time on a small processor.</summary>
public enum WorkKind
{
    /// <summary>A byte taken from the module and looked at.</summary>
    ModuleByte = 0,

    /// <summary>A byte run through CRC-32C, by table.</summary>
    CheckedByte = 1,

    /// <summary>A block of 64 bytes run through SHA-256, for a message's tag.</summary>
    HashedBlock = 2,

    /// <summary>A frame answered.</summary>
    FrameSent = 3,

    /// <summary>A byte written to or read back from the memory, at 400 kHz.</summary>
    MemoryByte = 4,

    /// <summary>A page that the memory programs meanwhile: the core waits.</summary>
    PageProgram = 5,

    /// <summary>A key looked at and the display composed.</summary>
    Key = 6,

    /// <summary>A frame of metrology booked, with all that follows from it.</summary>
    MetrologyFrame = 7,

    /// <summary>Everything a turn does in any case.</summary>
    Turn = 8,
}

/// <summary>Counts what each turn of the core would cost on the processor it is made for: 48 MHz, without a divider.</summary>
/// <remarks>
/// One thread runs turn after turn to its end, so a key that comes at the worst instant waits for the longest turn and then for its own. The costs
/// are engineering values (instructions of a Cortex-M0+, bus clocks of the memory), the counts are of what was really done.
/// </remarks>
public sealed class WorkMeter
{
    private const int InstructionsPerMicrosecond = 48;

    /// <summary>Nanoseconds of each kind.</summary>
    private static readonly long[] CostNs =
    [
        Instructions(45), Instructions(12), Instructions(7_500), Instructions(600), 22_500, 10_000_000, Instructions(20_000), Instructions(90_000), Instructions(12_000),
    ];

    private long _turnNs;

    /// <summary>The longest turn so far, microseconds: a frame of metrology, or a look at everything else.</summary>
    public long WorstTurnUs { get; private set; }

    /// <summary>The longest time from a key to the display, had it come at the worst instant, microseconds.</summary>
    public long WorstKeyUs { get; private set; }

    /// <summary>What the module in the slot has cost in the longest of its turns, microseconds.</summary>
    public long WorstSlotUs { get; private set; }

    public static long CostOf(WorkKind kind, long count) => CostNs[(int)kind] * count;

    /// <summary>Forgets what was longest: a new measurement begins.</summary>
    public void Reset() => (WorstTurnUs, WorstKeyUs, WorstSlotUs) = (0, 0, 0);

    internal void Charge(WorkKind kind, long count = 1) => _turnNs += CostOf(kind, count);

    internal long Elapsed => _turnNs;

    internal void BeginTurn()
    {
        _turnNs = 0;
        Charge(WorkKind.Turn);
    }

    internal void EndTurn() => WorstTurnUs = Math.Max(WorstTurnUs, _turnNs / 1_000);

    internal void EndSlot(long beganNs) => WorstSlotUs = Math.Max(WorstSlotUs, (_turnNs - beganNs) / 1_000);

    internal void EndKey() => WorstKeyUs = Math.Max(WorstKeyUs, WorstTurnUs + (_turnNs / 1_000));

    private static long Instructions(long count) => count * 1_000 / InstructionsPerMicrosecond;
}
