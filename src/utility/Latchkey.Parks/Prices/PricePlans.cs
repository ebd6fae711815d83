using Latchkey.Parks.Balance;
using Latchkey.Parks.Estate;
using Latchkey.Quantities;
using Latchkey.Tariffs;

namespace Latchkey.Parks.Prices;

/// <summary>The price plans of rooms, found in the tariffs as they are now.</summary>
/// <param name="book">The tariffs; asked each time, because they may be changed while the program runs.</param>
public sealed class PricePlans(Func<TariffBook> book)
{
    /// <summary>The tariff of a room on the park's own day; null where none is in force.</summary>
    public Tariff? TariffOf(Park park, Room room, DateTimeOffset at) => book().InForce(room.PricePlan, ParkCalendar.DayOf(park, at));

    /// <summary>What credit is worth in a room; null where no tariff is in force.</summary>
    public Money? ValueOf(Park park, Room room, Energy credit, DateTimeOffset at) =>
        TariffOf(park, room, at) is { } tariff ? BalanceValue.Of(tariff, park.Currency, credit) : null;
}
