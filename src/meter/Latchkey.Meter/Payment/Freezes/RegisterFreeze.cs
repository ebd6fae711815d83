using System.Collections.Immutable;
using Latchkey.Meter.Journal;
using Latchkey.Meter.Payment.Accounts;

namespace Latchkey.Meter.Payment.Freezes;

/// <summary>Why registers were frozen.</summary>
public enum FreezeKind : byte
{
    /// <summary>A local day ended.</summary>
    Day = 1,

    /// <summary>A local month ended.</summary>
    Month = 2,

    /// <summary>An account was closed: the final figures.</summary>
    Final = 3,
}

/// <summary>Registers as they were at one moment.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Sequence">Counts the freezes since manufacture.</param>
/// <param name="ClockSeconds">When, seconds since 1970-01-01 UTC, or 0.</param>
/// <param name="UptimeSeconds">Seconds the meter had run since manufacture.</param>
/// <param name="Import">Active import, µWh.</param>
/// <param name="Export">Active export, µWh.</param>
/// <param name="Rates">Import by rate of time of use, µWh.</param>
/// <param name="Totals">Granted, consumed, forfeited and charged.</param>
/// <param name="Own">The customer's own credit; negative when something is owed. Quanta.</param>
/// <param name="Debt">What charges that end had still to collect, quanta.</param>
public sealed record RegisterFreeze(
    FreezeKind Kind, uint Sequence, long ClockSeconds, long UptimeSeconds, long Import, long Export, ImmutableArray<long> Rates, CreditTotals Totals, long Own, long Debt)
{
    internal void Write(ref ByteWriter output)
    {
        output.Byte((byte)Kind);
        output.Int64(ClockSeconds);
        output.Int64(UptimeSeconds);
        output.Int64(Import);
        output.Int64(Export);
        foreach (long rate in Rates) output.Int64(rate);
        output.Byte((byte)Totals.Unit);
        output.Int64(Totals.GrantedQuanta);
        output.Int64(Totals.ConsumedQuanta);
        output.Int64(Totals.ForfeitedQuanta);
        output.Int64(Totals.ChargedQuanta);
        output.Int64(Own);
        output.Int64(Debt);
    }

    internal static RegisterFreeze? Read(uint sequence, ReadOnlySpan<byte> bytes)
    {
        var input = new ByteReader(bytes);
        var kind = (FreezeKind)input.Byte();
        long clock = input.Int64(), uptime = input.Int64(), import = input.Int64(), export = input.Int64();
        ImmutableArray<long> rates = [input.Int64(), input.Int64(), input.Int64(), input.Int64()];
        var unit = (AccountUnit)input.Byte();
        var totals = new CreditTotals(input.Int64(), input.Int64(), input.Int64(), input.Int64()) { Unit = unit };
        var read = new RegisterFreeze(kind, sequence, clock, uptime, import, export, rates, totals, input.Int64(), input.Int64());
        return input.Ok ? read : null;
    }
}
