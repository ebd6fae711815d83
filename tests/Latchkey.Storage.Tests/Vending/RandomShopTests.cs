using Latchkey.Testing;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>Whatever eight clients, a bad line and a failing program do to a shop: one order per token, one token or the money per paid order.</summary>
public sealed class RandomShopTests
{
    private const int SettleEvery = 2_500;
    private static readonly bool Long = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1";
    private static readonly int Operations = Long ? 100_000 : 10_000;

    [Fact]
    public async Task Shop_AfterAnyOperations_HasSoldEveryTokenOnceAndKeptEveryCent()
    {
        int seed = int.TryParse(Environment.GetEnvironmentVariable("LATCHKEY_SEED"), out int given) ? given : Environment.TickCount;
        using Shop shop = await Shop.OpenAsync(creditLimit: long.MaxValue, directory: TemporaryDirectory.InMemory(), other: Shop.Carrying());
        var random = new RandomShop(shop, seed);
        int done = 0;
        try
        {
            await random.OpenAsync();
            for (done = 1; done <= Operations; done++)
            {
                await random.StepAsync();
                if (done % SettleEvery == 0) await random.SettleAsync();
            }
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"Operation {done} with LATCHKEY_SEED={seed}: {e.Message}", e);
        }

        Assert.True(random.Crashes > Operations / 50);
        Assert.True(random.Issued > Operations / 10);
        Assert.True(random.Closed > Operations / 2_000);
    }
}
