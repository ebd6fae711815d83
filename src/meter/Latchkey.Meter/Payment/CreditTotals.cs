using Latchkey.Meter.Payment.Accounts;
using Latchkey.Quantities;

namespace Latchkey.Meter.Payment;

/// <summary>Credit as three totals that only grow; a balance is never stored, so no torn write can make or lose credit.</summary>
/// <remarks>A quantum is 1 µWh in energy mode and a millionth of the currency's unit in currency mode; as <see cref="Energy"/> only the former makes sense.</remarks>
/// <param name="GrantedQuanta">Everything tokens ever granted.</param>
/// <param name="ConsumedQuanta">Everything ever consumed on credit.</param>
/// <param name="ForfeitedQuanta">Everything clear-credit tokens, expiry and closing ever took away.</param>
/// <param name="ChargedQuanta">Everything standing charges and debts ever took.</param>
public readonly record struct CreditTotals(long GrantedQuanta, long ConsumedQuanta, long ForfeitedQuanta, long ChargedQuanta = 0)
{
    /// <summary>What the quanta are of.</summary>
    public AccountUnit Unit { get; init; } = AccountUnit.Energy;

    private long QuantaPerMilli => Unit == AccountUnit.Energy ? 1_000_000 : 1_000;

    /// <summary>The balance in thousandths of a kilowatt-hour or of the currency's unit.</summary>
    public long BalanceMilli => FloorDivide(BalanceQuanta, QuantaPerMilli);

    public long GrantedMilli => GrantedQuanta / QuantaPerMilli;

    public long ConsumedMilli => ConsumedQuanta / QuantaPerMilli;

    private const long QuantaPerMilliwattHour = 1_000;

    /// <summary>The most that may ever be granted, 99 999 999.9 kWh, as much as the display shows; a token that would pass it is an overflow.</summary>
    public const long Capacity = 99_999_999_900_000_000;

    public long BalanceQuanta => GrantedQuanta - ConsumedQuanta - ForfeitedQuanta - ChargedQuanta;

    /// <summary>What the customer may still use; negative when a last second ran over.</summary>
    public Energy Balance => Energy.FromMilliwattHours(FloorDivide(BalanceQuanta, QuantaPerMilliwattHour));

    public Energy Granted => Energy.FromMilliwattHours(GrantedQuanta / QuantaPerMilliwattHour);

    public Energy Consumed => Energy.FromMilliwattHours(ConsumedQuanta / QuantaPerMilliwattHour);

    public static long ToQuanta(Energy energy) => energy.MilliwattHours * QuantaPerMilliwattHour;

    private static long FloorDivide(long value, long by) => (value / by) - (value % by < 0 ? 1 : 0);
}
