using Latchkey.Payments.Intents;
using Latchkey.Payments.Refunds;

namespace Latchkey.Payments.Tests.Intents;

public sealed class PaymentTransitionTests
{
    private static readonly PaymentState[] States = Enum.GetValues<PaymentState>();

    [Fact]
    public void Next_OnlyProofLeadsToPaid() =>
        Assert.All(Enum.GetValues<PaymentTrigger>().Where(t => t != PaymentTrigger.PaidProof), trigger =>
            Assert.All(States, state => Assert.NotEqual(PaymentState.Paid, PaymentTransitions.Next(state, trigger))));

    [Fact]
    public void Next_ProofNeverMeetsADeafState() =>
        Assert.All(States, state => Assert.True(
            state is PaymentState.Paid or PaymentState.Refunded || PaymentTransitions.Next(state, PaymentTrigger.PaidProof) == PaymentState.Paid));

    [Fact]
    public void Next_FromPaid_LeadsToRefundedAlone() =>
        Assert.Equal(
            [PaymentState.Refunded],
            Enum.GetValues<PaymentTrigger>().Select(t => PaymentTransitions.Next(PaymentState.Paid, t)).OfType<PaymentState>());

    [Fact]
    public void Numbers_OfStoredEnums_StayAsTheyAre()
    {
        Assert.Equal([1, 2, 3, 4, 5, 6], States.Select(s => (int)s));
        Assert.Equal("Created Pending Paid Failed Expired Refunded", string.Join(' ', States));
        Assert.Equal("Requested Processing Succeeded Closed Abnormal", string.Join(' ', Enum.GetValues<RefundState>()));
        Assert.Equal([1, 2, 3, 4, 5], Enum.GetValues<RefundState>().Select(s => (int)s));
        Assert.Equal("Jsapi Native PhonePrompt", string.Join(' ', Enum.GetValues<PaymentMethod>()));
        Assert.Equal([1, 2, 3], Enum.GetValues<PaymentMethod>().Select(s => (int)s));
    }

    [Theory]
    [InlineData("PWV20261122000001", true)]
    [InlineData("a_-|*9", true)]
    [InlineData("short", false)]
    [InlineData("has space", false)]
    [InlineData("电电电电电电", false)]
    [InlineData("012345678901234567890123456789012", false)]
    public void OutTradeNo_TryParse_AcceptsTheExactForm(string text, bool valid) => Assert.Equal(valid, OutTradeNo.TryParse(text, out _));

    [Fact]
    public void OutTradeNo_OfAnOrderId_IsItsHexadecimalDigits() =>
        Assert.Equal("00112233445566778899aabbccddeeff", OutTradeNo.FromOrder(new Guid("00112233-4455-6677-8899-aabbccddeeff")).Value);
}
