using System.Net;
using System.Text.Json.Nodes;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.Makers;

namespace Latchkey.Server.Tests.Electrum;

/// <summary>Advices while a maker is silent: a reversal of an order of which nobody knows is not acknowledged, and is taken once people know.</summary>
public sealed class MakerSilentTests : IAsyncLifetime
{
    private readonly Bench _bench = new();

    public ValueTask InitializeAsync() => _bench.InitializeAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Reversal_WhileNobodyKnows_IsUnknown_AndIsTakenOncePeopleSayThatThereIsNone()
    {
        var maker = new SilentMaker();
        await _bench.RestartAsync(makers: new MakerServices([new("calin", maker)]));
        VendingHouse house = _bench.Server.Platform.Vending;
        string meter = _bench.Seed.MeterIds[0];
        MeterPan pan = _bench.Seed.AttributesOf(meter).Pan;
        await house.Meters.SaveAsync(house.Meters.Find(pan)! with { Make = "CALIN" }, CancellationToken.None);
        (JsonObject purchase, Reply pending) = await _bench.BuyAsync(meter);
        Assert.Equal((HttpStatusCode.GatewayTimeout, "OUTCOME_UNKNOWN"), (pending.Status, pending.ErrorType));

        JsonObject reversal = Bench.Advice(purchase);
        reversal["reversalReason"] = "TIMEOUT";
        string path = $"tokenPurchases/{purchase["id"]}/reversals/{reversal["id"]}";
        for (int i = 0; i < 2; i++)
        {
            Reply silent = await _bench.PostAsync(path, reversal);
            Assert.Equal((HttpStatusCode.GatewayTimeout, "OUTCOME_UNKNOWN", "REVERSAL_ADVICE"), (silent.Status, silent.ErrorType, silent.Json.GetProperty("requestType").GetString()));
        }

        // The maker has made none: the next time the same advice is acknowledged, and the money is free.
        var order = Guid.Parse(purchase["id"]!.GetValue<string>());
        MakerRequest request = house.Makers.Find(order)!;
        await house.Store.UpdateAsync(
            books =>
            {
                books.Makers.End(request with { State = MakerRequestState.Refused, EndedAt = request.AskedAt, Code = VendingCodes.MakerNoToken, People = "Ann, Bo: list" });
                return true;
            },
            CancellationToken.None);
        Assert.Equal(HttpStatusCode.Accepted, (await _bench.PostAsync(path, reversal)).Status);
        Assert.Equal(OrderState.Reversed, house.Desk.Find(order)!.State);
        Assert.Equal(1, maker.Calls);
    }

    private sealed class SilentMaker : IMakerTokenService
    {
        public int Calls { get; private set; }

        public bool KnowsRequests => false;

        public bool Makes(MakerTokenKind kind) => true;

        public Task<MakerOutcome> MakeAsync(MakerWish wish, CancellationToken cancellationToken)
        {
            Calls++;
            return Task.FromResult<MakerOutcome>(new MakerOutcome.Unknown("lost"));
        }

        public Task<MakerOutcome> FindAsync(MakerWish wish, CancellationToken cancellationToken) => Task.FromResult<MakerOutcome>(new MakerOutcome.Unknown("lost"));
    }
}
