using Latchkey.Ledger;
using Latchkey.Sts;
using Latchkey.Vending.Makers;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>The journal of maker's tokens in one open transaction. Lines end once and are never taken away; the books have a hash of each answer.</summary>
internal sealed class MakerRows(SqliteSession session) : IMakerBooks
{
    private const string Columns =
        "number, id, kind, make, order_id, entry_id, entry_hash, pan, tenths, asked_at, state, ended_at, token, answer_hash, code, people";

    public static RoomSchema Room { get; } = new("makers", new Migration(1, "makes of meters, maker's tokens", """
        ALTER TABLE vend_meter ADD COLUMN make TEXT;
        UPDATE vend_meter SET make = (SELECT c.make FROM vend_meter_card c WHERE c.pan = vend_meter.pan AND c.make <> '');

        CREATE TABLE maker_request (
            number INTEGER PRIMARY KEY,
            id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
            kind INTEGER NOT NULL, make TEXT NOT NULL,
            order_id BLOB NOT NULL CHECK (length(order_id) = 16), entry_id BLOB NOT NULL CHECK (length(entry_id) = 16), entry_hash BLOB NOT NULL CHECK (length(entry_hash) = 32),
            pan INTEGER NOT NULL, tenths INTEGER NOT NULL CHECK (tenths >= 0),
            asked_at INTEGER NOT NULL, state INTEGER NOT NULL, ended_at INTEGER,
            token TEXT, answer_hash BLOB, code TEXT, people TEXT,
            CHECK ((state = 2) = (token IS NOT NULL))
        ) STRICT;

        -- One entry, one token: the database's word, not only the program's.
        CREATE UNIQUE INDEX maker_request_open ON maker_request (entry_id) WHERE state IN (1, 2, 5);
        CREATE UNIQUE INDEX maker_request_token ON maker_request (token) WHERE token IS NOT NULL;
        CREATE INDEX maker_request_entry ON maker_request (entry_id, number);
        CREATE INDEX maker_request_waiting ON maker_request (number) WHERE state = 1;

        CREATE TRIGGER maker_request_ends_once BEFORE UPDATE ON maker_request WHEN old.state <> 1
            BEGIN SELECT RAISE(ABORT, 'a maker''s answer is final'); END;
        CREATE TRIGGER maker_request_stays BEFORE DELETE ON maker_request
            BEGIN SELECT RAISE(ABORT, 'requests to makers are kept'); END;

        CREATE TABLE maker_stop (make TEXT PRIMARY KEY, reason TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID, STRICT;
        """));

    public MakerRequest? Newest(Guid entryId) => session.First($"SELECT {Columns} FROM maker_request WHERE entry_id = ?1 ORDER BY number DESC LIMIT 1", Read, GuidBlob.Of(entryId));

    public MakerRequest? Find(Guid requestId) => session.First($"SELECT {Columns} FROM maker_request WHERE id = ?1", Read, GuidBlob.Of(requestId));

    public MakerRequest? FindByToken(TokenNumber token) => session.First($"SELECT {Columns} FROM maker_request WHERE token = ?1", Read, token.ToString());

    public int CountOf(Guid entryId) => checked((int)session.Scalar<long>("SELECT count(*) FROM maker_request WHERE entry_id = ?1", GuidBlob.Of(entryId)));

    public void Add(MakerRequest r) => session.Execute(
        """
        INSERT INTO maker_request (id, kind, make, order_id, entry_id, entry_hash, pan, tenths, asked_at, state, ended_at, token, answer_hash, code, people)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        """,
        GuidBlob.Of(r.Id), (int)r.Kind, r.Make, GuidBlob.Of(r.OrderId), GuidBlob.Of(r.EntryId), r.EntryHash.ToArray(), (long)r.Pan.Value, r.Tenths,
        KeyColumns.Milliseconds(r.AskedAt), (int)r.State, r.EndedAt?.ToUnixTimeMilliseconds(), r.Token?.ToString(), r.AnswerHash.IsEmpty ? null : r.AnswerHash.ToArray(), r.Code, r.People);

    public void End(MakerRequest r) => session.Execute(
        "UPDATE maker_request SET state = ?2, ended_at = ?3, token = ?4, answer_hash = ?5, code = ?6, people = ?7 WHERE id = ?1",
        GuidBlob.Of(r.Id), (int)r.State, r.EndedAt?.ToUnixTimeMilliseconds(), r.Token?.ToString(), r.AnswerHash.IsEmpty ? null : r.AnswerHash.ToArray(), r.Code, r.People);

    public IReadOnlyList<MakerRequest> Waiting(int limit) => session.Query($"SELECT {Columns} FROM maker_request WHERE state = 1 ORDER BY number LIMIT ?1", Read, limit);

    /// <summary>Nothing where the books are of a time before there were any: an auditor reads those too, and changes nothing.</summary>
    public void ForEach(Func<MakerRequest, bool> line)
    {
        if (IsThere) session.ForEach($"SELECT {Columns} FROM maker_request ORDER BY number", row => line(Read(row)));
    }

    /// <summary>The indexes forbid it; whoever writes the file can take them away.</summary>
    public IReadOnlyList<MakerRequest> Doubled(int limit) => !IsThere ? [] : session.Query(
        $"""
        SELECT {Columns} FROM maker_request WHERE state = 2 AND (
            token IN (SELECT token FROM maker_request WHERE state = 2 GROUP BY token HAVING count(*) > 1)
            OR entry_id IN (SELECT entry_id FROM maker_request WHERE state = 2 GROUP BY entry_id HAVING count(*) > 1))
        ORDER BY number LIMIT ?1
        """,
        Read, limit);

    public string? StoppedReason(string make) => session.First("SELECT reason FROM maker_stop WHERE make = ?1", row => row.GetString(0), make);

    public void SetStopped(string make, string? reason, DateTimeOffset at)
    {
        if (reason is null) session.Execute("DELETE FROM maker_stop WHERE make = ?1", make);
        else session.Execute("INSERT INTO maker_stop (make, reason, at) VALUES (?1, ?2, ?3) ON CONFLICT (make) DO NOTHING", make, reason, KeyColumns.Milliseconds(at));
    }

    private bool IsThere => session.First("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'maker_request'", row => row.GetInt32(0)) != 0;

    private static MakerRequest Read(SqliteDataReader row) => new(
        row.GetInt64(0), GuidBlob.Read((byte[])row.GetValue(1)), (MakerTokenKind)row.GetInt32(2), row.GetString(3), GuidBlob.Read((byte[])row.GetValue(4)),
        GuidBlob.Read((byte[])row.GetValue(5)), new ChainHash((byte[])row.GetValue(6)), KeyColumns.ReadPan(row, 7), row.GetInt64(8), KeyColumns.ReadTime(row, 9),
        (MakerRequestState)row.GetInt32(10), KeyColumns.ReadOptionalTime(row, 11), row.IsDBNull(12) ? null : TokenNumber.Parse(row.GetString(12)),
        row.IsDBNull(13) ? default(ReadOnlyMemory<byte>) : (byte[])row.GetValue(13), KeyColumns.ReadText(row, 14), KeyColumns.ReadText(row, 15));
}
