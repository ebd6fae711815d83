using System.Diagnostics;
using Latchkey.Ledger;
using Latchkey.Vending;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending.Bench;

/// <summary>Puts one bad record after another into good books, as somebody would who can write the files, and asks the audit which it was.</summary>
internal static class SpoiledBooks
{
    /// <summary>How many records were spoiled, how many of them the audits named, and how long that took.</summary>
    public static async Task<(int Spoiled, int Named, TimeSpan Elapsed)> TryAsync(
        VendingHouse house, string directory, long sales, int seed, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        int named = 0;
        var random = new Random(seed);
        using (SqliteConnection file = Open(directory, new SqliteDatabaseOptions(directory).FileName))
        {
            // Entries lie behind a trigger; who writes the file removes it.
            Run(file, "DROP TRIGGER ledger_entry_is_final");
            Run(file, "DROP TRIGGER ledger_entry_stays");
            foreach (Spoil kind in Enum.GetValues<Spoil>()) named += Entry(house, file, kind, 1 + random.NextInt64(2 * sales)) ? 1 : 0;
        }

        named += await OrdersAndLinesAsync(house, directory, random, sales, cancellationToken).ConfigureAwait(false);
        return (Enum.GetValues<Spoil>().Length + 3, named, Stopwatch.GetElapsedTime(start));
    }

    private enum Spoil
    {
        Altered,
        Forged,
        Removed,
    }

    private static bool Entry(VendingHouse house, SqliteConnection file, Spoil kind, long sequence)
    {
        (byte[] id, object refers, byte[] canonical, byte[] hash) = Row(file, sequence);
        if (kind == Spoil.Removed) Run(file, "DELETE FROM ledger_entry WHERE sequence = $1", sequence);
        else Run(file, "UPDATE ledger_entry SET canonical = $2, hash = $3 WHERE sequence = $1", sequence, Spoiled(canonical, kind), HashFor(file, sequence, canonical, hash, kind));

        AuditReport report = house.Ledger.Audit(records => LedgerAudit.Verify(records));
        Run(
            file, "INSERT INTO ledger_entry (sequence, id, refers, canonical, hash) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (sequence) DO UPDATE SET canonical = $4, hash = $5",
            sequence, id, refers, canonical, hash);

        // A forgery with a hash of its own fits the record before it: what breaks is the one after it, or the seal where it is the last.
        long expected = kind == Spoil.Forged ? sequence + 1 : sequence;
        return report.FirstBadSequence == expected || (kind == Spoil.Forged && report.FirstBadSequence == sequence);
    }

    /// <summary>An order thrown away, an order with another amount, a line of the signer with other figures: all in one audit.</summary>
    private static async Task<int> OrdersAndLinesAsync(VendingHouse house, string directory, Random random, long sales, CancellationToken cancellationToken)
    {
        Guid thrown = BulkBooks.OrderId(1 + random.NextInt64(sales)), changed = BulkBooks.OrderId(1 + random.NextInt64(sales));
        while (changed == thrown) changed = BulkBooks.OrderId(1 + random.NextInt64(sales));
        long line = 1 + random.NextInt64(sales);
        using (SqliteConnection orders = Open(directory, new SqliteDatabaseOptions(directory).FileName))
        using (SqliteConnection signer = Open(directory, SqliteSignerStore.FileName))
        {
            Run(orders, "DELETE FROM vend_order WHERE id = $1", GuidBlob.Of(thrown));
            Run(orders, "UPDATE vend_order SET minor_units = minor_units + 1 WHERE id = $1", GuidBlob.Of(changed));
            Run(signer, "UPDATE signer_line SET tenths = tenths + 1 WHERE number = $1", line);
        }

        VendingAuditReport report = await Task.Run(house.Audit.Verify, cancellationToken).ConfigureAwait(false);
        string[] where = [.. report.Differences.Select(d => d.Where)];
        return new[] { "order " + thrown, "order " + changed, "signer line " + line.ToString(System.Globalization.CultureInfo.InvariantCulture) }.Count(where.Contains);
    }

    private static byte[] Spoiled(byte[] canonical, Spoil kind)
    {
        byte[] spoiled = [.. canonical];
        if (kind == Spoil.Altered)
        {
            spoiled[spoiled.Length / 2] ^= 0x10;
            return spoiled;
        }

        EntryCodec.TryDecode(canonical, out long sequence, out JournalEntry? entry);
        return EntryCodec.Encode(sequence, entry! with { At = entry.At + TimeSpan.FromHours(1) });
    }

    private static byte[] HashFor(SqliteConnection file, long sequence, byte[] canonical, byte[] hash, Spoil kind)
    {
        if (kind != Spoil.Forged) return hash;
        ChainHash before = sequence == 1 ? ChainHash.Genesis : new ChainHash(Row(file, sequence - 1).Hash);
        return before.Next(Spoiled(canonical, kind)).ToArray();
    }

    private static (byte[] Id, object Refers, byte[] Canonical, byte[] Hash) Row(SqliteConnection file, long sequence)
    {
        using SqliteCommand command = file.CreateCommand();
        command.CommandText = "SELECT id, refers, canonical, hash FROM ledger_entry WHERE sequence = $1";
        command.Parameters.AddWithValue("$1", sequence);
        using SqliteDataReader row = command.ExecuteReader();
        if (!row.Read()) throw new InvalidOperationException($"The bench's ledger has no entry {sequence}.");
        return ((byte[])row.GetValue(0), row.GetValue(1), (byte[])row.GetValue(2), (byte[])row.GetValue(3));
    }

    private static SqliteConnection Open(string directory, string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(directory, file), Pooling = false, ForeignKeys = false,
        }.ConnectionString);
        connection.Open();
        return connection;
    }

    private static void Run(SqliteConnection file, string sql, params object[] values)
    {
        using SqliteCommand command = file.CreateCommand();
#pragma warning disable CA2100 // constants of this class
        command.CommandText = sql;
#pragma warning restore CA2100
        for (int i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue("$" + (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), values[i]);
        command.ExecuteNonQuery();
    }
}
