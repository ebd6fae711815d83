using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Latchkey.Emulators.Calin;
using Latchkey.Sts;

namespace Latchkey.Emulators.Tests;

public sealed class CalinEmulatorTests : IAsyncLifetime
{
    private static readonly DecoderKeyAttributes Meter = new(
        MeterPan.Parse("600727000000000009"), SupplyGroupCode.Parse("000001"), TariffIndex.Parse("01"), KeyRevisionNumber.FromValue(1), KeyType.Unique,
        KeyExpiryNumber.Never, BaseDate.Year2014, EncryptionAlgorithm.Ea11);
    private readonly HttpClient _http = new();
    private CalinEmulator _service = null!;

    public async ValueTask InitializeAsync()
    {
        _service = await CalinEmulator.StartAsync(new CalinEmulatorOptions(), TimeProvider.System, CancellationToken.None);
        _service.AddMeter(Meter);
    }

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task Purchase_SentTwice_IsTwoTokensThatTheMeterTakes()
    {
        string first = await TokenAsync(25.5m), second = await TokenAsync(25.5m);
        Assert.NotEqual(first, second);
        CreditToken one = Read(first), two = Read(second);
        Assert.Equal((255, 255), (one.Amount.Steps, two.Amount.Steps));
        Assert.True(two.Tid > one.Tid);
        Assert.Equal([first, second], _service.Sales.Select(s => s.Token));
    }

    [Theory]
    [InlineData("company_name", "Other", "02")]
    [InlineData("user_name", "Other", "02")]
    [InlineData("password", "Other", "02")]
    [InlineData("password_vend", "Other", "02")]
    [InlineData("meter_number", "00000000018", "03")]
    [InlineData("amount", "many", "04")]
    [InlineData("is_vend_by_unit", "true", "04")]
    public async Task Purchase_WithOneFieldWrong_IsRefusedAndMakesNothing(string field, string value, string code)
    {
        JsonObject body = Body(25.5m);
        body[field] = value;
        Assert.Equal(code, (await PostAsync("POS_Purchase", body))!["result_code"]!.GetValue<string>());
        Assert.Empty(_service.Sales);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("0.05")]
    public async Task Purchase_OfAnAmountThatNoTokenCarries_IsRefused(string amount) =>
        Assert.Equal("04", (await PostAsync("POS_Purchase", Body(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture))))!["result_code"]!.GetValue<string>());

    [Theory]
    [InlineData(CalinFault.FailBefore, 0, 500)]
    [InlineData(CalinFault.FailAfter, 1, 500)]
    [InlineData(CalinFault.Refuse, 0, 200)]
    [InlineData(CalinFault.NoToken, 1, 200)]
    [InlineData(CalinFault.Page, 1, 200)]
    [InlineData(CalinFault.Cut, 1, 200)]
    public async Task Fault_MakesItsTokenOrNone(CalinFault fault, int made, int status)
    {
        _service.FaultNext(fault);
        using HttpResponseMessage answer = await SendAsync("POS_Purchase", Body(1m));
        Assert.Equal((made, status), (_service.Sales.Count, (int)answer.StatusCode));
    }

    [Theory]
    [InlineData(CalinFault.DropBefore, 0)]
    [InlineData(CalinFault.DropAfter, 1)]
    public async Task Drop_CutsTheLine(CalinFault fault, int made)
    {
        _service.FaultNext(fault);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => SendAsync("POS_Purchase", Body(1m)));
        Assert.Equal(made, _service.Sales.Count);
        Assert.Equal(1, _service.Calls);
    }

    [Fact]
    public async Task Repeat_AnswersTheSaleBefore()
    {
        string first = await TokenAsync(1m);
        _service.FaultNext(CalinFault.Repeat);
        Assert.Equal(first, await TokenAsync(2m));
        Assert.Single(_service.Sales);
    }

    [Fact]
    public async Task Maintenance_MakesTokensWithoutEnergy()
    {
        JsonObject body = Body(1m);
        string token = (await PostAsync("Maintenance_ClearTamper", body))!["result"]!.GetValue<string>();
        using DecoderKey key = _service.KeyOf(Meter);
        using TokenCipher cipher = TokenCipher.Create(EncryptionAlgorithm.Ea11, key);
        Assert.Equal(TokenResult.Accept, ManagementTokenCodec.Decode(cipher.Decrypt(TokenNumber.Parse(token).Block), out ManagementToken management));
        Assert.Equal(ManagementSubClass.ClearTamperCondition, management.SubClass);
        using HttpResponseMessage none = await SendAsync("POS_Find", body);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Fact]
    public async Task Anything_InsteadOfJson_IsRefused()
    {
        using HttpResponseMessage answer = await _http.PostAsync(new Uri(_service.BaseAddress, "POS_Purchase"), new StringContent("<xml/>"));
        Assert.Contains("\"result_code\":\"09\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private CreditToken Read(string token)
    {
        using DecoderKey key = _service.KeyOf(Meter);
        using TokenCipher cipher = TokenCipher.Create(EncryptionAlgorithm.Ea11, key);
        Assert.Equal(TokenResult.Accept, CreditTokenCodec.Decode(cipher.Decrypt(TokenNumber.Parse(token).Block), out CreditToken credit));
        return credit;
    }

    private JsonObject Body(decimal amount) => new()
    {
        ["company_name"] = "Riverside", ["user_name"] = "POS1", ["password"] = _service.Password, ["password_vend"] = _service.VendPassword,
        ["meter_number"] = Meter.Pan.Drn.ToString(), ["is_vend_by_unit"] = true, ["amount"] = amount,
    };

    private async Task<string> TokenAsync(decimal amount) => (await PostAsync("POS_Purchase", Body(amount)))!["result"]!["token"]!.GetValue<string>();

    private async Task<JsonNode?> PostAsync(string call, JsonObject body)
    {
        using HttpResponseMessage answer = await SendAsync(call, body);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync());
    }

    private Task<HttpResponseMessage> SendAsync(string call, JsonObject body) =>
        _http.PostAsync(new Uri(_service.BaseAddress, call), new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"));
}
