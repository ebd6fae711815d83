namespace Latchkey.Server.Portal.Orders;

/// <summary>How the money of a purchase stands that went back, or that could.</summary>
/// <param name="To">Where it goes: <c>payer</c>, <c>float</c> or <c>seller</c>, who pays it out.</param>
/// <param name="State"><c>none</c>; <c>given</c> by two people; at the payment service <c>requested</c>, <c>processing</c>, <c>succeeded</c>, <c>closed</c>, <c>abnormal</c>.</param>
/// <param name="CanAsk">Two people could give it back now, as far as is known without asking.</param>
public sealed record MoneyBackLine(string To, string State, bool CanAsk);
