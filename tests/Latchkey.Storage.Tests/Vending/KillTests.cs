using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>kill -9 under load: nothing that was acknowledged is lost, nothing is doubled, and the books agree.</summary>
public sealed class KillTests
{
    private static readonly int Kills = Environment.GetEnvironmentVariable("LATCHKEY_LONG") is null ? 3 : 40;
    private const int OrdersPerLife = 1_000_000;

    [Fact]
    public async Task Sell_KilledAgainAndAgain_LosesNothingItAcknowledged()
    {
        using Shop shop = await Shop.OpenAsync();
        shop.Clock.Set(TimeProvider.System.GetUtcNow());
        for (int life = 1; life <= Kills; life++)
        {
            Dictionary<Guid, string> acknowledged = await KilledShop.SellAndKill(shop.Directory, life * OrdersPerLife, acknowledgements: 40 * life);
            Assert.True(acknowledged.Count >= 40 * life);
            shop.Restart();
            await shop.Desk.RecoverAsync(CancellationToken.None);

            foreach ((Guid order, string token) in acknowledged) Assert.Equal(token, shop.Desk.Find(order)!.Token!.Value.ToGroupedString());
            Assert.Empty(shop.House.Store.InState(OrderState.Held, 10));
            shop.AssertBooksAgree();
        }
    }
}
