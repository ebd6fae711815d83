using Latchkey.Quantities;

namespace Latchkey.Vending;

/// <summary>What a customer paid with. Numbers are stored.</summary>
public enum TenderKind
{
    Cash = 1,
    Card = 2,
    MobileMoney = 3,
    Transfer = 4,
    Cheque = 5,
}

/// <summary>How a sale was paid over a counter. The ledger knows the sale's amount alone: coins and change are the shop's.</summary>
/// <param name="TenderedMinorUnits">What was handed over.</param>
/// <param name="RoundedMinorUnits">What the smallest coin leaves unpaid, in the customer's favour; 0 where nothing is rounded.</param>
public sealed record SaleTender(TenderKind Kind, long TenderedMinorUnits, long RoundedMinorUnits = 0)
{
    /// <summary>Cash for an amount where the smallest coin is <paramref name="coin"/> minor units: what the coins cannot pay is left off.</summary>
    public static SaleTender Cash(Money amount, long tendered, long coin)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(coin, 1);
        return new SaleTender(TenderKind.Cash, tendered, amount.MinorUnits % coin);
    }

    /// <summary>What is to be handed over for an amount.</summary>
    public long Payable(long amountMinorUnits) => amountMinorUnits - RoundedMinorUnits;

    /// <summary>What goes back; below 0 where too little was handed over.</summary>
    public long Change(long amountMinorUnits) => TenderedMinorUnits - Payable(amountMinorUnits);

    /// <summary>Why this cannot pay an amount, in words; null where it can.</summary>
    public string? Fault(Money amount) => this switch
    {
        _ when !Enum.IsDefined(Kind) => "the kind of payment is not known",
        { RoundedMinorUnits: < 0 } => "rounding for coins is 0 or more",
        { TenderedMinorUnits: < 0 } => "what was handed over is 0 or more",
        _ when Kind != TenderKind.Cash && RoundedMinorUnits != 0 => "only cash is rounded",
        _ when RoundedMinorUnits >= amount.MinorUnits => "rounding for coins is less than the amount",
        _ when Change(amount.MinorUnits) < 0 => "less was handed over than is to be paid",
        _ when Kind != TenderKind.Cash && Change(amount.MinorUnits) != 0 => "change is given for cash only",
        _ => null,
    };
}
