using Latchkey.Vending;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>Clients' messages on SQLite. Questions are forgotten after a week, a few with each message that comes.</summary>
public sealed class SqliteClientMessages(SqliteDatabase database) : IClientMessages
{
    private const string Columns = "id, kind, client, at, original, pan, detail";
    private const int ForgottenAtOnce = 20;
    private static readonly TimeSpan QuestionsKept = TimeSpan.FromDays(7);

    public Task<ClientMessage?> AddAsync(ClientMessage message, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            if (Find(s, message.Id) is { } there) return there;
            s.Execute(
                $"INSERT INTO vend_client_message ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                GuidBlob.Of(message.Id), (int)message.Kind, message.Client, KeyColumns.Milliseconds(message.At),
                message.Original is { } original ? GuidBlob.Of(original) : null, message.Pan is { } pan ? (long)pan.Value : null, message.Detail);
            s.Execute(
                """
                DELETE FROM vend_client_message WHERE id IN (
                    SELECT id FROM vend_client_message WHERE (kind = 1 OR kind = 4 OR kind = 5) AND at < ?1 ORDER BY at LIMIT ?2)
                """,
                KeyColumns.Milliseconds(message.At - QuestionsKept), ForgottenAtOnce);
            return null;
        },
        cancellationToken);

    public ClientMessage? Find(Guid id) => database.ReadOne(s => Find(s, id));

    public IReadOnlyList<ClientMessage> Referring(Guid original, int limit) => database.ReadOne(s => s.Query(
        $"SELECT {Columns} FROM vend_client_message WHERE original = ?1 ORDER BY at LIMIT ?2", Read, GuidBlob.Of(original), limit));

    private static ClientMessage? Find(SqliteSession session, Guid id) =>
        session.First($"SELECT {Columns} FROM vend_client_message WHERE id = ?1", Read, GuidBlob.Of(id));

    private static ClientMessage Read(SqliteDataReader row) => new(
        GuidBlob.Read((byte[])row.GetValue(0)),
        (ClientMessageKind)row.GetInt32(1),
        row.GetString(2),
        KeyColumns.ReadTime(row, 3),
        row.IsDBNull(4) ? null : GuidBlob.Read((byte[])row.GetValue(4)),
        row.IsDBNull(5) ? null : KeyColumns.ReadPan(row, 5),
        row.GetString(6));
}
