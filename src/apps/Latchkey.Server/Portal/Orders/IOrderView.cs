using Latchkey.Quantities;

namespace Latchkey.Server.Portal.Orders;

/// <summary>One order as the book keeps it.</summary>
/// <param name="State">Stable code of the state: <c>received</c>, <c>held</c>, <c>signed</c>, <c>posted</c>, <c>delivered</c>, <c>credited</c>, <c>declined</c>, <c>expired</c>, <c>reversed</c>.</param>
public sealed record OrderLine(
    Guid OrderId, DateTimeOffset At, string Pan, string? Place, string Channel, Money Amount, Energy? Units, string State, string? Token, DateTimeOffset? CreditedAt);

/// <summary>The balance of one ledger account, or of a family of accounts that differ by the meter alone.</summary>
/// <param name="Members">How many accounts it stands for; null for one.</param>
/// <param name="Balance">The amount with its unit, as its quantity type writes it.</param>
public sealed record AccountLine(string Account, int? Members, string Balance);

/// <summary>The ledger in one look.</summary>
/// <param name="Entries">Entries in the chain.</param>
/// <param name="ChainHead">SHA-256 of the newest entry, in hexadecimal.</param>
/// <param name="Holds">True when the chain was recomputed just now and every entry balances.</param>
public sealed record LedgerOverview(long Entries, string ChainHead, bool Holds, IReadOnlyList<AccountLine> Accounts);

/// <summary>Reads orders and the ledger behind them.</summary>
public interface IOrderView
{
    /// <summary>The newest first, at most <paramref name="limit"/>; of one meter when a PAN is given.</summary>
    ValueTask<IReadOnlyList<OrderLine>> ListAsync(string? pan, int limit, CancellationToken cancellationToken);

    ValueTask<LedgerOverview> LedgerAsync(CancellationToken cancellationToken);
}
