using Latchkey.HeadEnd.Meters;
using Latchkey.ModuleLink.Messages;
using Latchkey.Quantities;
using Latchkey.Sts;

namespace Latchkey.HeadEnd.Readings;

/// <summary>Takes a meter's reading into the packed days and, if it is the newest, into the meter's reported state.</summary>
internal sealed class ReadingIntake(HeadEndOptions options)
{
    private const long MaxAmount = 1_000_000_000_000_000;

    /// <summary>The state that the reading tells; null when its time or its amounts cannot be believed, and then nothing is stored.</summary>
    public ReportedState? Take(HeadEndWork work, MeterPan pan, MeterMessage.Reading reading)
    {
        if (!HasPlausibleTime(work.Now, reading.Timestamp) || !HasPlausibleAmounts(reading)) return null;
        ReportedState state = StateOf(reading);
        foreach ((ReadingChannel channel, long value) in ValuesOf(reading)) Join(work, pan, state.At, channel, value);

        RegisteredMeter meter = work.Meter(pan);
        if (meter.Reported is null || state.At > meter.Reported.At) work.Put(meter with { Reported = state });
        work.Tell(pan, state);
        return state;
    }

    // Authentic is not the same as sane: no register may carry the arithmetic out of its range.
    private static bool HasPlausibleAmounts(MeterMessage.Reading reading) =>
        Int128.Abs((Int128)reading.EnergyWh) <= MaxAmount && Int128.Abs((Int128)reading.BalanceMilli) <= MaxAmount;

    private bool HasPlausibleTime(DateTimeOffset now, long timestamp) =>
        timestamp <= (now + options.ClockTolerance).ToUnixTimeSeconds() && timestamp >= (now - options.OldestReading).ToUnixTimeSeconds();

    private static void Join(HeadEndWork work, MeterPan pan, DateTimeOffset at, ReadingChannel channel, long value)
    {
        var day = DateOnly.FromDateTime(at.UtcDateTime);
        work.Put(work.Day(pan, channel, day).Join([new DayPoint((int)at.TimeOfDay.TotalSeconds, value)]));
    }

    private static ReportedState StateOf(MeterMessage.Reading reading) => new(
        DateTimeOffset.FromUnixTimeSeconds(reading.Timestamp),
        Energy.FromWattHours(reading.EnergyWh),
        reading.BalanceMilli,
        reading.Relay,
        Power.FromWatts(reading.PowerW),
        Voltage.FromMillivolts((int)Math.Clamp(reading.VoltageDeciV * 100L, int.MinValue, int.MaxValue)),
        reading.CurrentMa,
        reading.GrantedMilli,
        reading.ConsumedMilli,
        reading.OffReasons,
        reading.TamperBits);

    private static (ReadingChannel, long)[] ValuesOf(MeterMessage.Reading reading) =>
    [
        (ReadingChannel.EnergyImportWh, reading.EnergyWh),
        (ReadingChannel.CreditMilli, reading.BalanceMilli),
        (ReadingChannel.PowerW, reading.PowerW),
        (ReadingChannel.VoltageDeciVolt, reading.VoltageDeciV),
        (ReadingChannel.CurrentMilliampere, reading.CurrentMa),
        (ReadingChannel.Relay, reading.Relay == RelayReport.Connected ? 1 : 0),
    ];
}
