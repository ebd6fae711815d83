using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Storage.Vending.Rehearsal;

/// <summary>A virtual meter of the live rehearsal, with when its customer buys.</summary>
internal sealed class RehearsedMeter : CustomerMeter
{
    private readonly int _usePerDay;

    public RehearsedMeter(MeterPan pan, TokenAcceptorState state, int usePerDay, int daysBetween, bool neverBuys, bool answers)
        : base(state, usePerDay)
    {
        (Pan, NeverBuys, Answers, DaysBetween, _usePerDay) = (pan, neverBuys, answers, daysBetween, usePerDay);
        BuysOnDay = usePerDay % daysBetween;
        CreditTenths = (long)usePerDay * (1 + BuysOnDay);
    }

    public MeterPan Pan { get; }

    public bool NeverBuys { get; }

    /// <summary>Has a module: the seller hears what it takes.</summary>
    public bool Answers { get; }

    public int BuysOnDay { get; set; }

    public int DaysBetween { get; }

    /// <summary>0.1 kWh.</summary>
    public int Purchase => _usePerDay * DaysBetween;

    public bool WantsToBuy(int day) => !NeverBuys && (day >= BuysOnDay || CreditTenths < _usePerDay);
}
