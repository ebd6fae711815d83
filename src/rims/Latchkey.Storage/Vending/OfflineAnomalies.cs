using Latchkey.Vending;

namespace Latchkey.Storage.Vending;

/// <summary>Looks for anomalies in a data directory, also a copy of one, without the server and without changing anything.</summary>
public static class OfflineAnomalies
{
    /// <param name="utcOffset">The seller's clock, for what is off hours.</param>
    /// <exception cref="StorageException">There are no books there, or they cannot be opened.</exception>
    public static AnomalyReport Search(string directory, TimeSpan utcOffset, AnomalyOptions options, DateTimeOffset? from, DateTimeOffset? until)
    {
        using SqliteDatabase books = SqliteDatabase.Open(new SqliteDatabaseOptions(directory) { ReadOnly = true }, TimeProvider.System);
        return new AnomalySearch(new SqliteVendingStore(books), at => at.ToOffset(utcOffset).DateTime).Run(options, from, until);
    }
}
