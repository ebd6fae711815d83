using Latchkey.Sts;
using Latchkey.Testing;
using Latchkey.Vending;
using Latchkey.Vending.Makers;

namespace Latchkey.Storage.Tests.Vending.Makers;

/// <summary>kill -9 while a maker's service is asked: what it made and what was sold are the same tokens in the end, and none is made twice.</summary>
public sealed class MakerKillTests
{
    private const int OrdersPerLife = 100_000;
    private static readonly int Kills = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1" ? 50 : 5;

    [Fact]
    public async Task Sell_KilledAgainAndAgain_NeverAsksForAnOrderTwice()
    {
        using Shop shop = await Shop.OpenAsync(creditLimit: long.MaxValue, directory: TemporaryDirectory.InMemory());
        await shop.House.Meters.SaveAsync(shop.House.Meters.Find(Shop.OtherPan)! with { Make = "calin" }, CancellationToken.None);
        string made = Path.Combine(shop.Directory, "maker.txt");
        await File.WriteAllTextAsync(made, string.Empty);
        Dictionary<Guid, string> all = [];
        int settled = 0;
        for (int life = 1; life <= Kills; life++)
        {
            foreach ((Guid order, string token) in await KilledShop.SellAndKill(shop.Directory, life * OrdersPerLife, 40, made)) all.Add(order, token);
            shop.Clock.Set(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(13));
            shop.Restart();
            settled += await SettleAsync(shop, made);
            Assert.Empty(shop.House.Store.InState(OrderState.Held, 10));
            shop.AssertBooksAgree();
        }

        // Every token that the maker made was sold, once, to the order that asked for it.
        Dictionary<Guid, TokenNumber> tokens = FileMaker.MadeIn(made);
        MakerRequest[] answered = [.. Journal(shop).Where(r => r.State == MakerRequestState.Answered)];
        Assert.Equal(tokens.OrderBy(t => t.Key), answered.Select(r => KeyValuePair.Create(r.Id, r.Token!.Value)).OrderBy(t => t.Key));
        Assert.Equal(answered.Length, answered.Select(r => r.OrderId).Distinct().Count());
        Assert.All(answered, r => Assert.Equal(r.Token, shop.Desk.Find(r.OrderId)!.Token));
        Assert.All(all, a => Assert.Equal(a.Value, shop.Desk.Find(a.Key)!.Token!.Value.ToGroupedString()));
        Assert.Equal(answered.Length, settled + answered.Count(r => r.People is null));
    }

    /// <summary>What two people do who have the maker's list before them; returns for how many they found a token.</summary>
    private static async Task<int> SettleAsync(Shop shop, string made)
    {
        Dictionary<Guid, TokenNumber> tokens = FileMaker.MadeIn(made);
        int found = 0;
        foreach (MakerRequest request in shop.House.Makers.Waiting(1_000))
        {
            bool isThere = tokens.TryGetValue(request.Id, out TokenNumber token);
            found += isThere ? 1 : 0;
            Assert.IsType<ApprovalOutcome.Done>(await shop.House.Acts.AskAndApproveAsync(
                Guid.CreateVersion7(), ActEffects.MakerAnswer(request, isThere ? token : null), "the maker's list", Insiders.Ann, Insiders.Bo, CancellationToken.None));
        }

        // Held and never asked for: this shop has no such service any more, and the hold has ended.
        foreach (VendOrder order in shop.House.Store.InState(OrderState.Held, 1_000)) await shop.Desk.PlaceAsync(order.Command, CancellationToken.None);
        await shop.Desk.ExpireAsync(CancellationToken.None);
        return found;
    }

    private static IReadOnlyList<MakerRequest> Journal(Shop shop) => shop.House.Store.Read(books =>
    {
        List<MakerRequest> lines = [];
        books.Makers.ForEach(line =>
        {
            lines.Add(line);
            return true;
        });
        return lines;
    });
}
