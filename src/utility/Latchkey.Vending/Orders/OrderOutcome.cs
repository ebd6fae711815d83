namespace Latchkey.Vending;

/// <summary>What became of a wish to buy.</summary>
public abstract record OrderOutcome
{
    private OrderOutcome()
    {
    }

    /// <summary>There is a token.</summary>
    /// <param name="StoredAnswer">The receipt as stored: byte for byte the same on every retry.</param>
    public sealed record Issued(OrderReceipt Receipt, ReadOnlyMemory<byte> StoredAnswer, bool IsReplay) : OrderOutcome;

    /// <summary>The id belongs to an order with other content. Nothing was done.</summary>
    public sealed record IdReused(Guid OrderId) : OrderOutcome;

    /// <summary>
    /// The money is set aside and the signer has counted a token, but cannot make it again just now. Not refused: ask again with the same id.
    /// </summary>
    public sealed record Pending(Guid OrderId, string Code) : OrderOutcome;

    /// <summary>Refused, and nothing is posted. The code is one of <see cref="VendingCodes"/>.</summary>
    public sealed record Declined(string Code, string Detail) : OrderOutcome;
}

/// <summary>The same figures as a sale would have, and no state.</summary>
public abstract record TrialOutcome
{
    private TrialOutcome()
    {
    }

    public sealed record Priced(SaleTerms Terms) : TrialOutcome;

    public sealed record Declined(string Code, string Detail) : TrialOutcome;
}

/// <summary>What became of a wish to reverse.</summary>
public abstract record ReversalOutcome
{
    private ReversalOutcome()
    {
    }

    public sealed record Reversed(Guid OrderId) : ReversalOutcome;

    /// <summary>
    /// The order keeps its state. <c>token-already-issued</c>: a number cannot be called back. <c>signer-unavailable</c>: nobody knows now whether there is a
    /// token; ask again.
    /// </summary>
    public sealed record Refused(string Code) : ReversalOutcome;
}
