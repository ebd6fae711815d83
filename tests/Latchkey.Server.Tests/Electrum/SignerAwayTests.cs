using System.Net;
using System.Text.Json.Nodes;
using Latchkey.Vending.Apart;

namespace Latchkey.Server.Tests.Electrum;

/// <summary>Advices while the signer is away: what nobody can know yet is not acknowledged, and the same advice is taken later.</summary>
public sealed class SignerAwayTests : IAsyncLifetime
{
    private readonly Bench _bench = new();

    public ValueTask InitializeAsync() => _bench.InitializeAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact]
    public async Task Reversal_WhileTheSignerIsAway_IsToBeSentAgain_AndIsTakenOnceItIsBack()
    {
        string meter = _bench.Seed.MeterIds[0];
        await _bench.RestartAsync(AbsentSigner.Instance);
        (JsonObject purchase, Reply pending) = await _bench.BuyAsync(meter);
        Assert.Equal((HttpStatusCode.GatewayTimeout, "OUTCOME_UNKNOWN"), (pending.Status, pending.ErrorType));
        JsonObject reversal = Bench.Advice(purchase);
        reversal["reversalReason"] = "TIMEOUT";
        string path = $"tokenPurchases/{purchase["id"]}/reversals/{reversal["id"]}";
        for (int i = 0; i < 2; i++)
        {
            Reply away = await _bench.PostAsync(path, reversal);
            Assert.Equal((HttpStatusCode.GatewayTimeout, "OUTCOME_UNKNOWN", "REVERSAL_ADVICE"), (away.Status, away.ErrorType, away.Json.GetProperty("requestType").GetString()));
        }

        // The sale is finished as it was begun; the advice then says that its token was not handed out.
        await _bench.RestartAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await _bench.PostAsync(path, reversal)).Status);
        JsonObject retry = purchase.DeepClone().AsObject();
        retry["id"] = Bench.NewId();
        Reply again = await _bench.PostAsync($"tokenPurchases/{purchase["id"]}/retries/{retry["id"]}", retry);
        Assert.Equal(HttpStatusCode.Created, again.Status);
        Assert.NotEmpty(again.Digits);
    }
}
