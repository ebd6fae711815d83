namespace Latchkey.Storage.Ledger;

/// <summary>The posted movements of one account in the order of writing, from its packed rows and from the tail.</summary>
/// <remarks>Each row names the one before it of its account, the account its newest: they are found from the newest backwards.</remarks>
internal static class LedgerLines
{
    /// <summary>
    /// Every movement of the packed rows that end after an entry, with the account's balance (debits less credits) after it.
    /// <paramref name="line"/> returns false to stop.
    /// </summary>
    public static void ForEach(SqliteSession session, CachedAccount account, long afterSequence, Func<Movement, long, bool> line)
    {
        (List<long> rows, long balance) = Back(session, account, afterSequence);
        bool Next(Movement movement) => line(movement, balance += movement.Amount);
        for (int i = rows.Count - 1; i >= 0; i--)
        {
            if (!Movement.Unpack(Row(session, rows[i])).All(Next)) return;
        }

        _ = LedgerTail.Read(session).Movements.Where(m => m.Account == account.Account.Id).All(m => Next(m.Movement));
    }

    /// <summary>The rows that end after an entry, newest first, and the balance before the oldest of them.</summary>
    private static (List<long> Rows, long Balance) Back(SqliteSession session, CachedAccount account, long afterSequence)
    {
        List<long> rows = [];
        for (long? no = account.LastMovements; no is { } there;)
        {
            (long? previous, long last, long owner, long balance) = session.First(
                "SELECT previous, last_sequence, account, balance FROM ledger_movements WHERE no = ?1",
                row => (row.IsDBNull(0) ? (long?)null : row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), there);
            if (owner != account.No || previous >= there) throw Damaged(account);
            if (last <= afterSequence) return (rows, balance);
            rows.Add(there);
            no = previous;
        }

        return (rows, 0);
    }

    private static byte[] Row(SqliteSession session, long no) =>
        session.First("SELECT movements FROM ledger_movements WHERE no = ?1", row => (byte[])row.GetValue(0), no)!;

    private static StorageException Damaged(CachedAccount account) =>
        new(StorageFailure.Damaged, $"The statement of account {account.Account.Id} cannot be followed; run the audit.");
}
