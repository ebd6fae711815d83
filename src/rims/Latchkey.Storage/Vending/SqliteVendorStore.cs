using Latchkey.Vending;
using Latchkey.Vending.Vendors;

namespace Latchkey.Storage.Vending;

/// <summary>Vendors on SQLite, in the file of the ledger. What may not be twice is held by unique indexes.</summary>
public sealed class SqliteVendorStore(SqliteDatabase database) : IVendorStore
{
    public Vendor? Find(string code) => database.ReadOne(s => s.First(
        $"SELECT {VendorRows.VendorColumns} FROM vendors_vendor WHERE code = ?1", VendorRows.ReadVendor, code));

    /// <summary>The channel of a vendor that may sell, or of a terminal's lease that is open; null where there is none, or where it is blocked.</summary>
    public SalesChannel? FindChannel(string code, DateTimeOffset now)
    {
        if (!FloatLease.TryParseChannel(code, out string name, out int slot)) return Find(code) is { IsBlocked: false } vendor ? vendor.Channel : null;
        if (Find(name) is not { IsBlocked: false } lessor) return null;
        return new SqliteLeaseStore(database).Find(name, slot) is { } lease && lease.IsOpenAt(now) ? lessor.Channel with { Code = code } : null;
    }

    public IReadOnlyList<FloatLease> Leases(string vendor) => database.ReadOne(s => new SqliteLeaseBooks(s).Of(vendor));

    public IReadOnlyList<Vendor> List() => database.ReadOne(s => s.Query($"SELECT {VendorRows.VendorColumns} FROM vendors_vendor ORDER BY code", VendorRows.ReadVendor));

    public VendorBatch? OpenBatch(string vendor, BatchKind kind) => database.ReadOne(s => s.First(
        $"SELECT {VendorRows.BatchColumns} FROM vendors_batch WHERE vendor = ?1 AND kind = ?2 AND closed_at IS NULL", VendorRows.ReadBatch, vendor, (int)kind));

    public IReadOnlyList<VendorBatch> Batches(string vendor, BatchKind kind, int limit) => database.ReadOne(s => s.Query(
        $"SELECT {VendorRows.BatchColumns} FROM vendors_batch WHERE vendor = ?1 AND kind = ?2 ORDER BY number DESC LIMIT ?3",
        VendorRows.ReadBatch, vendor, (int)kind, limit));

    public IReadOnlyList<VendorBatch> Unbooked(int limit) => database.ReadOne(s => s.Query(
        $"SELECT {VendorRows.BatchColumns} FROM vendors_batch WHERE booked = 0 LIMIT ?1", VendorRows.ReadBatch, limit));

    public DepositSlip? FindSlip(string reference) => database.ReadOne(s => s.First(
        $"SELECT {VendorRows.SlipColumns} FROM vendors_slip WHERE reference = ?1", VendorRows.ReadSlip, reference));

    public IReadOnlyList<DepositSlip> Slips(string vendor, int limit) => database.ReadOne(s => s.Query(
        $"SELECT {VendorRows.SlipColumns} FROM vendors_slip WHERE vendor = ?1 ORDER BY written_at DESC, reference DESC LIMIT ?2", VendorRows.ReadSlip, vendor, limit));

    public BankLineRecord? FindLine(string id) => database.ReadOne(s => s.First(
        $"SELECT {VendorRows.LineColumns} FROM vendors_bank_line WHERE id = ?1", VendorRows.ReadLine, id));

    public IReadOnlyList<BankLineRecord> Unmatched(int limit) => database.ReadOne(s => s.Query(
        $"SELECT {VendorRows.LineColumns} FROM vendors_bank_line WHERE vendor IS NULL ORDER BY value_date, id LIMIT ?1", VendorRows.ReadLine, limit));

    public IReadOnlyList<BankLineRecord> UnbookedLines(int limit) => database.ReadOne(s => s.Query(
        $"SELECT {VendorRows.LineColumns} FROM vendors_bank_line WHERE booked = 0 ORDER BY value_date, id LIMIT ?1", VendorRows.ReadLine, limit));

    public async Task<bool> SaveAsync(VendorChanges changes, CancellationToken cancellationToken)
    {
        try
        {
            await database.WriteAsync(s => Write(s, changes), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (VendorRowChangedException)
        {
            return false;
        }
    }

    private static void Write(SqliteSession s, VendorChanges changes)
    {
        foreach (Vendor vendor in changes.Vendors) Require(VendorRows.Save(s, vendor));
        foreach (VendorBatch batch in changes.Batches) Require(SaveBatch(s, batch));
        foreach (DepositSlip slip in changes.Slips) Require(VendorRows.Save(s, slip));
        foreach (BankLineRecord line in changes.Lines) Require(VendorRows.Save(s, line));
        foreach (BankLineRecord line in changes.BookedLines) VendorRows.MarkBooked(s, line);
    }

    // A second open batch of the kind breaks the unique index: somebody else opened one first.
    private static bool SaveBatch(SqliteSession s, VendorBatch batch)
    {
        try
        {
            return VendorRows.Save(s, batch);
        }
        catch (Microsoft.Data.Sqlite.SqliteException e) when (e.SqliteErrorCode == SQLitePCL.raw.SQLITE_CONSTRAINT)
        {
            return false;
        }
    }

    private static void Require(bool saved)
    {
        if (!saved) throw new VendorRowChangedException();
    }

    /// <summary>Undoes the whole write; never leaves this store.</summary>
    private sealed class VendorRowChangedException : Exception;
}
