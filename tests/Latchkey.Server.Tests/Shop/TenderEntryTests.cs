using Latchkey.Server.Portal.Shop;
using Latchkey.Vending;

namespace Latchkey.Server.Tests.Shop;

public sealed class TenderEntryTests
{
    [Theory]
    [InlineData(TenderKind.Cash, "20", 10, 1_000, 1_000L, null)]
    [InlineData(TenderKind.Cash, "", 10, 1_000, 0L, null)]
    [InlineData(TenderKind.Cash, "20,50", 1, 1_003, 1_047L, null)]
    [InlineData(TenderKind.Cash, "9.99", 10, 1_000, null, "shop.too-little")]
    [InlineData(TenderKind.Cash, "abc", 10, 1_000, null, "buy.not-an-amount")]
    [InlineData(TenderKind.Card, "20", 10, 1_003, 0L, null)]
    public void Entry_OfTenYuanAndThreeFen_ComesTo(TenderKind kind, string handed, long coin, long toPay, long? change, string? problem)
    {
        var entry = new TenderEntry(FakePark.Yuan(1_003), kind, handed, coin);
        Assert.Equal((toPay, change, problem), (entry.ToPay.MinorUnits, entry.Change?.MinorUnits, entry.Problem));
        Assert.Equal(problem is null, entry.Tender is not null);
    }
}
