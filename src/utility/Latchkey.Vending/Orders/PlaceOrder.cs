using Latchkey.Quantities;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>A wish to buy. The caller makes the id and keeps it: sending the same again gives the same answer, however often.</summary>
/// <param name="Channel">One of the seller's channels, for example <c>wechat</c>.</param>
/// <param name="PaymentReference">The payment's own number, where the channel takes payments: one payment pays one order.</param>
/// <param name="Operator">Who sold it, where somebody did.</param>
/// <param name="Terminal">The till it was sold at, where there is one.</param>
/// <param name="Tender">How it was paid over the counter; null where no counter was.</param>
public sealed record PlaceOrder(
    Guid OrderId, MeterPan Pan, Money Amount, string Channel, string? PaymentReference = null, string? Operator = null, string? Terminal = null, SaleTender? Tender = null)
{
    internal const int MaxTextLength = 64;
}
