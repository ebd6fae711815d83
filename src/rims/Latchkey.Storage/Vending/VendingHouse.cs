using Latchkey.Storage.Ledger;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Latchkey.Vending.Vendors;

namespace Latchkey.Storage.Vending;

/// <summary>Everything that selling needs, opened over one data directory: the books, the orders, the signer, the desk.</summary>
public sealed class VendingHouse : IDisposable
{
    private readonly SqliteDatabase _signerDatabase;
    private readonly SoftwareKeyCustody _custody;
    private readonly bool _ownsDatabase;

    private VendingHouse(SqliteDatabase database, bool ownsDatabase, SqliteDatabase signerDatabase, SoftwareKeyCustody custody, VendingHouseOptions options, TimeProvider time)
    {
        Database = database;
        _ownsDatabase = ownsDatabase;
        _signerDatabase = signerDatabase;
        _custody = custody;
        Ledger = new SqliteLedgerStore(database);
        Store = new SqliteVendingStore(database);
        SignerStore = new SqliteSignerStore(signerDatabase);
        Signer = new SoftwareSigner(SignerStore, custody, Ledger, time, options.StaTables);
        Keys = new KeyAdministration(SignerStore, custody);
        Vendors = new SqliteVendorStore(database);
        VendingOptions vending = options.Vending with { Vendors = Vendors.FindChannel };
        Desk = new OrderDesk(Store, Signer, options.Tariffs, vending, time);
        VendorDesk = new VendorDesk(Vendors, Ledger, Desk, vending, time);
        VendorBank = new VendorBank(Vendors, Ledger, time);
        Audit = new VendingAudit(Ledger, Store, SignerStore, custody);
    }

    /// <summary>The rooms whose tables <see cref="Open(SqliteDatabase, string, VendingHouseOptions, TimeProvider)"/> expects.</summary>
    public static IReadOnlyList<RoomSchema> Rooms { get; } = [LedgerSchema.Room, VendingSchema.Room, VendorsSchema.Room];

    public SqliteDatabase Database { get; }

    public SqliteLedgerStore Ledger { get; }

    public SqliteVendingStore Store { get; }

    public IMeterRecords Meters => Store;

    public SqliteSignerStore SignerStore { get; }

    public ITokenSigner Signer { get; }

    public KeyAdministration Keys { get; }

    public IOrderDesk Desk { get; }

    public SqliteVendorStore Vendors { get; }

    /// <summary>Vendors, shifts, batches, commission.</summary>
    public VendorDesk VendorDesk { get; }

    /// <summary>Vendors' money and the bank.</summary>
    public VendorBank VendorBank { get; }

    public VendingAudit Audit { get; }

    /// <summary>Commits of the ledger's file and of the signer's.</summary>
    public (long Ledger, long Signer) Commits => (Database.WriteCounters.Commits, _signerDatabase.WriteCounters.Commits);

    /// <summary>Over a database that others use too; it must have been opened with <see cref="Rooms"/>. It stays open when the house closes.</summary>
    public static VendingHouse Open(SqliteDatabase database, string directory, VendingHouseOptions options, TimeProvider time) =>
        Open(database, ownsDatabase: false, directory, options, time);

    /// <summary>Over a data directory of its own.</summary>
    public static VendingHouse Open(string directory, VendingHouseOptions options, TimeProvider time)
    {
        SqliteDatabase database = SqliteDatabase.Open(new SqliteDatabaseOptions(directory), time, Rooms);
        return Open(database, ownsDatabase: true, directory, options, time);
    }

    public void Dispose()
    {
        _signerDatabase.Dispose();
        if (_ownsDatabase) Database.Dispose();
        _custody.Dispose();
    }

    private static VendingHouse Open(SqliteDatabase database, bool ownsDatabase, string directory, VendingHouseOptions options, TimeProvider time)
    {
        SqliteDatabase? signer = null;
        try
        {
            signer = SqliteDatabase.Open(new SqliteDatabaseOptions(directory) { FileName = SqliteSignerStore.FileName }, time, VendingSchema.Signer);
            return new VendingHouse(database, ownsDatabase, signer, CustodyKeyFile.OpenOrCreate(directory), options, time);
        }
        catch
        {
            signer?.Dispose();
            if (ownsDatabase) database.Dispose();
            throw;
        }
    }
}

/// <summary>What a house is opened with.</summary>
/// <param name="StaTables">EA07's tables; null takes the standard's sample tables, which no real meter uses.</param>
public sealed record VendingHouseOptions(VendingOptions Vending, TariffBook Tariffs, StaTables? StaTables = null);
