namespace Latchkey.Vending;

/// <summary>A receipt that was printed again.</summary>
/// <param name="Number">1 for the first copy; it stands on the paper.</param>
/// <param name="Person">Who printed it.</param>
public sealed record Reprint(Guid OrderId, int Number, string Person, DateTimeOffset At);

/// <summary>Counts what is printed again: a second paper of one sale is for sale to a second customer.</summary>
public interface IReprints
{
    /// <summary>Copies of one receipt; who needs more has another trouble.</summary>
    public const int Most = 1_000;

    /// <summary>Takes the next number; null where there are <see cref="Most"/> already.</summary>
    Task<Reprint?> AddAsync(Guid orderId, string person, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>By number.</summary>
    IReadOnlyList<Reprint> Of(Guid orderId);
}
