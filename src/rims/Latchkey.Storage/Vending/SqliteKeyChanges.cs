using Latchkey.Sts;
using Latchkey.Vending;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>Changes of keys on SQLite, in one write with the books.</summary>
public sealed class SqliteKeyChanges(SqliteDatabase database) : IKeyChangeStore
{
    private const string KeyNames = "sgc, ti, krn, kt, ken, base_year, ea";
    private const string ToNames = "to_sgc, to_ti, to_krn, to_kt, to_ken, to_base_year, to_ea";

    internal static RoomSchema Room { get; } = new("key changes", new Migration(1, "key changes", """
        CREATE TABLE vend_key_change (
            pan INTEGER PRIMARY KEY, id BLOB NOT NULL CHECK (length(id) = 16),
            sgc TEXT NOT NULL, ti TEXT NOT NULL, krn INTEGER NOT NULL, kt INTEGER NOT NULL, ken INTEGER NOT NULL, base_year INTEGER NOT NULL, ea INTEGER NOT NULL,
            to_sgc TEXT NOT NULL, to_ti TEXT NOT NULL, to_krn INTEGER NOT NULL, to_kt INTEGER NOT NULL, to_ken INTEGER NOT NULL,
            to_base_year INTEGER NOT NULL, to_ea INTEGER NOT NULL,
            third_token INTEGER NOT NULL, policy INTEGER NOT NULL, state INTEGER NOT NULL, at INTEGER NOT NULL, tid INTEGER, tokens TEXT NOT NULL
        ) STRICT;
        CREATE INDEX vend_key_change_state ON vend_key_change (state);
        """));

    public KeyChange? Find(MeterPan pan) => database.ReadOne(s => Find(s, pan));

    // Asked for rarely and by hand: a scan, rather than an index for it.
    public KeyChange? FindByToken(TokenNumber token) => database.ReadOne(s => s.First(
        $"SELECT id, {KeyNames}, {ToNames}, third_token, policy, state, at, tid, tokens, pan FROM vend_key_change WHERE instr(tokens, ?1) > 0",
        row => Read(KeyColumns.ReadPan(row, 21), row), token.ToString()));

    public Task<T> UpdateAsync<T>(Func<IVendingBooks, IKeyChangeBooks, T> step, CancellationToken cancellationToken) =>
        database.WriteAsync(s => step(new SqliteVendingBooks(s), new Books(s)), cancellationToken);

    internal static KeyChange? Find(SqliteSession session, MeterPan pan) => session.First(
        $"SELECT id, {KeyNames}, {ToNames}, third_token, policy, state, at, tid, tokens FROM vend_key_change WHERE pan = ?1", row => Read(pan, row), (long)pan.Value);

    private static KeyChange Read(MeterPan pan, SqliteDataReader row) => new(
        GuidBlob.Read((byte[])row.GetValue(0)),
        KeyColumns.ReadKey(row, pan, 1),
        KeyColumns.ReadKey(row, pan, 8),
        row.GetInt64(15) != 0,
        (KeyChangePolicy)row.GetInt32(16),
        (KeyChangeState)row.GetInt32(17),
        KeyColumns.ReadTime(row, 18),
        row.IsDBNull(19) ? null : TokenIdentifier.FromMinutes((uint)row.GetInt64(19)),
        [.. row.GetString(20).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(t => TokenNumber.Parse(t))]);

    private sealed class Books(SqliteSession session) : IKeyChangeBooks
    {
        public KeyChange? Find(MeterPan pan) => SqliteKeyChanges.Find(session, pan);

        public void Save(KeyChange c, DateOnly today)
        {
            Write(c);
            session.Cache<MeterCache>()!.KeyChanges.Remember(c.Pan, c);
            ProgrammeRows.Follow(session, c, today);
        }

        private void Write(KeyChange c) => session.Execute(
            $"""
            INSERT INTO vend_key_change (pan, id, {KeyNames}, {ToNames}, third_token, policy, state, at, tid, tokens)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)
            ON CONFLICT (pan) DO UPDATE SET id = ?2, sgc = ?3, ti = ?4, krn = ?5, kt = ?6, ken = ?7, base_year = ?8, ea = ?9, to_sgc = ?10, to_ti = ?11,
                to_krn = ?12, to_kt = ?13, to_ken = ?14, to_base_year = ?15, to_ea = ?16, third_token = ?17, policy = ?18, state = ?19, at = ?20, tid = ?21, tokens = ?22
            """,
            (long)c.Pan.Value, GuidBlob.Of(c.Id),
            c.From.SupplyGroup.ToString(), c.From.TariffIndex.ToString(), c.From.KeyRevision.Value, (int)c.From.KeyType, (int)c.From.KeyExpiry.Value, c.From.BaseDate.Year, (int)c.From.Algorithm,
            c.To.SupplyGroup.ToString(), c.To.TariffIndex.ToString(), c.To.KeyRevision.Value, (int)c.To.KeyType, (int)c.To.KeyExpiry.Value, c.To.BaseDate.Year, (int)c.To.Algorithm,
            c.TakesThirdToken ? 1 : 0, (int)c.Policy, (int)c.State, KeyColumns.Milliseconds(c.At), c.Tid is { } tid ? (long)tid.Minutes : null,
            string.Join(' ', c.Tokens.Select(t => t.ToString())));

        public void MoveMeter(MeterRecord meter, DecoderKeyAttributes key) => session.Cache<MeterCache>()!.Meters.Change(meter.Pan, meter with { Key = key });
    }
}
