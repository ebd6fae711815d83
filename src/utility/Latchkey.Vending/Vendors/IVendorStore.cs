namespace Latchkey.Vending.Vendors;

/// <summary>Vendors, their batches, slips and bank lines. Every save is whole or not at all and durable when it answers.</summary>
public interface IVendorStore
{
    Vendor? Find(string code);

    /// <summary>By code.</summary>
    IReadOnlyList<Vendor> List();

    VendorBatch? OpenBatch(string vendor, BatchKind kind);

    /// <summary>The newest first.</summary>
    IReadOnlyList<VendorBatch> Batches(string vendor, BatchKind kind, int limit);

    /// <summary>Closed batches whose commission is not in the ledger yet: a crash came between.</summary>
    IReadOnlyList<VendorBatch> Unbooked(int limit);

    /// <summary>The newest lease of every terminal of a vendor, by slot.</summary>
    IReadOnlyList<FloatLease> Leases(string vendor);

    DepositSlip? FindSlip(string reference);

    /// <summary>The newest first.</summary>
    IReadOnlyList<DepositSlip> Slips(string vendor, int limit);

    BankLineRecord? FindLine(string id);

    /// <summary>Money in suspense, the oldest first.</summary>
    IReadOnlyList<BankLineRecord> Unmatched(int limit);

    /// <summary>Lines whose movement may not be in the ledger yet.</summary>
    IReadOnlyList<BankLineRecord> UnbookedLines(int limit);

    /// <summary>Saves all of it; false, and nothing saved, where somebody else was faster.</summary>
    Task<bool> SaveAsync(VendorChanges changes, CancellationToken cancellationToken);
}

/// <summary>What is saved together. A record with a version replaces the one of that version; the others are new or replace by their name.</summary>
public sealed record VendorChanges
{
    public IReadOnlyList<Vendor> Vendors { get; init; } = [];

    public IReadOnlyList<VendorBatch> Batches { get; init; } = [];

    public IReadOnlyList<DepositSlip> Slips { get; init; } = [];

    /// <summary>Lines to keep as not yet booked.</summary>
    public IReadOnlyList<BankLineRecord> Lines { get; init; } = [];

    /// <summary>Lines whose movement is in the ledger now.</summary>
    public IReadOnlyList<BankLineRecord> BookedLines { get; init; } = [];
}
