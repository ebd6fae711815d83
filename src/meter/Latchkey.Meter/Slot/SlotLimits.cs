namespace Latchkey.Meter.Slot;

/// <summary>How much of one turn of the core the module in the slot may take. What is left over waits for the next.</summary>
/// <param name="Bytes">Bytes taken from it.</param>
/// <param name="CheckedBytes">Bytes run through the CRC: garbage can make every byte begin a frame that must be checked.</param>
/// <param name="Frames">Frames acted on.</param>
/// <param name="Messages">Of them, messages whose tag is computed.</param>
public sealed record SlotLimits(int Bytes, int CheckedBytes, int Frames, int Messages)
{
    /// <summary>More than the wire brings between two turns, and less than a fifth of what a key may wait.</summary>
    public static SlotLimits Default { get; } = new(Bytes: 2_048, CheckedBytes: 8_192, Frames: 24, Messages: 4);

    /// <summary>None: what a meter would do that trusts its module.</summary>
    public static SlotLimits None { get; } = new(int.MaxValue / 4, int.MaxValue / 4, int.MaxValue, int.MaxValue);
}
