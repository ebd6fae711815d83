namespace Latchkey.Vending.Reconciliation;

/// <summary>How patient the reconciliation is, and who owns what it finds.</summary>
public sealed record ReconciliationOptions
{
    /// <summary>Which payment provider's records stand behind a channel: there a token without a confirmed payment is named at once.</summary>
    public IReadOnlyDictionary<string, string> Providers { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal) { ["wechat"] = "wechatpay" };

    /// <summary>On every other channel: how long the settlement may take before a token is named as one without money.</summary>
    public TimeSpan SettlementTime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Where a channel's settlement takes longer, such as a state that pays for free energy by the month.</summary>
    public IReadOnlyDictionary<string, TimeSpan> SettlementTimes { get; init; } = new Dictionary<string, TimeSpan>(StringComparer.Ordinal);

    /// <summary>How long a hold may stand before it is named.</summary>
    public TimeSpan HoldTime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a payment may wait for what it buys before it is named: longer than a purchase is tried.</summary>
    public TimeSpan SellTime { get; init; } = TimeSpan.FromHours(3);

    /// <summary>How long a payment service may take to pay money back.</summary>
    public TimeSpan RefundTime { get; init; } = TimeSpan.FromDays(3);

    /// <summary>How long money may be on its way from a slip to the bank.</summary>
    public TimeSpan DepositTime { get; init; } = TimeSpan.FromDays(3);

    /// <summary>How far a payment and its order may lie apart in time at the edges of a settlement file.</summary>
    public TimeSpan SettlementEdge { get; init; } = TimeSpan.FromHours(2);

    /// <summary>The desk that owns a kind of finding until somebody else takes it.</summary>
    public Func<ReconciliationKind, string> OwnerOf { get; init; } = static kind => kind switch
    {
        ReconciliationKind.FloatBank => "treasury",
        ReconciliationKind.TokensSigner or ReconciliationKind.Tender or ReconciliationKind.MakerStatement => "security",
        ReconciliationKind.Settlement => "payments",
        ReconciliationKind.UnitsMeter => "metering",
        _ => "accounts",
    };

    public TimeSpan SettlementTimeOf(string channel) => SettlementTimes.GetValueOrDefault(channel, SettlementTime);
}
