using Latchkey.Meter.Journal;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.Meter.Tokens;

/// <summary>What an accepted token did. The numbers are stored.</summary>
public enum AcceptedEffect : byte
{
    None = 0,
    Credit = 1,
    ClearTamper = 2,
    ClearCredit = 3,
    SetPowerLimit = 4,

    /// <summary>A setting that this meter keeps no use for (unbalance limit of a single-phase meter).</summary>
    Noted = 5,
    KeyChange = 6,
}

/// <summary>One accepted token as the meter remembers it, and as the log's record of it: 20 bytes, one slot.</summary>
/// <param name="TidMinutes">Its identifier, minutes since the base date; 0 for a key change, which has none.</param>
/// <param name="Effect">What it did.</param>
/// <param name="Value">The total that holds after it: granted for a credit, forfeited for a clear-credit (µWh), watts for a limit.</param>
/// <param name="Fingerprint">Which token it was.</param>
public readonly record struct AcceptedToken(uint TidMinutes, AcceptedEffect Effect, long Value, TokenFingerprint Fingerprint)
{
    internal void Write(ref ByteWriter output)
    {
        output.UInt24(TidMinutes);
        output.Byte((byte)Effect);
        output.Int64(Value);
        output.Int64(unchecked((long)Fingerprint.Value));
    }

    internal static AcceptedToken Read(ref ByteReader input) =>
        new(input.UInt24(), (AcceptedEffect)input.Byte(), input.Int64(), new TokenFingerprint(unchecked((ulong)input.Int64())));
}
