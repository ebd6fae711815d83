using Latchkey.Ledger;

namespace Latchkey.Storage.Ledger;

/// <summary>The posted movements of one account in the order of writing, from its packed rows and from the tail.</summary>
internal static class LedgerLines
{
    /// <summary>The account's balance (debits less credits) at the end of the last packed row that begins no later than an entry.</summary>
    public static long BalanceAfter(SqliteSession session, long account, long sequence) => session.First(
        "SELECT balance FROM ledger_movements WHERE account = ?1 AND last_sequence <= ?2 ORDER BY last_sequence DESC LIMIT 1",
        row => row.GetInt64(0), account, sequence);

    /// <summary>
    /// Every movement of the packed rows that end after an entry, those of the row before it included: they belong to the balance that
    /// <see cref="BalanceAfter"/> gives. <paramref name="line"/> returns false to stop.
    /// </summary>
    public static void ForEach(SqliteSession session, CachedAccount account, long afterSequence, Func<Movement, bool> line)
    {
        bool goOn = true;
        session.ForEach(
            "SELECT movements FROM ledger_movements WHERE account = ?1 AND last_sequence > ?2 ORDER BY last_sequence",
            row => goOn = Movement.Unpack((byte[])row.GetValue(0)).All(line),
            account.No, afterSequence);
        if (!goOn) return;
        _ = LedgerTail.Read(session).Movements.Where(m => m.Account == account.Account.Id).All(m => line(m.Movement));
    }
}
