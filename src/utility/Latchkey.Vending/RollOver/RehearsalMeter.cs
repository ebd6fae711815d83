using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>A virtual meter of the rehearsal at the drawing board, with what the point of sale believes of it.</summary>
internal sealed class RehearsalMeter(int feeder, MeterKeyRecord record, TokenAcceptorState state, int usePerDay, int daysBetweenPurchases, bool neverBuys)
    : CustomerMeter(state, usePerDay)
{
    public int Feeder => feeder;

    public int UsePerDay { get; } = usePerDay;

    public bool NeverBuys => neverBuys;

    /// <summary>What the point of sale believes.</summary>
    public MeterKeyRecord Record { get; set; } = record;

    public int BuysOnDay { get; set; }

    /// <summary>How much this customer buys at a time.</summary>
    public int Purchase => UsePerDay * daysBetweenPurchases;

    public int DaysBetweenPurchases => daysBetweenPurchases;
}
