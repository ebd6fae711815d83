using Latchkey.Vending;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>Requests for approval in rows and back. The row is for looking; what counts is the entry in the ledger that has the row's hash.</summary>
internal static class ApprovalRows
{
    private const string Columns =
        "id, kind, subject, amount, unit, detail, reason, asked_by, asked_at, expires_at, state, first_person, second_person, decided_at, used_at";

    public static RoomSchema Room { get; } = new("approvals", new Migration(1, "approvals", """
        CREATE TABLE vend_approval (
            id BLOB PRIMARY KEY CHECK (length(id) = 16),
            kind INTEGER NOT NULL, subject TEXT NOT NULL, amount INTEGER NOT NULL, unit TEXT NOT NULL, detail TEXT NOT NULL, reason TEXT NOT NULL,
            asked_by TEXT NOT NULL, asked_at INTEGER NOT NULL, expires_at INTEGER NOT NULL,
            state INTEGER NOT NULL, first_person TEXT, second_person TEXT, decided_at INTEGER, used_at INTEGER
        ) WITHOUT ROWID, STRICT;
        CREATE INDEX vend_approval_asked ON vend_approval (asked_at);
        CREATE INDEX vend_approval_waiting ON vend_approval (expires_at) WHERE state = 1 OR state = 2;
        """));

    public static Approval? Find(SqliteSession s, Guid id) => s.First($"SELECT {Columns} FROM vend_approval WHERE id = ?1", Read, GuidBlob.Of(id));

    public static void Save(SqliteSession s, Approval a) => s.Execute(
        $"""
        INSERT INTO vend_approval ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        ON CONFLICT (id) DO UPDATE SET state = ?11, first_person = ?12, second_person = ?13, decided_at = ?14, used_at = ?15
        """,
        GuidBlob.Of(a.Id), (int)a.Effect.Kind, a.Effect.Subject, a.Effect.Amount, a.Effect.Unit, a.Effect.Detail, a.Request.Reason,
        a.Request.AskedBy.ToString(), KeyColumns.Milliseconds(a.Request.AskedAt), KeyColumns.Milliseconds(a.Request.ExpiresAt),
        (int)a.State, a.First?.ToString(), a.Second?.ToString(), a.DecidedAt?.ToUnixTimeMilliseconds(), a.UsedAt?.ToUnixTimeMilliseconds());

    /// <summary>None where the books are of a time before there were any: an auditor reads those too, and changes nothing.</summary>
    public static IReadOnlyList<Approval> List(SqliteSession s, ApprovalState? state, int limit) =>
        s.First("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'vend_approval'", row => row.GetInt32(0)) == 0 ? []
        : state is { } one ? s.Query($"SELECT {Columns} FROM vend_approval WHERE state = ?1 ORDER BY asked_at DESC, id LIMIT ?2", Read, (int)one, limit)
        : s.Query($"SELECT {Columns} FROM vend_approval ORDER BY asked_at DESC, id LIMIT ?1", Read, limit);

    public static IReadOnlyList<Approval> Late(SqliteSession s, DateTimeOffset now, int limit) => s.Query(
        $"SELECT {Columns} FROM vend_approval WHERE (state = 1 OR state = 2) AND expires_at <= ?1 ORDER BY expires_at LIMIT ?2",
        Read, KeyColumns.Milliseconds(now), limit);

    public static (int All, int Own) CountOpen(SqliteSession s, string askedBy) => s.First(
        "SELECT count(*), coalesce(sum(asked_by = ?1), 0) FROM vend_approval WHERE state = 1", row => (row.GetInt32(0), row.GetInt32(1)), askedBy);

    private static Approval Read(SqliteDataReader row) => new(
        new ApprovalRequest(
            GuidBlob.Read((byte[])row.GetValue(0)),
            new ApprovalEffect((ApprovalKind)row.GetInt32(1), row.GetString(2), row.GetInt64(3), row.GetString(4), row.GetString(5)),
            row.GetString(6), Person(row.GetString(7)), KeyColumns.ReadTime(row, 8), KeyColumns.ReadTime(row, 9)),
        (ApprovalState)row.GetInt32(10),
        row.TextOrNull(11) is { } first ? Person(first) : null,
        row.TextOrNull(12) is { } second ? Person(second) : null,
        row.IsDBNull(13) ? null : KeyColumns.ReadTime(row, 13),
        row.IsDBNull(14) ? null : KeyColumns.ReadTime(row, 14));

    private static ApprovalPerson Person(string text) => ApprovalPerson.TryParse(text, out ApprovalPerson? person)
        ? person
        : throw new StorageException(StorageFailure.Damaged, "A request for approval names nobody.");
}
