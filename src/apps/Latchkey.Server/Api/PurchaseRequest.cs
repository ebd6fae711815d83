using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Latchkey.Server.Api;

/// <summary>What a caller asks to buy. A member that is not listed is refused, so that a misspelt one is not overlooked.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PurchaseRequest
{
    [Description("The eighteen digits of the meter's primary account number.")]
    public required string MeterPan { get; init; }

    [Description("The amount in minor units (fen, cents): a whole number above zero.")]
    public required long AmountMinorUnits { get; init; }

    [Description("The ISO 4217 code of the currency, for example CNY.")]
    public required string Currency { get; init; }

    [Description("The caller's own reference of the payment, for reconciliation; at most 64 characters.")]
    public string? PaymentReference { get; init; }
}
