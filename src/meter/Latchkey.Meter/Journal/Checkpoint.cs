using System.Buffers.Binary;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Metrology;

namespace Latchkey.Meter.Journal;

/// <summary>What the meter saves of its running registers, one page at a time.</summary>
/// <param name="Metrology">The sealed registers with their remainders.</param>
/// <param name="Running">What was consumed on credit, and the energies counted apart.</param>
/// <param name="ClockSeconds">The clock at the save, seconds since 1970-01-01 UTC, or 0 when it was not set.</param>
/// <param name="UptimeSeconds">Seconds the meter has run since manufacture.</param>
internal readonly record struct Checkpoint(MetrologyState Metrology, RunningTotals Running, long ClockSeconds, long UptimeSeconds)
{
    /// <summary>8 bytes of quanta and 11 of remainder, which is below 2.9e25 units and so fits 85 bits.</summary>
    private const int RemainderLength = 11;

    public void Write(ref ByteWriter output)
    {
        Span<byte> remainder = stackalloc byte[16];
        foreach (EnergyCounter counter in (ReadOnlySpan<EnergyCounter>)
            [Metrology.ActiveImport, Metrology.ActiveExport, Metrology.Reactive1, Metrology.Reactive2, Metrology.Reactive3, Metrology.Reactive4])
        {
            output.Int64(counter.Quanta);
            BinaryPrimitives.WriteInt128LittleEndian(remainder, counter.Remainder);
            output.Bytes(remainder[..RemainderLength]);
        }

        output.Int64(Metrology.SampleCount);
        output.Int64(Metrology.FrameCount);
        foreach (long total in (ReadOnlySpan<long>)
            [Running.Paid1, Running.Carry1, Running.Paid2, Running.Carry2, Running.Rate1, Running.Rate2, Running.Rate3, Running.Rate4, Running.Overload, Running.Friendly])
        {
            output.Int64(total);
        }

        output.Int64(ClockSeconds);
        output.UInt32((uint)Math.Min(UptimeSeconds, uint.MaxValue));
    }

    public static bool TryRead(ReadOnlySpan<byte> payload, out Checkpoint checkpoint)
    {
        var input = new ByteReader(payload);
        Span<EnergyCounter> counters = stackalloc EnergyCounter[6];
        Span<byte> remainder = stackalloc byte[16];
        for (int i = 0; i < counters.Length; i++)
        {
            long quanta = input.Int64();
            remainder.Clear();
            input.Bytes(RemainderLength).CopyTo(remainder);
            counters[i] = new EnergyCounter(quanta, BinaryPrimitives.ReadInt128LittleEndian(remainder));
        }

        var state = new MetrologyState(counters[0], counters[1], counters[2], counters[3], counters[4], counters[5], input.Int64(), input.Int64());
        var running = new RunningTotals(
            input.Int64(), input.Int64(), input.Int64(), input.Int64(), input.Int64(), input.Int64(), input.Int64(), input.Int64(), input.Int64(), input.Int64());
        checkpoint = new Checkpoint(state, running, input.Int64(), input.UInt32());
        return input.Ok;
    }
}
