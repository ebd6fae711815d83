using Latchkey.Quantities;

namespace Latchkey.Parks.Balance;

/// <summary>When a tenant is reminded.</summary>
/// <param name="Threshold">Below this the tenant is told, once.</param>
/// <param name="Rearm">At or above this the next fall is told again. Above the threshold, so that a balance that trembles tells once.</param>
public sealed record BalanceRules(Money Threshold, Money Rearm)
{
    /// <summary>Ten yuan, and fifteen to re-arm.</summary>
    public static BalanceRules TenYuan { get; } = new(Money.FromMajor(10m, Currency.Cny), Money.FromMajor(15m, Currency.Cny));
}
