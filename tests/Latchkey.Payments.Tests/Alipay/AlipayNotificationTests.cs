using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Latchkey.Payments.Alipay;
using Latchkey.Payments.Providers;
using Latchkey.Quantities;

namespace Latchkey.Payments.Tests.Alipay;

public sealed class AlipayNotificationTests(AlipayNotificationTests.Keys keys) : IClassFixture<AlipayNotificationTests.Keys>
{
    // The published example's parameters, in another order than they are signed in; its signature is of a key that was never published.
    private static readonly (string Name, string Value)[] Example =
    [
        ("total_amount", "2.00"), ("buyer_id", "2088102116773037"), ("body", "大乐透2.1"), ("trade_no", "2016071921001003030200089909"), ("refund_fee", "0.00"),
        ("notify_time", "2016-07-19 14:10:49"), ("subject", "大乐透2.1"), ("sign_type", "RSA2"), ("charset", "utf-8"), ("notify_type", "trade_status_sync"),
        ("out_trade_no", "0719141034-6418"), ("gmt_close", "2016-07-19 14:10:46"), ("gmt_payment", "2016-07-19 14:10:47"), ("trade_status", "TRADE_SUCCESS"),
        ("version", "1.0"), ("app_id", "2015102700040153"), ("seller_id", "2088102119685838"), ("notify_id", "4a91b7a78a503640467525113fb7d8bg8e"), ("empty", ""),
    ];

    [Fact]
    public void SignedText_OfThePublishedExample_IsThePublishedText() => Assert.Equal(
        "app_id=2015102700040153&body=大乐透2.1&buyer_id=2088102116773037&charset=utf-8&gmt_close=2016-07-19 14:10:46&gmt_payment=2016-07-19 14:10:47"
        + "&notify_id=4a91b7a78a503640467525113fb7d8bg8e&notify_time=2016-07-19 14:10:49&notify_type=trade_status_sync&out_trade_no=0719141034-6418"
        + "&refund_fee=0.00&seller_id=2088102119685838&subject=大乐透2.1&total_amount=2.00&trade_no=2016071921001003030200089909&trade_status=TRADE_SUCCESS&version=1.0",
        AlipayForm.TryParse(Form(Example))!.SignedText);

    [Fact]
    public void Read_AGenuineNotification_GivesTheReport()
    {
        var read = Assert.IsType<NotificationReading.OfPayment>(Read(Signed(Example)));
        Assert.Equal(
            ("0719141034-6418", ReportedTrade.Success, "2016071921001003030200089909", new Money(200, Currency.Cny)),
            (read.Report.OutTradeNo.Value, read.Report.Trade, read.Report.TransactionId, read.Report.Amount));
        Assert.Equal(DateTimeOffset.Parse("2016-07-19T14:10:47+08:00"), read.Report.PaidAt);
    }

    [Theory]
    [InlineData("total_amount", "200.00")]
    [InlineData("out_trade_no", "0719141034-6419")]
    [InlineData("trade_status", "TRADE_FINISHED")]
    public void Read_AParameterChangedAfterSigning_IsRefused(string name, string value)
    {
        byte[] changed = Form([.. Example.Select(p => p.Name == name ? (name, value) : p), ("sign", keys.Sign(Example))]);
        Assert.Equal(PaymentCodes.SignatureInvalid, Assert.IsType<NotificationReading.Rejected>(Read(changed)).Code);
    }

    [Theory]
    [InlineData("app_id", "1", PaymentCodes.AppMismatch)]
    [InlineData("seller_id", "1", PaymentCodes.MerchantMismatch)]
    [InlineData("out_trade_no", "x", PaymentCodes.BodyMalformed)]
    [InlineData("sign_type", "RSA", PaymentCodes.SignatureMissing)]
    public void Read_GenuineButNotOurs_IsRefused(string name, string value, string code) => Assert.Equal(
        code, Assert.IsType<NotificationReading.Rejected>(Read(Signed([.. Example.Select(p => p.Name == name ? (name, value) : p)]))).Code);

    [Theory]
    [InlineData("2.001")]
    [InlineData("-2.00")]
    [InlineData("2,00")]
    [InlineData("1e2")]
    public void Read_AnAmountThatIsNone_GivesNoAmount(string amount)
    {
        var read = Assert.IsType<NotificationReading.OfPayment>(Read(Signed([.. Example.Select(p => p.Name == "total_amount" ? ("total_amount", amount) : p)])));
        Assert.Null(read.Report.Amount);
    }

    [Fact]
    public void Read_AParameterGivenTwice_IsMalformed() => Assert.Equal(
        PaymentCodes.BodyMalformed, Assert.IsType<NotificationReading.Rejected>(Read([.. Signed(Example), .. "&app_id=1"u8])).Code);

    [Fact]
    public void Read_AnyBytes_IsRejected() => Gen.Byte.Array.Sample(body => Read(body) is NotificationReading.Rejected, iter: 500);

    [Fact]
    public void Reply_IsTheSevenLettersOrNot() => Assert.Equal(("success", "fail"), (AlipayNotifications.Reply(null).Body, AlipayNotifications.Reply("x").Body));

    private NotificationReading Read(byte[] body) =>
        new AlipayNotifications(new AlipayOptions("2015102700040153", "2088102119685838"), keys.PublicPem).Read(body);

    private byte[] Signed((string Name, string Value)[] parameters) => Form([.. parameters, ("sign", keys.Sign(parameters))]);

    private static byte[] Form((string Name, string Value)[] parameters) =>
        Encoding.UTF8.GetBytes(string.Join('&', parameters.Select(p => $"{p.Name}={Uri.EscapeDataString(p.Value).Replace("%20", "+")}")));

    public sealed class Keys : IDisposable
    {
        private readonly RSA _key = RSA.Create(2048);

        public string PublicPem => _key.ExportSubjectPublicKeyInfoPem();

        /// <summary>Signs as Alipay does, written apart from the reader.</summary>
        public string Sign((string Name, string Value)[] parameters)
        {
            string text = string.Join('&', parameters.Where(p => p.Name != "sign_type" && p.Value.Length > 0).OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => p.Name + "=" + p.Value));
            return Convert.ToBase64String(_key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }

        public void Dispose() => _key.Dispose();
    }
}
