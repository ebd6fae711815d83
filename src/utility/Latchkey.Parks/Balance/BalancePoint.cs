namespace Latchkey.Parks.Balance;

/// <summary>What a reading says about the balance.</summary>
/// <param name="At">By the meter's clock.</param>
/// <param name="CreditMilli">Credit left, in thousandths of the meter's credit unit.</param>
/// <param name="IsSupplied">The load switch is closed.</param>
public readonly record struct BalancePoint(DateTimeOffset At, long CreditMilli, bool IsSupplied);
