namespace Latchkey.Vending;

/// <summary>The room that leads purchases which payers paid themselves, and through which money goes back to a payer's own means.</summary>
public interface IPayerMoney
{
    /// <summary>The purchase as it was wished for, once its payer has paid; null where this room has no money for such a purchase.</summary>
    PlaceOrder? FindPaid(Guid orderId);

    /// <summary>Why nothing could be sent back to the payer as things stand; null where it could.</summary>
    Task<(string Code, string Detail)?> RefusalOfReturnAsync(Guid orderId, CancellationToken cancellationToken);

    /// <summary>Two people gave it back: does what can be done now. Safe to repeat; what cannot be done now is tried again by the room itself.</summary>
    Task ReturnAsync(Guid orderId, CancellationToken cancellationToken);
}

/// <summary>Whether two people gave a purchase's money back, by the books.</summary>
public interface IMoneyBackRecord
{
    /// <summary>How often; 0 where they did not.</summary>
    int Granted(Guid orderId);
}
