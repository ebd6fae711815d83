using Latchkey.Payments.WeChatPay;

namespace Latchkey.Payments.Tests.WeChatPay;

public sealed class ErrorTableTests
{
    [Theory]
    [InlineData(400, "PARAM_ERROR", ErrorMeaning.Refused)]
    [InlineData(403, "OUT_TRADE_NO_USED", ErrorMeaning.Refused)]
    [InlineData(400, "ORDERPAID", ErrorMeaning.OrderPaid)]
    [InlineData(400, "ORDER_CLOSED", ErrorMeaning.OrderClosed)]
    [InlineData(404, "ORDER_NOT_EXIST", ErrorMeaning.NotFound)]
    [InlineData(401, "SIGN_ERROR", ErrorMeaning.Configuration)]
    [InlineData(500, "SYSTEM_ERROR", ErrorMeaning.TryLater)]
    [InlineData(429, "FREQUENCY_LIMITED", ErrorMeaning.TryLater)]
    [InlineData(403, "NOT_ENOUGH", ErrorMeaning.TryLater)]
    [InlineData(400, "SOMETHING_NEW", ErrorMeaning.Refused)]
    [InlineData(502, null, ErrorMeaning.TryLater)]
    [InlineData(404, null, ErrorMeaning.NotFound)]
    public void Find_ByStatusAndCode_GivesItsMeaning(int status, string? code, ErrorMeaning meaning) =>
        Assert.Equal(meaning, ErrorTable.Find(status, code).Meaning);

    [Fact]
    public void Find_EveryRow_HasAStableCode() =>
        Assert.All(ErrorTable.Codes, code => Assert.Matches("^[a-z-]+$", ErrorTable.Find(400, code).Code));
}
