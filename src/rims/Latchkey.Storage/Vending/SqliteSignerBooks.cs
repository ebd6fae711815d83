using Latchkey.Sts;
using Latchkey.Vending;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>The signer's books in one open transaction.</summary>
internal sealed class SqliteSignerBooks(SqliteSession session) : ISignerBooks
{
    private const string KeyNames =
        "sgc, krn, kt, base_year, active_from, issue_until, check_value, wrapped, credit_limit, tokens, tenths, minor_units, stopped, mac, last_act";
    private const string OlderKeyNames =
        "sgc, krn, kt, base_year, active_from, issue_until, check_value, wrapped, credit_limit, tokens, tenths, minor_units, stopped, mac, NULL";

    private const string LineNames =
        "number, order_id, kind, key_id, pan, base_year, tid, tenths, minor_units, entry_id, token_hash, mac";

    /// <summary>An auditor reads files of before changes had approvals, too, and changes nothing.</summary>
    public IReadOnlyList<SigningKeyRecord> Keys => session.Query($"SELECT {(HasActs ? KeyNames : OlderKeyNames)} FROM signer_key ORDER BY key_id", ReadKey);

    public SignatureRecord? Last => session.Cache<SignerCache>() is { } cache ? cache.Last ??= ReadLast() : ReadLast();

    public SigningKeyRecord? FindKey(string keyId)
    {
        SignerCache? cache = session.Cache<SignerCache>();
        if (cache?.Find(keyId) is { } known) return known;
        SigningKeyRecord? read = session.First($"SELECT {KeyNames} FROM signer_key WHERE key_id = ?1", ReadKey, keyId);
        if (read is not null) cache?.Remember(read);
        return read;
    }

    /// <summary>Written with the others of the group: its counters change with every token.</summary>
    public void Save(SigningKeyRecord key) => session.Cache<SignerCache>()!.Change(key);

    internal static void Write(SqliteSession session, SigningKeyRecord key) => session.Execute(
        $"""
        INSERT INTO signer_key (key_id, {KeyNames}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
        ON CONFLICT (key_id) DO UPDATE SET credit_limit = ?10, tokens = ?11, tenths = ?12, minor_units = ?13, stopped = ?14, mac = ?15, last_act = ?16
        """,
        key.KeyId, key.Terms.SupplyGroup.ToString(), key.Terms.KeyRevision.Value, (int)key.Terms.KeyType, key.Terms.BaseDate.Year,
        KeyColumns.Milliseconds(key.Terms.ActiveFrom), KeyColumns.Milliseconds(key.Terms.IssueUntil), key.CheckValue, key.Wrapped.ToArray(),
        key.CreditLimit, key.Counters.Tokens, key.Counters.Tenths, key.Counters.MinorUnits, key.StoppedReason, key.Mac.ToArray(),
        key.LastAct is { } act ? GuidBlob.Of(act) : null);

    public SignatureRecord? FindSigned(Guid orderId) =>
        session.First($"SELECT {LineNames} FROM signer_line WHERE order_id = ?1 AND kind <> 3", ReadLine, GuidBlob.Of(orderId));

    public SignatureRecord? FindByEntry(Guid entryId) =>
        session.First($"SELECT {LineNames} FROM signer_line WHERE entry_id = ?1 AND kind <> 3", ReadLine, GuidBlob.Of(entryId));

    public bool IsCancelled(Guid entryId) =>
        session.Scalar<long>("SELECT count(*) FROM signer_line WHERE entry_id = ?1 AND kind = 3", GuidBlob.Of(entryId)) != 0;

    public SignerView Look(SignatureRecord wanted)
    {
        SqliteStatement query = session.Statement(
            """
            SELECT EXISTS (SELECT 1 FROM signer_line WHERE order_id = ?1 AND kind <> 3),
                   EXISTS (SELECT 1 FROM signer_line WHERE entry_id = ?2 AND kind = 3),
                   EXISTS (SELECT 1 FROM signer_line WHERE pan = ?3 AND base_year = ?4 AND tid = ?5 AND kind <> 3)
            """);
        query.Bind(1, wanted.OrderId).Bind(2, wanted.EntryId).Bind(3, (long)wanted.Pan.Value).Bind(4, wanted.BaseYear).Bind(5, wanted.Tid.Minutes).Step();
        (bool signed, bool cancelled, bool tid) = (query.Integer(0) != 0, query.Integer(1) != 0, query.Integer(2) != 0);
        query.Reset();
        return new SignerView(signed ? FindSigned(wanted.OrderId) : null, cancelled, tid);
    }

    public void Append(SignatureRecord line)
    {
        Insert(line);
        session.Cache<SignerCache>()!.Last = line;
    }

    private void Insert(SignatureRecord line) => session
        .Statement($"INSERT INTO signer_line ({LineNames}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")
        .Bind(1, line.Number).Bind(2, line.OrderId).Bind(3, (long)line.Kind).Bind(4, line.KeyId).Bind(5, (long)line.Pan.Value).Bind(6, line.BaseYear)
        .Bind(7, line.Tid.Minutes).Bind(8, line.Tenths).Bind(9, line.MinorUnits).Bind(10, line.EntryId).Bind(11, line.TokenHash.Span).Bind(12, line.Mac.Span)
        .Run();

    public void ForEach(Func<SignatureRecord, bool> line) =>
        session.ForEach($"SELECT {LineNames} FROM signer_line ORDER BY number", row => line(ReadLine(row)));

    private SignatureRecord? ReadLast() => session.First($"SELECT {LineNames} FROM signer_line ORDER BY number DESC LIMIT 1", ReadLine);

    private static SigningKeyRecord ReadKey(SqliteDataReader row) => new(
        new SigningKeyTerms(
            SupplyGroupCode.Parse(row.GetString(0)), KeyRevisionNumber.FromValue(row.GetInt32(1)), (KeyType)row.GetInt32(2),
            KeyColumns.ReadBaseDate(row.GetInt32(3)), KeyColumns.ReadTime(row, 4), KeyColumns.ReadOptionalTime(row, 5)),
        row.GetString(6), (byte[])row.GetValue(7), row.GetInt64(8), new KeyCounters(row.GetInt64(9), row.GetInt64(10), row.GetInt64(11)),
        KeyColumns.ReadText(row, 12), (byte[])row.GetValue(13)) { LastAct = row.IsDBNull(14) ? null : GuidBlob.Read((byte[])row.GetValue(14)) };

    private bool HasActs => session.Scalar<long>("SELECT count(*) FROM pragma_table_info('signer_key') WHERE name = 'last_act'") != 0;

    private static SignatureRecord ReadLine(SqliteDataReader row) => new(
        row.GetInt64(0), GuidBlob.Read((byte[])row.GetValue(1)), (SignatureKind)row.GetInt32(2), row.GetString(3), KeyColumns.ReadPan(row, 4),
        row.GetInt32(5), TokenIdentifier.FromMinutes((uint)row.GetInt64(6)), row.GetInt64(7), row.GetInt64(8),
        GuidBlob.Read((byte[])row.GetValue(9)), (byte[])row.GetValue(10), (byte[])row.GetValue(11));
}
