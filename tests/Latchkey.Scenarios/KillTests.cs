using System.Net;
using System.Net.Http.Json;
using Latchkey.Cli;
using Latchkey.Vending;
using Latchkey.Storage;
using Latchkey.Storage.Vending;

namespace Latchkey.Scenarios;

/// <summary>The server is killed in the middle of a purchase, started again, and asked again with the same id.</summary>
public sealed class KillTests : IDisposable
{
    private const int Rounds = 4;
    private readonly string _directory = Directory.CreateTempSubdirectory("latchkey-kill-").FullName;

    [Fact]
    public async Task Purchase_KilledAnywhereAndAskedAgain_IsOneTokenAndTheStoredAnswer()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        int seed = Environment.TickCount;
        var chance = new Random(seed);
        ServedPark park = await ServedPark.StartAsync(_directory, cancellationToken);
        try
        {
            List<(Guid Id, byte[] Answer)> bought = [];
            for (int round = 0; round < Rounds; round++)
            {
                Guid id = new(Enumerable.Range(0, 16).Select(_ => (byte)chance.Next(256)).ToArray());
                Task<byte[]?> asked = AskAsync(park, id, 1_000 + round, cancellationToken);
                await Task.Delay(TimeSpan.FromMilliseconds(chance.Next(0, 60)), TimeProvider.System, cancellationToken);
                park.Kill();
                byte[]? heard = await asked;
                park.Dispose();

                park = await ServedPark.StartAsync(_directory, cancellationToken);
                byte[] answer = await AskAsync(park, id, 1_000 + round, cancellationToken) ?? throw new InvalidOperationException($"No answer after the restart, seed {seed}.");
                byte[]? again = await AskAsync(park, id, 1_000 + round, cancellationToken);
                Assert.Equal(answer, again);
                if (heard is not null) Assert.Equal(heard, answer);
                Assert.Equal(HttpStatusCode.Conflict, await StatusAsync(park, id, 9_999, cancellationToken));
                bought.Add((id, answer));
            }

            park.Kill();
            AssertBooks([.. bought.Select(b => b.Id)], seed);
        }
        finally
        {
            park.Dispose();
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<byte[]?> AskAsync(ServedPark park, Guid id, long fen, CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await PutAsync(park, id, fen, cancellationToken);
            return response.StatusCode is HttpStatusCode.Created or HttpStatusCode.OK ? await response.Content.ReadAsByteArrayAsync(cancellationToken) : null;
        }
        catch (HttpRequestException)
        {
            return null; // the server died under the request, as it should
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(ServedPark park, Guid id, long fen, CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await PutAsync(park, id, fen, cancellationToken);
        return response.StatusCode;
    }

    private static Task<HttpResponseMessage> PutAsync(ServedPark park, Guid id, long fen, CancellationToken cancellationToken) => park.Client.PutAsJsonAsync(
        $"/v1/purchases/{id:D}", new { meterPan = park.Meter, amountMinorUnits = fen, currency = "CNY" }, cancellationToken);

    private void AssertBooks(Guid[] bought, int seed)
    {
        Assert.Equal(0, LatchkeyCommand.Create().Parse(["audit", "verify", _directory, "--json"]).Invoke());
        using SqliteDatabase books = SqliteDatabase.Open(new SqliteDatabaseOptions(_directory) { ReadOnly = true }, TimeProvider.System);
        var store = new SqliteVendingStore(books);
        List<VendOrder> orders = [];
        store.ForEach(orders.Add);
        VendOrder[] ours = [.. orders.Where(o => bought.Contains(o.Id))];
        Assert.Equal(bought.Length, ours.Length);
        Assert.Equal(ours.Length, ours.Select(o => o.Token).Distinct().Count());
        Assert.All(ours, o => Assert.True(o.HasToken, $"{o.State}, seed {seed}"));
    }
}
