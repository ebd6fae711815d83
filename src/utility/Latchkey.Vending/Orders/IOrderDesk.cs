using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Where orders are placed and followed. Every method is safe to repeat.</summary>
public interface IOrderDesk
{
    /// <summary>Sells. The answer to an id is the same for ever once there is a token; the same id with other content is refused.</summary>
    Task<OrderOutcome> PlaceAsync(PlaceOrder command, CancellationToken cancellationToken);

    /// <summary>What a sale would come to now: the same calculation, and no state.</summary>
    TrialOutcome Trial(PlaceOrder command);

    VendOrder? Find(Guid orderId);

    /// <summary>Newest first.</summary>
    IReadOnlyList<VendOrder> OrdersOf(MeterPan pan, int limit);

    /// <summary>The token is on its way or shown; false where there is no such token.</summary>
    Task<bool> MarkDeliveredAsync(Guid orderId, CancellationToken cancellationToken);

    /// <summary>The meter has taken it: moves the units from issued to accepted. Null when done (again), otherwise the code of what is wrong.</summary>
    Task<string?> MarkCreditedAsync(Guid orderId, CreditProof proof, CancellationToken cancellationToken);

    /// <summary>Takes an order back as long as there is no token.</summary>
    Task<ReversalOutcome> ReverseAsync(Guid orderId, string reason, CancellationToken cancellationToken);

    /// <summary>Goes on with an order that is held, once; one that is not held is left as it is, and never bought anew.</summary>
    Task FinishAsync(Guid orderId, CancellationToken cancellationToken);

    /// <summary>After a start: finishes what was held when the program ended; the same identifiers, the same tokens. Returns the orders it finished.</summary>
    Task<IReadOnlyList<Guid>> RecoverAsync(CancellationToken cancellationToken);

    /// <summary>Gives up holds that are past their time and have no token. Returns them.</summary>
    Task<IReadOnlyList<Guid>> ExpireAsync(CancellationToken cancellationToken);

    /// <summary>A token that carries no energy, such as clear tamper, on the word of two people.</summary>
    Task<ManagementOutcome> IssueManagementTokenAsync(ManagementRequest request, CancellationToken cancellationToken);
}
