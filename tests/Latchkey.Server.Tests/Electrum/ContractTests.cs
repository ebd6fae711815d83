using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Storage.Vending;

namespace Latchkey.Server.Tests.Electrum;

/// <summary>The contract's rules: echoes, errors, advices, who may see what.</summary>
public sealed class ContractTests(Bench bench) : IClassFixture<Bench>
{
    private static readonly string[] Unchanged = ["id", "time", "originator", "client", "settlementEntity", "receiver"];

    [Fact]
    public async Task LookUp_OfACaseMeter_TellsAllThatTheContractNames()
    {
        JsonObject request = Bench.Message("TST007");
        Reply reply = await bench.PostAsync("meterLookups/" + request["id"], request);
        Assert.Equal(HttpStatusCode.Created, reply.Status);
        IsEchoed(request, reply);
        Assert.Equal(
            """{"meterId":"TST007","serviceType":"Electricity","supplyGroupCode":"000001","keyRevisionNum":"1","tariffIndex":"01","tokenTechCode":"02","algorithmCode":"07"}""",
            reply.Json.GetProperty("meter").GetRawText());
        Assert.Equal("""{"firstName":"John","lastName":"Palmer","address":"31 Milner Road"}""", reply.Json.GetProperty("customer").GetRawText());
        Assert.Equal(
            """{"name":"Electrum Test Server","address":"The Cloud","vatRegNum":"0000000000","clientId":"0001","message":"This is a message to the customer"}""",
            reply.Json.GetProperty("utility").GetRawText());
        Assert.Equal("""{"amount":20000,"currency":"710"}""", reply.Json.GetProperty("minAmount").GetRawText());
        Assert.Equal("""{"amount":500000,"currency":"710"}""", reply.Json.GetProperty("maxAmount").GetRawText());
        Assert.True(reply.Json.GetProperty("arrearsAmount").GetProperty("amount").GetInt64() > 0);
        Assert.Equal(JsonValueKind.False, reply.Json.GetProperty("bsstDue").ValueKind);
    }

    [Fact]
    public async Task EveryCreatedAnswer_EchoesTheRequestAndAddsOneIdentifier()
    {
        (JsonObject purchase, Reply bought) = await bench.BuyAsync("TST001");
        IsEchoed(purchase, bought);
        JsonObject fault = Bench.Message("TST001"), reprint = Bench.Message("TST001"), change = Bench.Message("TST003"), trial = Bench.Purchase("TST001", 10_000);
        (fault["faultType"], fault["contactNumber"]) = ("KeepsTripping", "082134567");
        foreach ((string path, JsonObject body) in new[] { ("faultReports", fault), ("tokenReprints", reprint), ("keyChangeTokenRequests", change), ("tokenPurchases/trial", trial) })
        {
            Reply reply = await bench.PostAsync($"{path}/{body["id"]}", body);
            Assert.Equal(HttpStatusCode.Created, reply.Status);
            IsEchoed(body, reply);
        }
    }

    [Fact]
    public async Task FaultReport_Taken_HasReferenceAndDescription()
    {
        JsonObject body = Bench.Message("TST002");
        body["faultType"] = "KeepsTripping";
        Reply reply = await bench.PostAsync("faultReports/" + body["id"], body);
        Assert.Matches("^F[0-9]{10}$", reply.Json.GetProperty("reference").GetString());
        Assert.Contains("KeepsTripping", reply.Json.GetProperty("description").GetString());
    }

    [Fact]
    public async Task Trial_OfAPurchase_HasItsFiguresAndTokensOfZeros_AndChangesNothing()
    {
        JsonObject trial = Bench.Purchase("TST008", 20_000);
        Reply tried = await bench.PostAsync("tokenPurchases/trial/" + trial["id"], trial);
        (_, Reply bought) = await bench.BuyAsync("TST008");
        Assert.All(tried.Digits, digits => Assert.Equal(new string('0', 20), digits));
        foreach (string name in (string[])["purchaseTotal", "taxTotal", "serviceCharges"])
            Assert.Equal(bought.Json.GetProperty(name).GetRawText(), tried.Json.GetProperty(name).GetRawText());
        Assert.Equal(bought.Tokens.Select(CaseMeterTests.Describe), tried.Tokens.Select(CaseMeterTests.Describe));
        Assert.Equal(Balances(bought), Balances(tried));
        static string Balances(Reply reply) => string.Join(' ', reply.Json.GetProperty("debtRecoveryCharges").EnumerateArray().Select(d => d.GetProperty("balance").GetRawText()));
    }

    [Fact]
    public async Task Reprint_OfAReceiptAndOfTheLatest_IsTheSameTokensMarkedAsACopy()
    {
        (_, Reply bought) = await bench.BuyAsync("TST003");
        JsonObject latest = Bench.Message("TST003"), named = Bench.Message("TST003"), unknown = Bench.Message("TST003");
        named["originalRef"] = bought.Tokens[^1].GetProperty("receiptNum").GetString();
        unknown["originalRef"] = "R999999999";
        Reply whole = await bench.PostAsync("tokenReprints/" + latest["id"], latest), one = await bench.PostAsync("tokenReprints/" + named["id"], named);
        Assert.Equal(bought.Digits, whole.Digits);
        Assert.Equal(bought.Digits[^1..], one.Digits[^1..]);
        Assert.Contains("COPY", whole.Json.GetProperty("slipData").GetRawText());
        Assert.DoesNotContain("COPY", bought.Json.GetProperty("slipData").GetRawText());
        Assert.Equal("UNABLE_TO_LOCATE_RECORD", (await bench.PostAsync("tokenReprints/" + unknown["id"], unknown)).ErrorType);
    }

    [Fact]
    public async Task KeyChange_AskedTwice_IsTheSameSet_AndWhatIsSoldAfterwardsGoesWithIt()
    {
        JsonObject first = Bench.Message("TST009"), second = Bench.Message("TST009");
        Reply issued = await bench.PostAsync("keyChangeTokenRequests/" + first["id"], first);
        Assert.Equal(["KC", "KC"], issued.Tokens.Select(t => t.GetProperty("tokenType").GetString()));
        Assert.Equal("""{"newSupplyGroupCode":"000001","newKeyRevisionNumber":"2","newTariffIndex":"01"}""", issued.Json.GetProperty("meter").GetProperty("keyChangeData").GetRawText());
        Assert.Equal(issued.Digits, (await bench.PostAsync("keyChangeTokenRequests/" + second["id"], second)).Digits);

        JsonObject confirmation = Bench.Advice(first);
        Assert.Equal(HttpStatusCode.Accepted, (await bench.PostAsync($"keyChangeTokenRequests/{first["id"]}/confirmations/{confirmation["id"]}", confirmation)).Status);
        (_, Reply bought) = await bench.BuyAsync("TST009");
        Assert.Equal(issued.Digits, bought.Digits[..2]);
        Assert.Equal(3, bought.Digits.Length);
    }

    [Theory]
    [InlineData("confirmations")]
    [InlineData("reversals")]
    public async Task Advice_WithoutItsPurchase_IsNotFound(string kind)
    {
        JsonObject lookup = Bench.Message("TST001");
        await bench.PostAsync("meterLookups/" + lookup["id"], lookup);
        foreach (string original in (string[])[Bench.NewId(), lookup["id"]!.GetValue<string>()])
        {
            JsonObject advice = Bench.Advice(new JsonObject { ["id"] = original });
            advice["reversalReason"] = "TIMEOUT";
            Reply reply = await bench.PostAsync($"tokenPurchases/{original}/{kind}/{advice["id"]}", advice);
            Assert.Equal((HttpStatusCode.NotFound, "UNABLE_TO_LOCATE_RECORD", original), (reply.Status, reply.ErrorType, reply.Json.GetProperty("originalId").GetString()));
        }
    }

    [Fact]
    public async Task Reversal_OfATokenThatWasShown_IsAnswered_AndTheMoneyStays()
    {
        (JsonObject request, Reply bought) = await bench.BuyAsync("TST001");
        JsonObject reversal = Bench.Advice(request);
        reversal["reversalReason"] = "CANCELLED";
        string path = $"tokenPurchases/{request["id"]}/reversals/{reversal["id"]}";
        Assert.Equal(HttpStatusCode.Accepted, (await bench.PostAsync(path, reversal)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await bench.PostAsync(path, reversal)).Status);
        Assert.True(bench.Server.Platform.Vending.Desk.Find(Guid.Parse(request["id"]!.GetValue<string>()))!.HasToken);

        var retry = (JsonObject)request.DeepClone();
        retry["id"] = Bench.NewId();
        Assert.Equal(bought.Digits, (await bench.PostAsync($"tokenPurchases/{request["id"]}/retry", retry)).Digits);
    }

    [Fact]
    public async Task Retry_OfAPurchaseThatNeverArrived_MakesIt()
    {
        string original = Bench.NewId();
        JsonObject retry = Bench.Purchase("TST001", 10_000);
        Reply reply = await bench.PostAsync($"tokenPurchases/{original}/retry", retry);
        Assert.Equal(HttpStatusCode.Created, reply.Status);
        JsonObject late = Bench.Purchase("TST001", 10_000);
        late["id"] = original;
        Assert.Equal("DUPLICATE_RECORD", (await bench.PostAsync("tokenPurchases/" + original, late)).ErrorType);
    }

    [Fact]
    public async Task Retry_WithAnotherAmount_IsRefused()
    {
        (JsonObject request, _) = await bench.BuyAsync("TST001");
        var retry = (JsonObject)request.DeepClone();
        (retry["id"], retry["purchaseAmount"]!["amount"]) = (Bench.NewId(), "20000");
        Reply reply = await bench.PostAsync($"tokenPurchases/{request["id"]}/retry", retry);
        Assert.Equal((HttpStatusCode.BadRequest, "DUPLICATE_RECORD"), (reply.Status, reply.ErrorType));
    }

    [Fact]
    public async Task Retry_AndReprint_OfAPurchaseFromBeforeTheKeyChange_HaveNoTokensOfTheKey()
    {
        (JsonObject before, Reply bought) = await bench.BuyAsync("TST010");
        JsonObject change = Bench.Message("TST010"), retry = before.DeepClone().AsObject(), reprint = Bench.Message("TST010");
        Assert.Equal(2, (await bench.PostAsync("keyChangeTokenRequests/" + change["id"], change)).Digits.Length);
        (retry["id"], reprint["originalRef"]) = (Bench.NewId(), before["id"]!.GetValue<string>());
        Assert.Equal(bought.Digits, (await bench.PostAsync($"tokenPurchases/{before["id"]}/retry", retry)).Digits);
        Assert.Equal(bought.Digits, (await bench.PostAsync("tokenReprints/" + reprint["id"], reprint)).Digits);
        (_, Reply after) = await bench.BuyAsync("TST010");
        Assert.Equal(3, after.Digits.Length);
    }

    [Fact]
    public async Task Purchase_OfARefundMeter_IsItsCaseEachTime_AndTheEarlierOnesRetryIsAsItWas()
    {
        (JsonObject request, Reply first) = await bench.BuyAsync("TST005");
        (_, Reply second) = await bench.BuyAsync("TST005");
        Assert.Equal(first.Tokens.Select(CaseMeterTests.Describe), second.Tokens.Select(CaseMeterTests.Describe));
        Assert.Empty(first.Digits.Intersect(second.Digits));

        // A third refund waits by now; it does not go with a purchase that was made before.
        var retry = (JsonObject)request.DeepClone();
        retry["id"] = Bench.NewId();
        Assert.Equal(first.Digits, (await bench.PostAsync($"tokenPurchases/{request["id"]}/retry", retry)).Digits);
    }

    [Theory]
    [InlineData("TST002", 100)]
    [InlineData("TST003", 10_000)]
    public async Task Retry_OfAPurchaseOfFreeEnergyAlone_WithMoneyOrForAnotherMeter_IsRefused(string meter, long amount)
    {
        (JsonObject request, Reply bought) = await bench.BuyAsync("TST002");
        JsonObject retry = Bench.Purchase(meter, amount);
        Reply refused = await bench.PostAsync($"tokenPurchases/{request["id"]}/retry", retry);
        Assert.Equal((HttpStatusCode.BadRequest, "DUPLICATE_RECORD"), (refused.Status, refused.ErrorType));
        Assert.Single(bought.Digits);
        Assert.Null(bench.Server.Platform.Vending.Desk.Find(Guid.Parse(request["id"]!.GetValue<string>())));
    }

    public static TheoryData<string, string> Wrong => new()
    {
        { """{"meter":{"meterId":"9999"}}""", "UNKNOWN_METER_ID" },
        { """{"meter":null}""", "FORMAT_ERROR" },
        { """{"purchaseAmount":{"amount":"9999","currency":"710"}}""", "AMOUNT_TOO_LOW" },
        { """{"purchaseAmount":{"amount":"500001","currency":710}}""", "AMOUNT_TOO_HIGH" },
        { """{"purchaseAmount":{"amount":-1,"currency":"710"}}""", "INVALID_AMOUNT" },
        { """{"purchaseAmount":{"amount":"10000","currency":"156"}}""", "INVALID_AMOUNT" },
        { """{"purchaseAmount":{"amount":"100.5","currency":"710"}}""", "FORMAT_ERROR" },
        { """{"purchaseAmount":null}""", "FORMAT_ERROR" },
        { """{"time":"yesterday"}""", "FORMAT_ERROR" },
        { """{"time":null}""", "FORMAT_ERROR" },
        { """{"id":"0d9a9c2e-0000-4000-8000-000000000000"}""", "FORMAT_ERROR" },
        { """{"thirdPartyIdentifiers":{}}""", "FORMAT_ERROR" },
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task Purchase_ThatIsWrong_IsRefusedInTheContractsWords(string change, string errorType)
    {
        JsonObject body = Bench.Purchase("TST001", 10_000);
        string id = body["id"]!.GetValue<string>();
        foreach ((string name, JsonNode? value) in JsonNode.Parse(change)!.AsObject()) body[name] = value?.DeepClone();
        Reply reply = await bench.PostAsync("tokenPurchases/" + id, body);
        Assert.Equal((HttpStatusCode.BadRequest, errorType, "TOKEN_PURCHASE_REQUEST", id), (reply.Status, reply.ErrorType, reply.Json.GetProperty("requestType").GetString(), reply.Json.GetProperty("id").GetString()));
        Assert.InRange(reply.Json.GetProperty("errorMessage").GetString()!.Length, 1, 20);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"id\":")]
    public async Task ABody_ThatIsNoMessage_IsAFormatError(string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        HttpResponseMessage answer = await bench.Client.PostAsync(new Uri("tokenPurchases/" + Bench.NewId(), UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("FORMAT_ERROR", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("test", "wrong")]
    [InlineData("nobody", "test")]
    public async Task AClient_ThatIsNotKnown_IsTurnedAway(string user, string password)
    {
        JsonObject body = Bench.Message("TST001");
        Reply reply = await bench.PostAsync("meterLookups/" + body["id"], body, bench.ClientOf(user, password));
        Assert.Equal(HttpStatusCode.Unauthorized, reply.Status);
    }

    [Fact]
    public async Task Books_AfterWhateverWasBought_AreIntact()
    {
        foreach (string meter in bench.Seed.MeterIds) await bench.BuyAsync(meter);
        Assert.True(bench.Server.Platform.Vending.Ledger.TrialBalance().IsBalanced);
        OfflineAuditReport audit = OfflineAudit.Verify(bench.Directory);
        Assert.Empty(audit.Report.Differences);
        Assert.True(audit.WithCustody);
    }

    private static void IsEchoed(JsonObject request, Reply reply)
    {
        foreach (string name in Unchanged)
        {
            Assert.True(JsonNode.DeepEquals(request[name], JsonNode.Parse(reply.Json.GetProperty(name).GetRawText())), name);
        }

        // Byte for byte: the plus of the offset and the letter with its accent as the client wrote them.
        Assert.Contains(request["time"]!.ToJsonString(), reply.Text);
        Assert.Contains(request["originator"]!.ToJsonString(), reply.Text);
        JsonElement identifiers = reply.Json.GetProperty("thirdPartyIdentifiers");
        Assert.Equal(request["thirdPartyIdentifiers"]!.AsArray().Count + 1, identifiers.GetArrayLength());
        Assert.Equal("0001", identifiers[identifiers.GetArrayLength() - 1].GetProperty("institutionId").GetString());
    }
}
