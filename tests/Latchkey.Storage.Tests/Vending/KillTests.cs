using Latchkey.Testing;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>kill -9 under load: nothing that was acknowledged is lost, nothing is doubled, and the books agree.</summary>
public sealed class KillTests
{
    private const int OrdersPerLife = 100_000;
    private const int Acknowledgements = 60;
    private static readonly int Kills = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1" ? 200 : 20;

    [Fact]
    public async Task Sell_KilledAgainAndAgain_LosesNothingItAcknowledged()
    {
        using Shop shop = await Shop.OpenAsync(creditLimit: long.MaxValue, directory: TemporaryDirectory.InMemory());
        shop.Clock.Set(TimeProvider.System.GetUtcNow());
        Dictionary<Guid, string> all = [];
        for (int life = 1; life <= Kills; life++)
        {
            Dictionary<Guid, string> acknowledged = await KilledShop.SellAndKill(shop.Directory, life * OrdersPerLife, Acknowledgements);
            Assert.True(acknowledged.Count >= Acknowledgements);
            foreach ((Guid order, string token) in acknowledged) all.Add(order, token);
            shop.Restart();
            await shop.Desk.RecoverAsync(CancellationToken.None);
            Assert.Empty(shop.House.Store.InState(OrderState.Held, 10));
            if (life % 10 == 0 || life == Kills) shop.AssertBooksAgree();
        }

        foreach ((Guid order, string token) in all) Assert.Equal(token, shop.Desk.Find(order)!.Token!.Value.ToGroupedString());
        Assert.Equal(all.Count, all.Values.Distinct().Count());
    }
}
