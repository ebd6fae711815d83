using Latchkey.Meter.Hal;

namespace Latchkey.Simulator.Bench;

/// <summary>What a mains that comes and goes has done to a meter.</summary>
/// <param name="Starts">Starts of the meter since manufacture.</param>
/// <param name="PagesWritten">Pages programmed during the cycles.</param>
/// <param name="Wear">Programs of the cells that were programmed most during the cycles.</param>
/// <param name="LogGrowth">Events logged during the cycles.</param>
/// <param name="SwitchMoves">Cycles after which the switch was found moved.</param>
/// <param name="IsClosed">Whether the supply is on at the end.</param>
/// <param name="GrantedWh">Credit ever granted.</param>
internal sealed record OscillationReport(uint Starts, long PagesWritten, uint Wear, long LogGrowth, int SwitchMoves, bool IsClosed, long GrantedWh);

/// <summary>Mains on and off with periods of 5 to 500 ms, on for 5 to 95 % of each.</summary>
internal static class Oscillation
{
    private const double ShortestSeconds = 0.005;
    private const double LongestSeconds = 0.5;

    public static OscillationReport Run(VirtualMeter meter, Action credit, int cycles, int seed)
    {
        credit();
        meter.Advance(TimeSpan.FromSeconds(60));
        var chance = new Random(seed);
        long writes = meter.Memory.Programs, events = meter.Snapshot.Events.Length;
        uint[] before = meter.Memory.GroupWrites;
        int moves = 0;
        for (int i = 0; i < cycles; i++)
        {
            double period = ShortestSeconds + (chance.NextDouble() * (LongestSeconds - ShortestSeconds));
            double on = period * (0.05 + (chance.NextDouble() * 0.9));
            meter.MainsOn = false;
            Pass(meter, period - on);
            meter.MainsOn = true;
            Pass(meter, on);
            if (meter.Circuit.AreContactsTouching) continue;
            moves++;
        }

        meter.Advance(TimeSpan.FromSeconds(5));
        return new OscillationReport(
            meter.Snapshot.BootCount, meter.Memory.Programs - writes, meter.Memory.GroupWrites.Zip(before, (after, was) => after - was).Max(), meter.Snapshot.Events.Length - events, moves,
            meter.Snapshot.SwitchPosition == SupplyPosition.Closed, meter.Snapshot.Granted.WattHours);
    }

    private static void Pass(VirtualMeter meter, double seconds) => meter.Advance(TimeSpan.FromMicroseconds(Math.Round(seconds * 1e6)));
}
