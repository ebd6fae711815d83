using System.Collections.Immutable;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Journal;
using Latchkey.Metrology;

namespace Latchkey.Meter.Tamper;

/// <summary>What the meter saw when it took a suspicion for a fact: kept, so that an inspector and an innocent customer can look at the same figures.</summary>
/// <param name="Sequence">Counts the records since manufacture.</param>
/// <param name="Kind">Which tamper.</param>
/// <param name="ClockSeconds">The clock then, seconds since 1970-01-01 UTC; 0 when it was not set.</param>
/// <param name="UptimeSeconds">Seconds the meter had run since manufacture.</param>
/// <param name="SuspectMs">How long it had been seen by then.</param>
/// <param name="Field">The field of the Hall sensors.</param>
/// <param name="Phases">Voltage, currents, power and load-side voltage of each phase.</param>
public sealed record TamperEvidence(
    uint Sequence, TamperInputs Kind, long ClockSeconds, long UptimeSeconds, int SuspectMs, FieldReading Field, ImmutableArray<PhaseEvidence> Phases)
{
    internal void Write(ref ByteWriter output)
    {
        output.UInt32((uint)Kind);
        output.Int64(ClockSeconds);
        output.UInt32((uint)Math.Clamp(UptimeSeconds, 0, uint.MaxValue));
        output.UInt32((uint)SuspectMs);
        output.UInt32((uint)Field.SteadyMicrotesla);
        output.UInt32((uint)Field.AlternatingMicrotesla);
        output.Byte((byte)Phases.Length);
        foreach (PhaseEvidence phase in Phases) phase.Write(ref output);
    }

    internal static TamperEvidence? Read(uint sequence, ReadOnlySpan<byte> bytes)
    {
        var input = new ByteReader(bytes);
        var kind = (TamperInputs)input.UInt32();
        long clock = input.Int64();
        uint uptime = input.UInt32();
        int suspect = (int)(input.UInt32() & int.MaxValue);
        var field = new FieldReading((int)(input.UInt32() & int.MaxValue), (int)(input.UInt32() & int.MaxValue));
        int count = Math.Min(input.Byte(), (byte)3);
        var phases = ImmutableArray.CreateBuilder<PhaseEvidence>(count);
        for (int i = 0; i < count; i++) phases.Add(PhaseEvidence.Read(ref input));
        return input.Ok ? new TamperEvidence(sequence, kind, clock, uptime, suspect, field, phases.ToImmutable()) : null;
    }
}

/// <summary>One phase at that instant.</summary>
public readonly record struct PhaseEvidence(int Millivolts, int Milliamps, int NeutralMilliamps, int Watts, int LoadMillivolts)
{
    internal static PhaseEvidence Of(in MetrologyRegisters r) => new(
        Fit(r.VoltageMillivolts), Fit(r.CurrentMicroamps / 1_000), Fit(r.NeutralMicroamps / 1_000), Fit(r.ActiveMilliwatts / 1_000), Fit(r.LoadVoltageMillivolts));

    internal void Write(ref ByteWriter output)
    {
        output.UInt32(unchecked((uint)Millivolts));
        output.UInt32(unchecked((uint)Milliamps));
        output.UInt32(unchecked((uint)NeutralMilliamps));
        output.UInt32(unchecked((uint)Watts));
        output.UInt32(unchecked((uint)LoadMillivolts));
    }

    internal static PhaseEvidence Read(ref ByteReader input) => new(
        unchecked((int)input.UInt32()), unchecked((int)input.UInt32()), unchecked((int)input.UInt32()), unchecked((int)input.UInt32()), unchecked((int)input.UInt32()));

    private static int Fit(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);
}
