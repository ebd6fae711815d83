using Latchkey.Payments.Desk;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Providers;
using Latchkey.Payments.Refunds;
using Latchkey.Payments.WeChatPay;
using Latchkey.Quantities;

namespace Latchkey.Payments.Tests.Intents;

public sealed class PaymentIntentTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 10, 40, 0, TimeSpan.Zero);

    private static readonly PaymentIntent Good = new(
        OutTradeNo.FromOrder(new Guid("00112233-4455-6677-8899-aabbccddeeff")), new Money(5000, Currency.Cny), PaymentMethod.Jsapi, "openid", "x", Now.AddMinutes(30));

    private static readonly Payment Paid = new()
    {
        Provider = "p", Intent = Good, State = PaymentState.Paid, CreatedAt = Now, TransactionId = "42", PaidAt = Now,
    };

    public static TheoryData<string?, Func<PaymentIntent, PaymentIntent>> Faults => new()
    {
        { null, intent => intent },
        { null, intent => intent with { Method = PaymentMethod.Native, Payer = null } },
        { PaymentCodes.TradeNumberMalformed, intent => intent with { OutTradeNo = default } },
        { PaymentCodes.AmountZero, intent => intent with { Amount = Money.Zero(Currency.Cny) } },
        { PaymentCodes.AmountNegative, intent => intent with { Amount = new Money(-1, Currency.Cny) } },
        { PaymentCodes.DescriptionLength, intent => intent with { Description = "" } },
        { PaymentCodes.DescriptionLength, intent => intent with { Description = new string('x', 128) } },
        { PaymentCodes.PayerMissing, intent => intent with { Payer = null } },
        { PaymentCodes.ExpiryPassed, intent => intent with { ExpiresAt = Now } },
    };

    public static TheoryData<string?, Func<PaymentReport, PaymentReport>> Mismatches => new()
    {
        { null, report => report },
        { PaymentCodes.PaymentUnknown, report => report with { OutTradeNo = default } },
        { PaymentCodes.TransactionMissing, report => report with { TransactionId = null } },
        { PaymentCodes.TransactionMissing, report => report with { TransactionId = "" } },
        { PaymentCodes.TransactionDiffers, report => report with { TransactionId = "43" } },
        { PaymentCodes.AmountMismatch, report => report with { Amount = null } },
        { PaymentCodes.AmountMismatch, report => report with { Amount = new Money(4999, Currency.Cny) } },
        { PaymentCodes.AmountMismatch, report => report with { Amount = new Money(5001, Currency.Cny) } },
        { PaymentCodes.CurrencyMismatch, report => report with { Amount = new Money(5000, Currency.Kes) } },
    };

    [Theory, MemberData(nameof(Faults))]
    public void FindFault_OfAnIntent_NamesTheFirstRuleItBreaks(string? code, Func<PaymentIntent, PaymentIntent> change) =>
        Assert.Equal(code, change(Good).FindFault(Now));

    [Theory, MemberData(nameof(Mismatches))]
    public void FindMismatch_OfAReport_NamesTheFirstDifference(string? code, Func<PaymentReport, PaymentReport> change) => Assert.Equal(
        code, PaymentCheck.FindMismatch(Paid, change(new PaymentReport(Good.OutTradeNo, ReportedTrade.Success, "42", Good.Amount, Now))));

    [Fact]
    public void RefundRules_LimitNumberAndTime()
    {
        RefundRequest request = new(Good.OutTradeNo, Good.OutTradeNo, new Money(1, Currency.Cny), "reason");
        Refund[] fifty = [.. Enumerable.Repeat(new Refund { Provider = "p", Request = request, State = RefundState.Closed, RequestedAt = Now }, 50)];
        Assert.Null(RefundRules.FindFault(Paid, fifty[..49], request, Now.AddDays(365)));
        Assert.Equal(PaymentCodes.RefundTooMany, RefundRules.FindFault(Paid, fifty, request, Now));
        Assert.Equal(PaymentCodes.RefundTooLate, RefundRules.FindFault(Paid, [], request, Now.AddDays(365).AddTicks(1)));
        Assert.Equal(PaymentCodes.AmountZero, RefundRules.FindFault(Paid, [], request with { Amount = Money.Zero(Currency.Cny) }, Now));
        Assert.Equal(PaymentCodes.RefundTooHigh, RefundRules.FindFault(Paid, [], request with { Amount = new Money(long.MaxValue, Currency.Cny) }, Now));
        Assert.Equal(PaymentCodes.DescriptionLength, RefundRules.FindFault(Paid, [], request with { Reason = "" }, Now));
    }

    [Fact]
    public void Header_GivenTwice_IsJoinedAndSoVerifiesAsNothing()
    {
        var request = new NotificationRequest([KeyValuePair.Create("Wechatpay-Serial", "A"), KeyValuePair.Create("wechatpay-serial", "B")], default);
        Assert.Equal(("A,B", ""), (request.Header("WECHATPAY-SERIAL"), request.Header("other")));
    }

    [Theory]
    [InlineData("https://pay.example.org/notify", true)]
    [InlineData("http://127.0.0.1:5000/notify", true)]
    [InlineData("http://pay.example.org/notify", false)]
    [InlineData("https://pay.example.org/notify?a=1", false)]
    public void Options_ANotifyAddress_IsHttpsWithoutAQuery(string address, bool valid)
    {
        var options = new WeChatPayOptions { MerchantId = "1", AppId = "a", NotifyAddress = new Uri(address) };
        Exception? refused = Record.Exception(options.RequireValid);
        Assert.Equal(valid, refused is null);
    }
}
