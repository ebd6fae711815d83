namespace Latchkey.Vending;

/// <summary>What a token of a purchase is for. Numbers are stored.</summary>
public enum BundlePart
{
    /// <summary>What the money bought.</summary>
    Sale = 1,

    /// <summary>Energy the household gets without paying.</summary>
    FreeUnits = 2,

    /// <summary>Energy given back: credit left in a replaced meter, a wrong sale made good.</summary>
    Refund = 3,
}

/// <summary>One order of a purchase with its token.</summary>
public sealed record IssuedPart(BundlePart Part, VendOrder Order, OrderReceipt Receipt);

/// <summary>What became of a purchase with all that comes with it.</summary>
public abstract record BundleOutcome
{
    private BundleOutcome()
    {
    }

    /// <param name="KeyChange">To be typed first: what follows is under the meter's new key. Null where the meter needs none.</param>
    /// <param name="Parts">In the order in which the tokens are to be typed.</param>
    public sealed record Issued(KeyChange? KeyChange, IReadOnlyList<IssuedPart> Parts, bool IsReplay) : BundleOutcome;

    public sealed record IdReused(Guid OrderId) : BundleOutcome;

    /// <summary>The money is set aside, the token is not made yet: ask again with the same id.</summary>
    public sealed record Pending(string Code) : BundleOutcome;

    public sealed record Declined(string Code, string Detail) : BundleOutcome;
}

/// <summary>The same figures as a purchase would have, and no state.</summary>
public abstract record BundleTrial
{
    private BundleTrial()
    {
    }

    /// <param name="KeyChange">The change that would go with it; its tokens need not be made yet.</param>
    public sealed record Priced(KeyChange? KeyChange, IReadOnlyList<(BundlePart Part, SaleTerms Terms)> Parts) : BundleTrial;

    public sealed record Declined(string Code, string Detail) : BundleTrial;
}
