using System.Diagnostics;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Journal;
using Latchkey.Simulator.Memory;

namespace Latchkey.Simulator.Bench;

/// <summary>
/// Years of a whole meter in money mode, minute by minute: a household of 3 MWh a year, two tokens a day, standing charge and debts, rates of time of
/// use, freezes, an outage a week. What it wears of the memory is counted cell group by cell group.
/// </summary>
internal sealed class LongLife : IDisposable
{
    private const int MinutesPerDay = 1_440;
    private const int DaysPerYear = 365;
    private const int DaysBetweenOutages = 7;
    private const int GroupsPerPage = 64;

    /// <summary>Watts by hour of the day; 8.2 kWh a day, 3 MWh a year.</summary>
    private static readonly int[] Watts = [120, 110, 100, 100, 110, 180, 420, 520, 380, 260, 240, 300, 420, 330, 260, 250, 300, 480, 720, 780, 690, 540, 360, 230];
    private readonly TestMint _mint = new(firstTid: 1_000);
    private readonly BareMeter _bench;
    private readonly TimeSpan _began;

    public LongLife()
    {
        _bench = new BareMeter(_mint, new MemoryNvmImage(), seed: 20);
        _bench.Manufacture();
        _bench.Boot();
        _bench.Wait(1_000);
        _bench.Core.SetAccount(LifeAccounts.Money, 1, _bench.Time, out _);
        _bench.Core.SetCalendar(LifeAccounts.Rates, future: false, 1, _bench.Time, out _);
        _bench.Core.SetTotalRemaining(LifeAccounts.Debt, 3_000 * LifeAccounts.Unit, _bench.Time);
        _began = Process.GetCurrentProcess().TotalProcessorTime;
        Started = Stopwatch.GetTimestamp();
    }

    public long Started { get; }

    public int Tokens { get; private set; }

    public int Days { get; private set; }

    /// <summary>Kilowatt-hours metered.</summary>
    public double Kilowatthours => _bench.Core.Snapshot.Registers.ActiveImport / 1e9;

    public double Seconds => Stopwatch.GetElapsedTime(Started).TotalSeconds;

    public double CpuSeconds => (Process.GetCurrentProcess().TotalProcessorTime - _began).TotalSeconds;

    /// <summary>Programs of the group that was programmed most, scaled to twenty years.</summary>
    public double WornMost(int years) => _bench.Memory.WornMost * (double)years * DaysPerYear / Days;

    /// <summary>Most worn over mean, among the pages of the ring of checkpoints.</summary>
    public double RingEvenness
    {
        get
        {
            uint[] all = _bench.Memory.GroupWrites;
            // The first group of each page: every checkpoint programs it.
            uint[] ring = [.. Enumerable.Range(JournalLayout.RingPage, JournalLayout.RingPages).Select(page => all[page * GroupsPerPage])];
            return ring.Max() / ring.Average(w => (double)w);
        }
    }

    public bool IsSound => _bench.Core.IsStorageSound && _bench.Switch.Position == SupplyPosition.Closed;

    public void Run(int days)
    {
        for (int day = 0; day < days; day++)
        {
            for (int minute = 0; minute < MinutesPerDay; minute++)
            {
                if (minute is 420 or 1_100) TopUp();
                _bench.Consume(_bench.Switch.Position == SupplyPosition.Closed ? Watts[minute / 60] : 0, 60);
            }

            Days++;
            if (Days % DaysBetweenOutages != 0) continue;
            _bench.Core.OnPowerFailing(_bench.Time);
            _bench.Boot();
        }
    }

    public void Dispose()
    {
        _bench.Dispose();
        _mint.Dispose();
    }

    private void TopUp()
    {
        _bench.Type(_mint.Money(500, out _));
        Tokens++;
    }
}
