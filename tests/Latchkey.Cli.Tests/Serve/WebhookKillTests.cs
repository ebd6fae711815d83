using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Latchkey.Messaging.Webhooks;
using Latchkey.Sts;

namespace Latchkey.Cli.Tests.Serve;

/// <summary>The server is killed under load, again and again, with webhooks on their way: nobody who listens misses a fact, hears one that is none, or hears them in disorder.</summary>
public sealed class WebhookKillTests
{
    private const int Sellers = 4, Meters = 8;

    // Early, and few: each costs its meter the five seconds until the retry.
    private static readonly int[] BusyAt = [2, 7, 19, 60, 150, 151];
    private static readonly int Kills = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1" ? 40 : 3;
    private readonly int _seed = Environment.TickCount;

    [Fact]
    public async Task Webhooks_OfAServerThatIsKilledUnderLoad_AreEachDeliveredUnderOneIdInTheirOrder()
    {
        var chance = new Random(_seed);
        int came = 0;
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync(() => BusyAt.Contains(Interlocked.Increment(ref came)));
        using SellerStory story = await SellerStory.CreateAsync(_ => """{ "kind": "in-process" }""");
        await story.SettingsAsync("\"allowPrivateAddresses\": false", "\"allowPrivateAddresses\": true");
        await story.SettingsAsync("\"apiChannel\": \"api\",", "\"apiChannel\": \"api\", \"tidLeadMinutes\": 10080,");
        await story.DoAsync("keys", "draw", story.Data, "--development", "--sgc", "000001");
        string[] meters = await MetersAsync(story);
        await story.ServeAsync();
        string secret = JsonDocument.Parse(await story.DoAsync("webhooks", "add", story.Data, SellerStory.Client, receiver.Address, "--json")).RootElement.GetProperty("secret").GetString()!;

        var sold = new ConcurrentDictionary<Guid, string>();
        var open = new ConcurrentQueue<(Guid Id, string Meter)>();
        for (int kill = 0; kill < Kills; kill++)
        {
            Task[] selling = [.. Enumerable.Range(0, Sellers).Select(_ => Task.Run(() => SellUntilItDiesAsync(story, meters, chance, open, sold)))];
            await Task.Delay(TimeSpan.FromMilliseconds(500 + Draw(chance, 1_500)), TimeProvider.System, CancellationToken.None);
            story.KillServer();
            await Task.WhenAll(selling);
            await story.ServeAgainAsync();
        }

        while (open.TryDequeue(out (Guid Id, string Meter) order)) Assert.True(await BuyAsync(story, order, sold), $"not sold after the last start, seed {_seed}");
        await DrainedAsync(story);
        AssertHeard(receiver.Heard, sold, secret);
    }

    /// <summary>Buys until no answer comes; what was asked and not answered is asked again in the next life, under the same id.</summary>
    private static async Task SellUntilItDiesAsync(SellerStory story, string[] meters, Random chance, ConcurrentQueue<(Guid, string)> open, ConcurrentDictionary<Guid, string> sold)
    {
        while (true)
        {
            (Guid Id, string Meter) order = open.TryDequeue(out (Guid, string) left) ? left : (Guid.CreateVersion7(), meters[Draw(chance, meters.Length)]);
            if (await BuyAsync(story, order, sold)) continue;
            open.Enqueue(order);
            return;
        }
    }

    private static async Task<bool> BuyAsync(SellerStory story, (Guid Id, string Meter) order, ConcurrentDictionary<Guid, string> sold)
    {
        try
        {
            using HttpResponseMessage answer = await story.BuyAsync(order.Id, 500, order.Meter);
            Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.OK]);
            sold[order.Id] = order.Meter;
            return true;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private void AssertHeard(IReadOnlyList<Delivery> heard, ConcurrentDictionary<Guid, string> sold, string secret)
    {
        var verifier = new StandardWebhook(secret);
        Assert.All(heard, d => Assert.Equal(WebhookVerdict.Genuine, verifier.Verify(d.Headers, d.Body, d.At)));

        // One id, one content, however often; and each was taken in the end.
        ILookup<long, Delivery> byNumber = heard.ToLookup(d => d.Number);
        Assert.All(byNumber, same => Assert.Single(same.Select(d => Convert.ToHexString(d.Body)).Distinct(StringComparer.Ordinal)));
        Assert.All(byNumber, same => Assert.Contains(same, d => d.IsTaken));

        // Nothing is missing and nothing is invented: the sales, each once.
        var told = byNumber.Select(same => (Number: same.Key, Json: JsonDocument.Parse(same.First().Body).RootElement)).OrderBy(e => e.Number).ToArray();
        Assert.All(told, e => Assert.Equal("purchase.posted", e.Json.GetProperty("type").GetString()));
        Assert.Equal(sold.Keys.Order(), told.Select(e => e.Json.GetProperty("data").GetProperty("purchaseId").GetGuid()).Order());
        Assert.Equal(Enumerable.Range(1, told.Length).Select(n => (long)n), told.Select(e => e.Number));

        // Of one meter in their order, as far as they were taken.
        foreach (IGrouping<string, (long Number, JsonElement Json)> meter in told.GroupBy(e => e.Json.GetProperty("data").GetProperty("meterPan").GetString()!, StringComparer.Ordinal))
        {
            HashSet<long> its = [.. meter.Select(e => e.Number)];
            long[] taken = [.. heard.Where(d => d.IsTaken && its.Contains(d.Number)).Select(d => d.Number).Distinct()];
            Assert.True(taken.SequenceEqual(taken.Order()), $"meter {meter.Key} was told in disorder: {string.Join(' ', taken)}, seed {_seed}");
        }

        Assert.True(heard.Any(d => !d.IsTaken), "the receiver was never busy: the test proves less than it says");
    }

    /// <summary>Until everything is taken; a retry waits for its five seconds.</summary>
    private static async Task DrainedAsync(SellerStory story)
    {
        for (int quiet = 0, i = 0; quiet < 2; i++)
        {
            Assert.True(i < 120, "webhooks are still waiting after two minutes:\n" + story.Server.Said);
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, CancellationToken.None);
            JsonElement hook = JsonDocument.Parse(await story.DoAsync("webhooks", "list", story.Data, "--json")).RootElement[0];
            quiet = hook.GetProperty("waiting").GetInt64() == 0 && hook.GetProperty("taken").GetInt64() > 0 ? quiet + 1 : 0;
        }
    }

    private static async Task<string[]> MetersAsync(SellerStory story)
    {
        string[] pans = [.. Enumerable.Range(1, Meters).Select(i => Enumerable.Range(0, 10).Select(d => $"{i:D10}{d}")
            .Select(text => DecoderReferenceNumber.TryParse(text, out DecoderReferenceNumber drn) && drn.HasValidCheckDigit ? MeterPan.FromDrn(drn).ToString() : null).First(pan => pan is not null)!)];
        string file = Path.Combine(story.Data, "more.csv");
        await File.WriteAllTextAsync(file, "pan,sgc,krn,ti,tariff\n" + string.Concat(pans.Select(pan => $"{pan},000001,1,01,STARTER\n")));
        await story.DoAsync("meters", "import", story.Data, file);
        return pans;
    }

    private static int Draw(Random chance, int below)
    {
        lock (chance) return chance.Next(below);
    }
}
