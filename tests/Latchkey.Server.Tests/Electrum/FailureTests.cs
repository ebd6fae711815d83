using System.Net;
using System.Text.Json.Nodes;
using Latchkey.Server.ElectrumApi;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Server.Tests.Electrum;

/// <summary>Every call's failures are answered under the names of that call: which request, which id, which original.</summary>
public sealed class FailureTests(Bench bench) : IClassFixture<Bench>
{
    public static TheoryData<string, string, bool> Calls => new()
    {
        { "meterLookups/{id}", "METER_LOOKUP_REQUEST", false },
        { "tokenPurchases/{id}", "TOKEN_PURCHASE_REQUEST", false },
        { "tokenPurchases/trial/{id}", "TOKEN_PURCHASE_REQUEST", false },
        { "tokenPurchases/{original}/retry", "TOKEN_PURCHASE_RETRY_REQUEST", false },
        { "tokenReprints/{id}", "TOKEN_REPRINT_REQUEST", false },
        { "keyChangeTokenRequests/{id}", "KEY_CHANGE_TOKEN_REQUEST", false },
        { "faultReports/{id}", "FAULT_REPORT_REQUEST", false },
        { "tokenPurchases/{original}/confirmations/{id}", "CONFIRMATION_ADVICE", true },
        { "tokenPurchases/{original}/reversals/{id}", "REVERSAL_ADVICE", true },
        { "keyChangeTokenRequests/{original}/confirmations/{id}", "CONFIRMATION_ADVICE", true },
        { "keyChangeTokenRequests/{original}/reversals/{id}", "REVERSAL_ADVICE", true },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_WithAFieldMissing_IsAFormatErrorUnderItsOwnNames(string route, string type, bool isAdvice)
    {
        foreach (string field in isAdvice ? (string[])["id", "time", "requestId"] : ["id", "time", "originator", "client", "thirdPartyIdentifiers", "meter"])
        {
            (string path, JsonObject body, string id, string original) = Message(route, isAdvice);
            body.Remove(field);
            Reply reply = await bench.PostAsync(path, body);
            string expected = field == "id" && !route.Contains("{id}", StringComparison.Ordinal) ? original : id;
            Assert.Equal((HttpStatusCode.BadRequest, "FORMAT_ERROR", type, expected), (reply.Status, reply.ErrorType, Text(reply, "requestType"), Text(reply, "id")));
            if (route.Contains("{original}", StringComparison.Ordinal)) Assert.Equal(original, Text(reply, "originalId"));
        }
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Call_WithWrongCredentials_IsUnauthorizedUnderItsOwnNames(string route, string type, bool isAdvice)
    {
        (string path, JsonObject body, string id, string original) = Message(route, isAdvice);
        Reply reply = await bench.PostAsync(path, body, bench.ClientOf("nobody-" + id, "wrong"));
        Assert.Equal((HttpStatusCode.Unauthorized, type), (reply.Status, Text(reply, "requestType")));
        Assert.Equal(route.Contains("{id}", StringComparison.Ordinal) ? id : original, Text(reply, "id"));
    }

    // What the handler knows of the request is what was kept when it was read, or what its address says.
    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Failure_Inside_IsAnUnknownOutcomeUnderItsOwnNames(string route, string type, bool isAdvice)
    {
        (string path, _, string id, string original) = Message(route, isAdvice);
        var http = new DefaultHttpContext();
        http.Request.Path = "/prepaidutility/v3/" + path;
        using var body = new MemoryStream();
        http.Response.Body = body;
        Assert.True(await new ElectrumExceptionHandler(NullLogger<ElectrumExceptionHandler>.Instance).TryHandleAsync(http, new InvalidOperationException("secret"), CancellationToken.None));
        JsonNode answer = JsonNode.Parse(body.ToArray())!;
        Assert.Equal((500, "OUTCOME_UNKNOWN", type), (http.Response.StatusCode, (string?)answer["errorType"], (string?)answer["requestType"]));
        Assert.Equal(route.Contains("{id}", StringComparison.Ordinal) ? id : original, (string?)answer["id"]);
        Assert.DoesNotContain("secret", answer.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reprint_ByTheIdOfThePurchaseOrOfItsRetry_GivesItsTokens()
    {
        (JsonObject purchase, Reply bought) = await bench.BuyAsync("TST001");
        var retry = (JsonObject)purchase.DeepClone();
        retry["id"] = Bench.NewId();
        await bench.PostAsync($"tokenPurchases/{purchase["id"]}/retry", retry);
        (_, Reply newer) = await bench.BuyAsync("TST001");
        foreach (JsonNode? reference in (JsonNode?[])[purchase["id"], retry["id"]])
        {
            JsonObject reprint = Bench.Message("TST001");
            reprint["originalRef"] = reference!.GetValue<string>();
            Assert.Equal(bought.Digits, (await bench.PostAsync("tokenReprints/" + reprint["id"], reprint)).Digits);
        }

        Assert.NotEqual(bought.Digits, newer.Digits);
    }

    [Fact]
    public async Task Call_ThatTheContractDoesNotHave_IsAnsweredInItsWords()
    {
        Reply reply = await bench.PostAsync("somethingElse/" + Bench.NewId(), Bench.Message("TST001"));
        Assert.Equal((HttpStatusCode.NotFound, "FUNCTION_NOT_SUPPORTED"), (reply.Status, reply.ErrorType));
    }

    private static (string Path, JsonObject Body, string Id, string Original) Message(string route, bool isAdvice)
    {
        string original = Bench.NewId();
        JsonObject body = isAdvice ? Bench.Advice(new JsonObject { ["id"] = original }) : Bench.Purchase("TST001", 10_000);
        if (isAdvice) body["reversalReason"] = "TIMEOUT";
        string id = body["id"]!.GetValue<string>();
        return (route.Replace("{original}", original, StringComparison.Ordinal).Replace("{id}", id, StringComparison.Ordinal), body, id, original);
    }

    private static string? Text(Reply reply, string name) => reply.Json.TryGetProperty(name, out System.Text.Json.JsonElement value) ? value.GetString() : null;
}
