using Latchkey.Quantities;

namespace Latchkey.Vending.Reconciliation;

/// <summary>Whether a line brings money or takes it back. Numbers are stored.</summary>
public enum SettlementKind
{
    Payment = 1,
    Refund = 2,
}

/// <summary>One line of the file by which a payment service says what it settles.</summary>
/// <param name="Reference">The payment's own number: the payment reference of the order.</param>
/// <param name="Amount">What the customer paid, or got back; above zero.</param>
/// <param name="FeeMinorUnits">What the service keeps of it.</param>
public sealed record SettlementLine(string Channel, SettlementKind Kind, string Reference, Money Amount, long FeeMinorUnits, DateTimeOffset At)
{
    public const int MaxReferenceLength = 64;
}

/// <summary>A file with the stretch of time it covers completely: within it, what is not in the file was not settled.</summary>
/// <param name="From">The first moment.</param>
/// <param name="To">The first moment after.</param>
public sealed record SettlementFile(string Channel, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<SettlementLine> Lines)
{
    public const int MostLines = 1_000_000;
}

/// <summary>What a payment service's own records say of a payment.</summary>
/// <param name="RefundedMinorUnits">What went back to the payer.</param>
public sealed record TenderRecord(Money Amount, long RefundedMinorUnits, DateTimeOffset At);

/// <summary>A confirmed payment with how its money stands.</summary>
/// <param name="Reference">The provider's number, which is its order's payment reference.</param>
/// <param name="ReturnOpenSince">Since when the provider is asked to pay it back and has not said the last word; null where it is not.</param>
/// <param name="IsReturnStuck">The payer's bank did not take the money.</param>
/// <param name="IsReturnRefused">The provider closed a return without paying.</param>
public sealed record PaymentStanding(string Reference, TenderRecord Paid, DateTimeOffset? ReturnOpenSince, bool IsReturnStuck, bool IsReturnRefused);
