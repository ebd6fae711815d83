using Latchkey.Storage.Ledger;
using Latchkey.Vending;
using Latchkey.Vending.Settlements;

namespace Latchkey.Storage.Vending;

/// <summary>Audits a data directory, also a copy of one, without the server and without changing anything.</summary>
public static class OfflineAudit
{
    /// <param name="directory">Where <c>latchkey.db</c> and <c>signer.db</c> lie. With <c>custody.key</c> beside them the signer's MACs are checked too.</param>
    /// <exception cref="StorageException">There is no ledger there, or it cannot be opened.</exception>
    public static OfflineAuditReport Verify(string directory) => Verify(directory, []);

    /// <inheritdoc cref="Verify(string)"/>
    /// <param name="roots">What was published of these books, signatures checked.</param>
    /// <param name="signerDirectory">Where the signer's journal lies, when it has a directory of its own.</param>
    /// <param name="custody">Opens the custody that sealed the journal; null takes <c>custody.key</c> where it is there.</param>
    public static OfflineAuditReport Verify(
        string directory, IReadOnlyList<Latchkey.Ledger.PublishedRoot> roots, string? signerDirectory = null, Func<string, IKeyCustody>? custody = null)
    {
        var time = TimeProvider.System;
        string journal = signerDirectory ?? directory;
        using SqliteDatabase books = SqliteDatabase.Open(new SqliteDatabaseOptions(directory) { ReadOnly = true }, time);
        using LedgerSeal? seal = LedgerSeal.OpenIfThere(directory);
        if (seal is not null) books.Attach(seal);
        using SqliteDatabase signer = SqliteDatabase.Open(new SqliteDatabaseOptions(journal) { ReadOnly = true, FileName = SqliteSignerStore.FileName }, time);
        IKeyCustody? opened = custody?.Invoke(journal) ?? (File.Exists(Path.Combine(journal, CustodyKeyFile.FileName)) ? CustodyKeyFile.OpenOrCreate(journal) : null);
        using var closing = opened as IDisposable;
        var ledger = new SqliteLedgerStore(books);
        VendingAuditReport report = new VendingAudit(ledger, new SqliteVendingStore(books), new SqliteSignerStore(signer), opened).Verify(roots);
        var settled = new SqliteSettlementStore(books);
        if (settled.HasTables) report = report with { Differences = [.. report.Differences, .. new SettlementAudit(ledger, settled).Verify()] };
        return new OfflineAuditReport(report, WithCustody: opened is not null);
    }
}

/// <param name="WithCustody">False where the signer's MACs could not be checked because the custody key was not there.</param>
public sealed record OfflineAuditReport(VendingAuditReport Report, bool WithCustody);
