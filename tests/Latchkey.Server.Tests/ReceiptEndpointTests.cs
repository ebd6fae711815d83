using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Server.Receipts;
using Latchkey.Vending;
using Microsoft.Extensions.DependencyInjection;

namespace Latchkey.Server.Tests;

/// <summary>Receipts over HTTP, and the PDF itself.</summary>
public sealed class ReceiptEndpointTests(ReceiptEndpointTests.ServerWithReceipts shared) : IClassFixture<ReceiptEndpointTests.ServerWithReceipts>
{
    private const string NoFont = "no font with Chinese letters here: install fonts-noto-cjk";

    [Fact]
    public async Task Get_AsPdf_IsAPdf()
    {
        Assert.SkipUnless(HasFont, NoFont);
        HttpResponseMessage answer = await shared.Client.GetAsync(Address(ServerWithReceipts.Order));
        Assert.Equal((HttpStatusCode.OK, "application/pdf"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.StartsWith("%PDF-", Encoding.ASCII.GetString(await answer.Content.ReadAsByteArrayAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_AsTextInChinese_IsThePaperOfTheStoredReceipt()
    {
        string paper = await shared.Client.GetStringAsync(Address(ServerWithReceipts.Order, "?format=text&language=zh&copy=true"));
        Assert.Equal(ReceiptText.Render(shared.Receipt, ReceiptLanguage.Chinese, isCopy: true), paper);
    }

    [Fact]
    public async Task Get_AsJson_IsTheStoredBytes() =>
        Assert.Equal(shared.Receipt.ToBytes(), await shared.Client.GetByteArrayAsync(Address(ServerWithReceipts.Order, "?format=json")));

    [Theory]
    [InlineData("?format=docx")]
    [InlineData("?language=xx")]
    public async Task Get_WithAParameterThatIsNone_SaysWhich(string query) =>
        await PurchaseApiTests.IsProblemAsync(await shared.Client.GetAsync(Address(ServerWithReceipts.Order, query)), HttpStatusCode.BadRequest, "malformed-parameter");

    [Fact]
    public async Task Get_OfAnUnknownOrder_IsNotFound() =>
        await PurchaseApiTests.IsProblemAsync(await shared.Client.GetAsync(Address(Guid.Empty)), HttpStatusCode.NotFound, "unknown-receipt");

    [Fact]
    public async Task Get_WithoutAKey_IsRefused()
    {
        using HttpClient stranger = shared.Server.Caller(withKey: false);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(Address(ServerWithReceipts.Order))).StatusCode);
    }

    [Theory]
    [InlineData("/orders/00000007-0000-0000-0000-000000000000/receipt")]
    [InlineData("/my/topups/00000007-0000-0000-0000-000000000000/receipt")]
    public async Task Page_WithoutSigningIn_GoesToTheDoor(string address)
    {
        using HttpClient stranger = shared.Server.Caller(withKey: false);
        HttpResponseMessage answer = await stranger.GetAsync(new Uri(address, UriKind.Relative));
        Assert.DoesNotContain("pdf", answer.Content.Headers.ContentType?.MediaType ?? "", StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task PublishedKey_ChecksTheSealOffline()
    {
        using HttpClient stranger = shared.Server.Caller(withKey: false);
        Assert.True(ReceiptKey.TryParse(await stranger.GetStringAsync(new Uri("/v1/keys/receipts", UriKind.Relative)), out ReceiptKey? key));
        Assert.Equal(ReceiptCheckResult.Genuine, ReceiptCheck.Verify(shared.Seal.Seal(shared.Receipt), [key!], out _));
    }

    [Theory]
    [InlineData(ReceiptLanguage.English)]
    [InlineData(ReceiptLanguage.Chinese)]
    public void Draw_AnOrdinaryReceipt_IsOnePage(ReceiptLanguage language)
    {
        using ReceiptFonts? fonts = ReceiptFonts.Open();
        Assert.SkipUnless(fonts is not null, NoFont);
        OrderReceipt two = shared.Receipt with { Tokens = [shared.Receipt.Tokens[0], shared.Receipt.Tokens[0] with { Kind = "free", Tenths = 500 }] };
        foreach (OrderReceipt receipt in new[] { shared.Receipt, two })
            Assert.Equal(1, Pages(new ReceiptPdf(fonts).Draw(receipt, language, true, shared.Seal.Seal(receipt), copy: 1)));
    }

    [Fact]
    public void Draw_AReceiptOfManyTokens_GoesOnToFurtherPages()
    {
        using ReceiptFonts? fonts = ReceiptFonts.Open();
        Assert.SkipUnless(fonts is not null, NoFont);
        OrderReceipt many = shared.Receipt with { Tokens = [.. Enumerable.Repeat(shared.Receipt.Tokens[0], 12)] };
        int one = Pages(new ReceiptPdf(fonts).Draw(shared.Receipt, ReceiptLanguage.English, false, "seal"));
        Assert.True(Pages(new ReceiptPdf(fonts).Draw(many, ReceiptLanguage.Chinese, true, "seal")) > one);
    }

    // Looked at by a person where LATCHKEY_SHOTS names a folder: pdftoppm -r 70 -png FILE NAME.
    [Theory]
    [InlineData(ReceiptLanguage.English)]
    [InlineData(ReceiptLanguage.Chinese)]
    public void Draw_ACounterSaleWithLongNamesAndManyLines_IsAPdf(ReceiptLanguage language)
    {
        using ReceiptFonts? fonts = ReceiptFonts.Open();
        Assert.SkipUnless(fonts is not null, NoFont);
        ReceiptLine energy = shared.Receipt.Lines[0];
        OrderReceipt full = shared.Receipt with
        {
            Vendor = "The kiosk at the gate of the old brick works, second window on the left, next to the tea house 老砖厂大门左侧第二窗口售电亭", Terminal = "till-1", Tender = "cash",
            TenderedMinorUnits = 6_000, CashRoundingMinorUnits = 3, AmountMinorUnits = 5_003, CustomerName = "Wang Li and Sons, tailoring, alterations and dry cleaning 王丽父子洗衣店有限公司",
            TariffName = "居民阶梯电价（一户一表）", TokenTechnology = OrderReceipt.NumericTechnology,
            Lines = [energy, energy, energy, .. shared.Receipt.Lines.Skip(1), new ReceiptLine("fixed", "basic charge for a connection of three phases and forty amperes", null, null, 500), new ReceiptLine("debt", "arrears 2025", null, "0.3", 68, 8, 12_345)],
            Tokens = [.. Enumerable.Range(1, 4).Select(n => new ReceiptToken("key-change", $"1111 2222 3333 4444 000{n}", 0, 1)), shared.Receipt.Tokens[0], shared.Receipt.Tokens[0] with { Kind = "free", Tenths = 500 }],
        };
        byte[] pdf = new ReceiptPdf(fonts).Draw(full, language, true, shared.Seal.Seal(full), copy: 2);
        Assert.InRange(Pages(pdf), 2, 3);
        if (Environment.GetEnvironmentVariable("LATCHKEY_SHOTS") is { Length: > 0 } folder) File.WriteAllBytes(Path.Combine(folder, $"receipt-{language}.pdf"), pdf);
    }

    private static bool HasFont
    {
        get
        {
            using ReceiptFonts? fonts = ReceiptFonts.Open();
            return fonts is not null;
        }
    }

    private static int Pages(byte[] pdf) => Encoding.Latin1.GetString(pdf).Split("/Type /Page\n").Length - 1;

    private static Uri Address(Guid order, string query = "") => new($"/v1/purchases/{order}/receipt{query}", UriKind.Relative);

    /// <summary>One server with one receipt.</summary>
    public sealed class ServerWithReceipts : IAsyncLifetime, IReceipts
    {
        public static Guid Order { get; } = new(7, 0, 0, new byte[8]);

        public ServerFixture Server { get; private set; } = null!;

        public HttpClient Client { get; private set; } = null!;

        public ReceiptSeal Seal { get; } = new(SHA256.HashData("the seller"u8));

        public OrderReceipt Receipt { get; } = new(
            "R000000003", Order, "2026-11-22T17:30:20+08:00", "临江产业园 Riverside Park", "91310000X", "wechat", "4200002101202611220000000001", "Wang",
            "600727000000000009", "00000000000", "201457", "01", 1, "Ea11", "ACC-1", "3号楼301室", "T", null, "CNY", 5_000, "81.0400353983", 811, 3,
            [
                new ReceiptLine("energy", "energy", "81.0400353983", "0.5283", 4281),
                new ReceiptLine("levy", "路灯", "81.0400353983", "0.02", 162),
                new ReceiptLine("vat", "vat", null, "0.13", 557),
            ],
            [new ReceiptToken("sale", "1234 5678 9012 3456 7890", 811, 6_777_000)], new string('a', 64), OrderReceipt.DevelopmentWatermark, "上海市临江路 1 号");

        public OrderReceipt? Find(Guid orderId) => orderId == Order ? Receipt : null;

        public OrderReceipt? FindOf(string tenantId, Guid topUpId) => null;

        public async ValueTask InitializeAsync()
        {
            Server = await ServerFixture.StartAsync(services: services => services.AddSingleton<IReceipts>(this).AddSingleton<ReceiptPrinter>());
            Client = Server.Caller();
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            Seal.Dispose();
            await Server.DisposeAsync();
        }
    }
}
