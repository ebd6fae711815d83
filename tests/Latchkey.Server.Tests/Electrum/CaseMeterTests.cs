using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Simulator;
using Latchkey.Sts;

namespace Latchkey.Server.Tests.Electrum;

/// <summary>Each case meter through its life at a foreign till, its figures held against the published case, its tokens typed at a virtual meter.</summary>
public sealed class CaseMeterTests(Bench bench) : IClassFixture<Bench>
{
    /// <summary>Token types with kWh; money net of tax and tax, in cents; debts with what is left; services.</summary>
    public static TheoryData<string, string, string, string> Cases => new()
    {
        { "TST001", "STD 73.8 8600+1400@14", "", "" },
        { "TST002", "BSST 50 0+0@14", "", "" },
        { "TST003", "STD 73.8 8600+1400@14, BSST 50 0+0@14", "", "" },
        { "TST004", "STD 73.8 8600+1400@14 (50x117.3 23.8x173.74)", "", "" },
        { "TST005", "STD 73.8 8600+1400@14, REFUND 73.8 10000+0", "", "" },
        { "TST006", "KC 0 0, KC 0 0, STD 73.8 8600+1400@14", "", "" },
        { "TST007", "STD 73.8 8600+1400@14", "Municipal rates arrears 4300+700 left 27300", "Connection fee 4300+700" },
        { "TST008", "STD 73.8 8600+1400@14", "Municipal rates arrears 4300+700 left 27300, Municipal water arrears 4300+700 left 27300", "" },
        { "TST009", "STD 73.8 8600+1400@14", "", "Connection fee 4300+700, Service fee 4300+700" },
        { "TST010", "STD 73.8 8600+1400@14", "", "" },
    };

    [Theory, MemberData(nameof(Cases))]
    public async Task Purchase_OfACaseMeter_IsThePublishedCase_AndItsMeterTakesEveryToken(string meterId, string tokens, string debts, string services)
    {
        (JsonObject request, Reply reply) = await bench.BuyAsync(meterId);
        Assert.Equal((HttpStatusCode.Created, request["id"]!.GetValue<string>()), (reply.Status, reply.Json.GetProperty("id").GetString()));
        Assert.Equal((tokens, debts, services), (Join(reply.Tokens, Describe), Join(Items(reply, "debtRecoveryCharges"), Debt), Join(Items(reply, "serviceCharges"), Service)));

        JsonObject confirmation = Bench.Advice(request);
        string path = $"tokenPurchases/{request["id"]}/confirmations/{confirmation["id"]}";
        Assert.Equal(HttpStatusCode.Accepted, (await bench.PostAsync(path, confirmation)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await bench.PostAsync(path, confirmation)).Status);
        Assert.Equal("DUPLICATE_RECORD", (await bench.PostAsync("tokenPurchases/" + request["id"], request)).ErrorType);

        decimal bought = reply.Tokens.Sum(t => t.GetProperty("units").GetDecimal());
        Assert.Equal(bought, TypeAll(meterId, reply.Digits));
    }

    [Fact]
    public async Task Purchase_WhoseAnswerIsLost_IsFoundByTheRetryWithTheSameToken()
    {
        (JsonObject request, Reply lost) = await bench.BuyAsync("TST011");
        Assert.Equal((HttpStatusCode.GatewayTimeout, "UPSTREAM_UNAVAILABLE"), (lost.Status, lost.ErrorType));

        var retry = (JsonObject)request.DeepClone();
        retry["id"] = Bench.NewId();
        Reply first = await bench.PostAsync($"tokenPurchases/{request["id"]}/retry", retry);
        Assert.Equal((HttpStatusCode.Created, retry["id"]!.GetValue<string>()), (first.Status, first.Json.GetProperty("id").GetString()));
        Assert.Equal("STD 73.8 8600+1400@14", Join(first.Tokens, Describe));

        // Asked again under another id, and under the same one, after a restart too.
        var again = (JsonObject)retry.DeepClone();
        again["id"] = Bench.NewId();
        Assert.Equal(first.Digits, (await bench.PostAsync($"tokenPurchases/{request["id"]}/retries/{again["id"]}", again)).Digits);
        Assert.Equal(first.Digits, (await bench.PostAsync($"tokenPurchases/{request["id"]}/retry", retry)).Digits);
        Assert.Equal(73.8m, TypeAll("TST011", first.Digits));

        JsonObject confirmation = Bench.Advice(request);
        Assert.Equal(HttpStatusCode.Accepted, (await bench.PostAsync($"tokenPurchases/{request["id"]}/confirmations/{confirmation["id"]}", confirmation)).Status);
    }

    [Fact]
    public async Task Slip_OfTheSlipMeter_BeginsWithTheUtilitysLines()
    {
        (_, Reply reply) = await bench.BuyAsync("TST010");
        JsonElement slip = reply.Json.GetProperty("slipData");
        JsonElement first = slip.GetProperty("messageLines")[0];
        Assert.Equal(("---    Slip Line 1    ---", 2), (first.GetProperty("text").GetString(), first.GetProperty("fontWidthScaleFactor").GetInt32()));
        string token = reply.Digits[^1];
        Assert.Contains($"{token[..4]} {token[4..8]} {token[8..12]}", slip.GetRawText());
    }

    /// <summary>Types the tokens in their order at the meter's keypad; returns the kWh that it credited.</summary>
    private decimal TypeAll(string meterId, IReadOnlyList<string> tokens)
    {
        using VirtualMeter meter = bench.Install(meterId);
        foreach (string token in tokens)
        {
            Assert.True(TokenNumber.TryParse(token, out _));
            meter.Type(token + "#");
            meter.Advance(TimeSpan.FromSeconds(5));
        }

        return meter.Snapshot.Granted.WattHours / 1_000m;
    }

    internal static string Describe(JsonElement token)
    {
        string text = $"{token.GetProperty("tokenType").GetString()} {token.GetProperty("units").GetDecimal():0.#} {Money(token.GetProperty("amount"))}";
        if (!token.TryGetProperty("tariffCalc", out JsonElement steps)) return text;
        return $"{text} ({string.Join(' ', steps.EnumerateArray().Select(s => $"{s.GetProperty("units").GetDecimal():0.#}x{s.GetProperty("rate").GetDecimal():0.##}"))})";
    }

    private static string Money(JsonElement amount) => amount.GetProperty("amount").GetInt64()
        + (amount.TryGetProperty("tax", out JsonElement tax) ? "+" + tax.GetInt64() : "")
        + (amount.TryGetProperty("taxRate", out JsonElement rate) ? $"@{rate.GetDecimal():0.##}" : "");

    private static string Debt(JsonElement debt) =>
        $"{debt.GetProperty("description").GetString()} {Money(debt.GetProperty("amount"))[..^3]} left {debt.GetProperty("balance").GetProperty("amount").GetInt64()}";

    private static string Service(JsonElement service) => $"{service.GetProperty("description").GetString()} {Money(service.GetProperty("amount"))[..^3]}";

    private static IEnumerable<JsonElement> Items(Reply reply, string name) => reply.Json.GetProperty(name).EnumerateArray();

    private static string Join(IEnumerable<JsonElement> items, Func<JsonElement, string> text) => string.Join(", ", items.Select(text));
}
