using Latchkey.Storage.Ledger;
using Latchkey.Sts;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Storage.Vending;

/// <summary>The signer with its file, its custody and its audit over somebody's books: inside the selling process, or alone in its own.</summary>
public sealed class SignerRoom : IOutsideSigner, IDisposable
{
    private readonly SqliteDatabase _database;
    private readonly IKeyCustody _custody;
    private readonly IDisposable[] _books;
    private readonly SoftwareSigner _signer;
    private readonly SqliteVendingStore _orders;

    private SignerRoom(
        SqliteDatabase database, IKeyCustody custody, SqliteLedgerStore ledger, SqliteVendingStore orders, StaTables? staTables, TimeProvider time, params IDisposable[] books)
    {
        _database = database;
        _custody = custody;
        _books = books;
        _orders = orders;
        Store = new SqliteSignerStore(database);
        Keys = new KeyAdministration(Store, custody, ledger);
        Audit = new VendingAudit(ledger, orders, Store, custody);
        _signer = new SoftwareSigner(Store, custody, ledger, time, staTables);
    }

    public bool IsDevelopment => _signer.IsDevelopment;

    /// <summary>None: it is here.</summary>
    public string? Ailment => null;

    public SqliteSignerStore Store { get; }

    public KeyAdministration Keys { get; }

    public VendingAudit Audit { get; }

    internal long Commits => _database.WriteCounters.Commits;

    /// <summary>For a process of its own. The books are opened for reading alone; that they end as the seller left them is proved with a copy of his seal's key.</summary>
    /// <param name="directory">The signer's own: its journal, its keys, and <c>books.key</c>, copied from the seller's directory.</param>
    /// <param name="booksDirectory">The seller's data directory.</param>
    /// <exception cref="StorageException">A directory cannot be used, there are no books, or the seal's key is missing.</exception>
    public static SignerRoom OpenAlone(string directory, string booksDirectory, Func<string, IKeyCustody> custody, StaTables? staTables, TimeProvider time)
    {
        SqliteDatabase books = SqliteDatabase.Open(new SqliteDatabaseOptions(booksDirectory) { ReadOnly = true }, time);
        LedgerSeal? seal = null;
        try
        {
            seal = LedgerSeal.OpenIfThere(directory) ?? throw new StorageException(
                StorageFailure.CannotOpen, $"{LedgerSeal.FileName} is missing: copy it from the seller's directory into the signer's, readable by the signer alone.");
            books.Attach(seal);
            return Open(directory, custody, new SqliteLedgerStore(books), new SqliteVendingStore(books), staTables, time, books, seal);
        }
        catch
        {
            seal?.Dispose();
            books.Dispose();
            throw;
        }
    }

    internal static SignerRoom Open(
        string directory, Func<string, IKeyCustody> custody, SqliteLedgerStore ledger, SqliteVendingStore orders, StaTables? staTables, TimeProvider time, params IDisposable[] books)
    {
        SqliteDatabase database = SqliteDatabase.Open(new SqliteDatabaseOptions(directory) { FileName = SqliteSignerStore.FileName }, time, VendingSchema.Signer);
        try
        {
            return new SignerRoom(database, custody(directory), ledger, orders, staTables, time, books);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public Task<SignOutcome> SignAsync(VendOrder order, HeldEntry held, CancellationToken cancellationToken) => _signer.SignAsync(order, held, cancellationToken);

    public Task<IReadOnlyList<SignOutcome>> SignAsync(IReadOnlyList<(VendOrder Order, HeldEntry Held)> orders, CancellationToken cancellationToken) =>
        _signer.SignAsync(orders, cancellationToken);

    public Task<SignOutcome> SignAsync(ManagementIssue issue, HeldEntry posted, CancellationToken cancellationToken) => _signer.SignAsync(issue, posted, cancellationToken);

    public Task<KeyChangeSigned> SignAsync(KeyChange change, HeldEntry posted, CancellationToken cancellationToken) => _signer.SignAsync(change, posted, cancellationToken);

    public Task<NoTokenPromise> CancelAsync(Guid orderId, Guid entryId, CancellationToken cancellationToken) => _signer.CancelAsync(orderId, entryId, cancellationToken);

    /// <summary>Does to a key what was approved under this id in the seller's books. Null when done, otherwise the code of what is wrong.</summary>
    public Task<string?> ApplyAsync(Guid approvalId, CancellationToken cancellationToken) => _orders.Read(books => books.FindApproval(approvalId)) is { } approval
        ? Keys.ApplyAsync(approvalId, approval.Effect, cancellationToken)
        : Task.FromResult<string?>(VendingCodes.ApprovalUnknown);

    public Task StopAsync(string keyId, string reason, CancellationToken cancellationToken) => _signer.StopAsync(keyId, reason, cancellationToken);

    public Task<IReadOnlyList<SignerKey>?> KeysAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SignerKey>?>([.. Keys.Keys.Select(SignerKey.Of)]);

    public Task<IReadOnlySet<Guid>?> SignedAsync(IReadOnlyList<Guid> orders, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlySet<Guid>?>(Store.Read(books => orders.Where(id => books.FindSigned(id) is not null).ToHashSet()));

    public async Task<DailyReconciliation> ReconcileAsync(CancellationToken cancellationToken) =>
        DailyReconciliation.Of(await Audit.ReconcileAsync(_signer, cancellationToken).ConfigureAwait(false));

    public void Dispose()
    {
        _database.Dispose();
        (_custody as IDisposable)?.Dispose();
        foreach (IDisposable part in _books) part.Dispose();
    }
}
