using Latchkey.Ledger;
using Latchkey.Storage.Ledger;
using Latchkey.Vending.Vendors;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>Leases on SQLite, in the file of the ledger.</summary>
public sealed class SqliteLeaseStore(SqliteDatabase database) : ILeaseStore
{
    public Task<T> UpdateAsync<T>(Func<ILeaseBooks, T> step, CancellationToken cancellationToken) =>
        database.WriteAsync(s => step(new SqliteLeaseBooks(s)), cancellationToken);

    public T Read<T>(Func<ILeaseBooks, T> step) => database.Read(s => step(new SqliteLeaseBooks(s)));

    /// <summary>The newest lease of one slot.</summary>
    public FloatLease? Find(string vendor, int slot) => database.ReadOne(s => s.First(
        $"SELECT {SqliteLeaseBooks.Columns} FROM vendors_lease WHERE vendor = ?1 AND slot = ?2 ORDER BY no DESC LIMIT 1", SqliteLeaseBooks.Read, vendor, slot));
}

/// <summary>Leases and the ledger in one open transaction.</summary>
internal sealed class SqliteLeaseBooks(SqliteSession session) : ILeaseBooks
{
    public const string Columns = "vendor, slot, id, holder, minor_units, granted_at, expires_at, returned_at";

    public Vendor? FindVendor(string code) =>
        session.First($"SELECT {VendorRows.VendorColumns} FROM vendors_vendor WHERE code = ?1", VendorRows.ReadVendor, code);

    public FloatLease? Find(Guid id) => session.First($"SELECT {Columns} FROM vendors_lease WHERE id = ?1", Read, GuidBlob.Of(id));

    public IReadOnlyList<FloatLease> Of(string vendor) => session.Query(
        $"SELECT {Columns} FROM vendors_lease WHERE no IN (SELECT max(no) FROM vendors_lease WHERE vendor = ?1 GROUP BY slot) ORDER BY slot", Read, vendor);

    public void Save(FloatLease lease) => session.Execute(
        $"INSERT INTO vendors_lease ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (id) DO UPDATE SET returned_at = ?8",
        lease.Vendor, lease.Slot, GuidBlob.Of(lease.Id), lease.Holder, lease.MinorUnits, lease.GrantedAt.UtcTicks, lease.ExpiresAt.UtcTicks,
        lease.ReturnedAt?.UtcTicks);

    public long Movements(AccountId account) =>
        LedgerWriter.FindAccount(session, account)?.Account.Balance is { } balance ? balance.CreditsPosted + balance.DebitsPosted : 0;

    public LedgerAccount? FindAccount(AccountId account) => LedgerWriter.FindAccount(session, account)?.Account;

    public bool Open(LedgerAccount account) => LedgerWriter.Open(session, account);

    public PostResult Post(JournalEntry entry) => LedgerWriter.PostInOpenPeriod(session, entry);

    internal static FloatLease Read(SqliteDataReader row) => new(
        row.GetString(0), row.GetInt32(1), row.Id(2), row.GetString(3), row.GetInt64(4), row.Time(5), row.Time(6), row.TimeOrNull(7));
}
