using System.Net;
using System.Text;
using System.Text.Json;
using Latchkey.Sts;
using Latchkey.Vending.Makers;
using Latchkey.Vending.Makers.Calin;

namespace Latchkey.Vending.Tests.Makers;

public sealed class CalinTokenServiceTests
{
    private const string Password = "s3cret-One", VendPassword = "s3cret-Two";
    private static readonly MakerWish Energy = new(new Guid("00000000-0000-0000-0000-000000000001"), MakerTokenKind.Credit, MeterPan.Parse("600727000000000009"), 255);

    [Fact]
    public async Task Make_Energy_SaysUnitsMeterAndPasswordsAndNoMoreThanThat()
    {
        using var line = new Line(HttpStatusCode.OK, """{"result_code":0,"result":{"token":"12345678901234567890"}}""");
        using var service = new CalinTokenService(Options(), line);
        Assert.IsType<MakerOutcome.Made>(await service.MakeAsync(Energy, CancellationToken.None));
        Assert.Equal("https://tokens.example/api/POS_Purchase", line.Address);
        Assert.Equal(
            """{"company_name":"Riverside","user_name":"POS1","password":"s3cret-One","password_vend":"s3cret-Two","is_vend_by_unit":true,"amount":25.5,"meter_number":"00000000000"}""", line.Body);
        Assert.False(service.KnowsRequests);
    }

    [Fact]
    public async Task Make_WhereTheInstallationTakesOurId_SendsAndFindsByIt()
    {
        using var line = new Line(HttpStatusCode.OK, """{"result_code":0,"result":{"token":"12345678901234567890"}}""");
        using var service = new CalinTokenService(Options() with { RequestIdField = "order_no", FindCall = "POS_Find" }, line);
        await service.MakeAsync(Energy, CancellationToken.None);
        Assert.Equal("00000000000000000000000000000001", JsonDocument.Parse(line.Body!).RootElement.GetProperty("order_no").GetString());
        Assert.IsType<MakerOutcome.Made>(await service.FindAsync(Energy, CancellationToken.None));
        Assert.Equal("https://tokens.example/api/POS_Find", line.Address);
        Assert.False(JsonDocument.Parse(line.Body!).RootElement.TryGetProperty("amount", out _));
    }

    [Fact]
    public async Task Find_ThatFindsNothing_IsUnknownAndNeverRefused()
    {
        using var line = new Line(HttpStatusCode.OK, """{"result_code":9,"reason":"no such transaction","result":null}""");
        using var service = new CalinTokenService(Options() with { RequestIdField = "order_no", FindCall = "POS_Find" }, line);
        Assert.IsType<MakerOutcome.Unknown>(await service.FindAsync(Energy, CancellationToken.None));
    }

    [Theory]
    [InlineData(401, true)]
    [InlineData(403, true)]
    [InlineData(404, true)]
    [InlineData(405, true)]
    [InlineData(429, true)]
    [InlineData(201, false)]
    [InlineData(302, false)]
    [InlineData(400, false)]
    [InlineData(500, false)]
    [InlineData(502, false)]
    [InlineData(503, false)]
    [InlineData(504, false)]
    public async Task Status_OtherThan200_IsNotSentOnlyAtTheDoor(int status, bool isNotSent)
    {
        using var line = new Line((HttpStatusCode)status, """{"result_code":0,"result":{"token":"12345678901234567890"}}""");
        using var service = new CalinTokenService(Options(), line);
        MakerOutcome outcome = await service.MakeAsync(Energy, CancellationToken.None);
        Assert.IsType(isNotSent ? typeof(MakerOutcome.NotSent) : typeof(MakerOutcome.Unknown), outcome);
        Assert.Equal(1, line.Calls);
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError, true)]
    [InlineData(HttpRequestError.NameResolutionError, true)]
    [InlineData(HttpRequestError.SecureConnectionError, true)]
    [InlineData(HttpRequestError.ResponseEnded, false)]
    [InlineData(HttpRequestError.Unknown, false)]
    public async Task Line_ThatFails_IsNotSentOnlyWhereThereWasNone(HttpRequestError error, bool isNotSent)
    {
        using var line = new Line(new HttpRequestException(error));
        using var service = new CalinTokenService(Options(), line);
        Assert.IsType(isNotSent ? typeof(MakerOutcome.NotSent) : typeof(MakerOutcome.Unknown), await service.MakeAsync(Energy, CancellationToken.None));
    }

    [Fact]
    public async Task Timeout_IsUnknown_ButACallersCancellationGoesOn()
    {
        using var line = new Line(new TaskCanceledException());
        using var service = new CalinTokenService(Options(), line);
        Assert.IsType<MakerOutcome.Unknown>(await service.MakeAsync(Energy, CancellationToken.None));
        using var stopped = new CancellationTokenSource();
        await stopped.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => service.MakeAsync(Energy, stopped.Token));
    }

    [Fact]
    public async Task Answer_LongerThanAllowed_IsUnknown()
    {
        using var line = new Line(HttpStatusCode.OK, $$"""{"result_code":0,"result":{"token":"12345678901234567890"},"x":"{{new string('x', 70_000)}}"}""");
        using var service = new CalinTokenService(Options(), line);
        Assert.Equal("the answer is too long", Assert.IsType<MakerOutcome.Unknown>(await service.MakeAsync(Energy, CancellationToken.None)).Reason);
    }

    [Fact]
    public async Task Refusal_ThatRepeatsThePasswords_IsShownWithoutThem()
    {
        using var line = new Line(HttpStatusCode.OK, $$"""{"result_code":9,"reason":"bad: {{Password}} {{VendPassword}}"}""");
        using var service = new CalinTokenService(Options(), line);
        Assert.Equal("code 9, bad: *** ***.", Assert.IsType<MakerOutcome.Refused>(await service.MakeAsync(Energy, CancellationToken.None)).Reason);
    }

    [Fact]
    public void Secrets_AreNotPrinted()
    {
        string printed = Options().ToString();
        Assert.DoesNotContain(Password, printed, StringComparison.Ordinal);
        Assert.DoesNotContain(VendPassword, printed, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://tokens.example/api/")]
    [InlineData("http://10.0.0.7/api/")]
    [InlineData("ftp://tokens.example/")]
    [InlineData("https://user:pass@tokens.example/")]
    [InlineData("https://tokens.example/api?key=1")]
    [InlineData("/api/")]
    public void Address_WithoutTlsOrWithSecretsInIt_IsRefused(string address) =>
        Assert.Throws<ArgumentException>(() => new CalinTokenService(Options() with { BaseAddress = new Uri(address, UriKind.RelativeOrAbsolute) }));

    [Fact]
    public void Options_ThatCannotBe_AreRefused()
    {
        CalinOptions good = Options();
        Assert.Null(good.Fault);
        Assert.Null((good with { BaseAddress = new Uri("http://127.0.0.1:8080") }).Fault);
        Assert.All(
            (CalinOptions[])
            [
                good with { Company = "" }, good with { User = new string('x', 65) }, good with { Timeout = TimeSpan.Zero }, good with { Timeout = TimeSpan.FromMinutes(3) },
                good with { FindCall = "POS_Find" }, good with { RequestIdField = "order_no" }, good with { RequestIdField = "password", FindCall = "POS_Find" },
                good with { RequestIdField = "order_no", FindCall = "../admin" },
            ],
            o => Assert.NotNull(o.Fault));
    }

    private static CalinOptions Options()
    {
        Assert.True(MakerSecret.TryCreate(Password, out MakerSecret? password));
        Assert.True(MakerSecret.TryCreate(VendPassword, out MakerSecret? vend));
        return new CalinOptions(new Uri("https://tokens.example/api"), "Riverside", "POS1", password!, vend);
    }

    /// <summary>A line with one answer, or one way of failing.</summary>
    private sealed class Line(HttpStatusCode status, string answer) : HttpMessageHandler
    {
        private readonly Exception? _fault;

        public Line(Exception fault)
            : this(HttpStatusCode.OK, string.Empty) => _fault = fault;

        public string? Address { get; private set; }

        public string? Body { get; private set; }

        public int Calls { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Calls++;
            cancellationToken.ThrowIfCancellationRequested();
            Address = request.RequestUri!.AbsoluteUri;
            Body = await request.Content!.ReadAsStringAsync(cancellationToken);
            if (_fault is not null) throw _fault;
            return new HttpResponseMessage(status) { Content = new StringContent(answer, Encoding.UTF8, "application/json") };
        }
    }
}
