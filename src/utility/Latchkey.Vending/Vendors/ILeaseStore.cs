using Latchkey.Ledger;

namespace Latchkey.Vending.Vendors;

/// <summary>Leases and the ledger inside one transaction: the lease and its movement are one write.</summary>
public interface ILeaseBooks
{
    Vendor? FindVendor(string code);

    FloatLease? Find(Guid id);

    /// <summary>The newest lease of every slot of a vendor, by slot.</summary>
    IReadOnlyList<FloatLease> Of(string vendor);

    /// <summary>Adds a lease, or marks it as returned.</summary>
    void Save(FloatLease lease);

    /// <summary>A number that rises with every movement of an account, so that no two of its returns have one id.</summary>
    long Movements(AccountId account);

    LedgerAccount? FindAccount(AccountId account);

    bool Open(LedgerAccount account);

    PostResult Post(JournalEntry entry);
}

/// <summary>Where leases are kept: beside the ledger.</summary>
public interface ILeaseStore
{
    /// <summary>Runs a step whole or not at all; durable when it answers.</summary>
    Task<T> UpdateAsync<T>(Func<ILeaseBooks, T> step, CancellationToken cancellationToken);

    /// <summary>Looks without changing.</summary>
    T Read<T>(Func<ILeaseBooks, T> step);
}
