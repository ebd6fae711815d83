using Latchkey.Quantities;

namespace Latchkey.Meter.Payment;

/// <summary>Credit as three totals that only grow; a balance is never stored, so no torn write can make or lose credit.</summary>
/// <param name="GrantedQuanta">Everything tokens ever granted, µWh.</param>
/// <param name="ConsumedQuanta">Everything ever consumed on credit, µWh.</param>
/// <param name="ForfeitedQuanta">Everything clear-credit tokens ever took away, µWh.</param>
public readonly record struct CreditTotals(long GrantedQuanta, long ConsumedQuanta, long ForfeitedQuanta)
{
    private const long QuantaPerMilliwattHour = 1_000;

    /// <summary>The most that may ever be granted, 99 999 999.9 kWh, as much as the display shows; a token that would pass it is an overflow.</summary>
    public const long Capacity = 99_999_999_900_000_000;

    public long BalanceQuanta => GrantedQuanta - ConsumedQuanta - ForfeitedQuanta;

    /// <summary>What the customer may still use; negative when a last second ran over.</summary>
    public Energy Balance => Energy.FromMilliwattHours(FloorDivide(BalanceQuanta, QuantaPerMilliwattHour));

    public Energy Granted => Energy.FromMilliwattHours(GrantedQuanta / QuantaPerMilliwattHour);

    public Energy Consumed => Energy.FromMilliwattHours(ConsumedQuanta / QuantaPerMilliwattHour);

    public static long ToQuanta(Energy energy) => energy.MilliwattHours * QuantaPerMilliwattHour;

    private static long FloorDivide(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);
}
