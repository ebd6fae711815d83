using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Latchkey.Messaging.Webhooks;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Messaging;

/// <summary>Webhooks on SQLite, in the file of the facts they tell of. Secrets lie sealed under a key of their own file.</summary>
public sealed class SqliteWebhooks : IWebhookStore, IDisposable
{
    private const string KeyFile = "webhooks.key";
    private const int KeyLength = 32, NonceLength = 12, TagLength = 16, SpreadAtOnce = 500, ForgottenAtOnce = 200, MostEndpoints = 1_000;
    private static readonly TimeSpan EventsKept = TimeSpan.FromDays(30);
    private readonly SqliteDatabase _database;
    private readonly byte[] _key;

    private SqliteWebhooks(SqliteDatabase database, byte[] key) => (_database, _key) = (database, key);

    /// <summary>Over a database that was opened with <see cref="WebhooksSchema.Room"/> and the rooms it listens to.</summary>
    public static async Task<SqliteWebhooks> OpenAsync(SqliteDatabase database, string directory, CancellationToken cancellationToken)
    {
        await database.WriteAsync(
            s =>
            {
                foreach (string trigger in WebhooksSchema.Triggers) s.Execute(trigger);
            },
            cancellationToken).ConfigureAwait(false);
        return new SqliteWebhooks(database, SecretFile.OpenOrCreate(directory, KeyFile, KeyLength));
    }

    public Task<bool> AddAsync(WebhookEndpoint endpoint, CancellationToken cancellationToken) => _database.WriteAsync(
        s =>
        {
            long own = s.Scalar<long>("SELECT count(*) FROM webhook_endpoint WHERE client = ?1", endpoint.Client);
            if (own >= WebhookEndpoint.MostPerClient || s.Scalar<long>("SELECT count(*) FROM webhook_endpoint") >= MostEndpoints || Find(s, endpoint.Id) is not null) return false;

            // It is told of what comes after it; what was before is had by a replay.
            Write(s, endpoint, s.Scalar<long>("SELECT coalesce(max(number), 0) FROM webhook_event"));
            return true;
        },
        cancellationToken);

    public WebhookEndpoint? Find(Guid id) => _database.ReadOne(s => Find(s, id));

    public IReadOnlyList<WebhookEndpoint> List(string? client) => _database.ReadOne(s => s.Query(
        "SELECT document, secret, earlier FROM webhook_endpoint WHERE ?1 IS NULL OR client = ?1 ORDER BY client, id LIMIT ?2", Read, client, MostEndpoints));

    /// <summary>What became of an endpoint's events so far.</summary>
    public WebhookStanding StandingOf(Guid endpoint) => _database.Read(s =>
    {
        byte[] id = GuidBlob.Of(endpoint);
        (long taken, long waiting, long givenUp, long? oldest) = s.First(
            """
            SELECT coalesce(sum(d.next_at IS NULL AND d.outcome LIKE 'status 2%'), 0), coalesce(sum(d.next_at IS NOT NULL), 0), coalesce(sum(d.next_at IS NULL AND d.outcome NOT LIKE 'status 2%'), 0),
                   min(CASE WHEN d.next_at IS NOT NULL THEN e.at END)
            FROM webhook_delivery d JOIN webhook_event e ON e.number = d.number WHERE d.endpoint = ?1
            """,
            row => (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? (long?)null : row.GetInt64(3)), id);
        string? last = s.First("SELECT outcome FROM webhook_delivery WHERE endpoint = ?1 AND attempts > 0 ORDER BY number DESC LIMIT 1", row => row.GetString(0), id);
        return new WebhookStanding(taken, waiting, givenUp, oldest is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null, last);
    });

    public Task<bool> ChangeAsync(Guid id, Func<WebhookEndpoint, WebhookEndpoint> change, CancellationToken cancellationToken) => _database.WriteAsync(
        s =>
        {
            if (Find(s, id) is not { } there) return false;
            WebhookEndpoint next = change(there) with { Id = id };
            if (next != there) Write(s, next, null);
            return true;
        },
        cancellationToken);

    public Task<bool> RemoveAsync(Guid id, CancellationToken cancellationToken) =>
        _database.WriteAsync(s => s.Execute("DELETE FROM webhook_endpoint WHERE id = ?1", GuidBlob.Of(id)) > 0, cancellationToken);

    public Task<int> SpreadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        long newest = _database.ReadOne(s => s.Scalar<long>("SELECT coalesce(max(number), 0) FROM webhook_event"));
        long least = _database.ReadOne(s => s.Scalar<long>("SELECT coalesce(min(spread_to), ?1) FROM webhook_endpoint WHERE disabled = 0", newest));
        return least >= newest ? Task.FromResult(0) : _database.WriteAsync(s => Spread(s, now), cancellationToken);
    }

    public IReadOnlyList<WebhookDelivery> Due(DateTimeOffset now, int limit) => _database.Read(s =>
    {
        long moment = now.ToUnixTimeMilliseconds();
        Guid[] endpoints = [.. s.Query(
            "SELECT DISTINCT d.endpoint FROM webhook_delivery d JOIN webhook_endpoint w ON w.id = d.endpoint WHERE d.next_at <= ?1 AND w.disabled = 0", row => row.Id(0), moment)];
        List<WebhookDelivery> due = [];

        // Each has its share: one whose receiver is away must not fill the whole of it.
        foreach (Guid id in endpoints)
        {
            if (Find(s, id) is { } endpoint) due.AddRange(DueOf(s, endpoint, moment, Math.Max(1, limit / endpoints.Length)));
        }

        return due;
    });

    /// <summary>By number; what happened to a meter waits for what happened to it before and is tried again later.</summary>
    private static IReadOnlyList<WebhookDelivery> DueOf(SqliteSession session, WebhookEndpoint endpoint, long moment, int limit) => session.Query(
        """
        SELECT d.attempts, e.number, e.type, e.at, e.data FROM webhook_delivery d JOIN webhook_event e ON e.number = d.number
        WHERE d.endpoint = ?1 AND d.next_at <= ?2 AND NOT EXISTS (
            SELECT 1 FROM webhook_delivery p JOIN webhook_event pe ON pe.number = p.number
            WHERE p.endpoint = ?1 AND p.number < d.number AND p.next_at > ?2 AND pe.subject = e.subject)
        ORDER BY d.number LIMIT ?3
        """,
        row => new WebhookDelivery(endpoint, EventOf(row, 1), row.GetInt32(0)), GuidBlob.Of(endpoint.Id), moment, limit);

    public Task KeepAsync(Guid endpoint, long number, int attempts, DateTimeOffset? nextAt, string outcome, CancellationToken cancellationToken) => _database.WriteAsync(
        s => s.Execute(
            "UPDATE webhook_delivery SET attempts = ?3, next_at = ?4, outcome = ?5 WHERE endpoint = ?1 AND number = ?2", GuidBlob.Of(endpoint), number, attempts, nextAt?.ToUnixTimeMilliseconds(), outcome),
        cancellationToken);

    public Task<int> ReplayAsync(Guid endpoint, DateTimeOffset from, DateTimeOffset now, CancellationToken cancellationToken) => _database.WriteAsync(
        s =>
        {
            if (Find(s, endpoint) is not { } target) return 0;
            int made = 0;
            foreach ((WebhookEvent entry, string? client, bool isOwn) in s.Query(
                "SELECT number, type, at, data, client, endpoint IS NOT NULL FROM webhook_event WHERE at >= ?1 AND (endpoint IS NULL OR endpoint = ?2) ORDER BY number",
                row => (EventOf(row, 0), row.TextOrNull(4), row.GetBoolean(5)), from.ToUnixTimeMilliseconds(), GuidBlob.Of(endpoint)))
            {
                if (isOwn || IsFor(target, entry, client)) made += Queue(s, endpoint, entry.Number, now, again: true);
            }

            return made;
        },
        cancellationToken);

    public Task TestAsync(Guid endpoint, DateTimeOffset now, CancellationToken cancellationToken) => _database.WriteAsync(
        s => s.Execute(
            "INSERT INTO webhook_event (type, at, client, data, endpoint) VALUES (?1, ?2, NULL, ?3, ?4)", WebhookEventTypes.Test, now.ToUnixTimeMilliseconds(), """{"message":"If you can read this and its signature is right, webhooks reach you."}""", GuidBlob.Of(endpoint)),
        cancellationToken);

    public void Dispose() => CryptographicOperations.ZeroMemory(_key);

    private int Spread(SqliteSession session, DateTimeOffset now)
    {
        int made = 0;
        foreach ((WebhookEndpoint endpoint, long after) in session.Query("SELECT document, secret, earlier, spread_to FROM webhook_endpoint WHERE disabled = 0", row => (Read(row), row.GetInt64(3))))
        {
            long last = after;
            foreach ((WebhookEvent entry, string? client, byte[]? only) in session.Query(
                "SELECT number, type, at, data, client, endpoint FROM webhook_event WHERE number > ?1 ORDER BY number LIMIT ?2",
                row => (EventOf(row, 0), row.TextOrNull(4), row.IsDBNull(5) ? null : (byte[])row.GetValue(5)), after, SpreadAtOnce))
            {
                last = entry.Number;
                bool isMeant = only is null ? IsFor(endpoint, entry, client) : GuidBlob.Read(only) == endpoint.Id;
                if (isMeant) made += Queue(session, endpoint.Id, entry.Number, now, again: false);
            }

            if (last != after) session.Execute("UPDATE webhook_endpoint SET spread_to = ?2 WHERE id = ?1", GuidBlob.Of(endpoint.Id), last);
        }

        session.Execute(
            "DELETE FROM webhook_event WHERE number IN (SELECT number FROM webhook_event WHERE at < ?1 ORDER BY at LIMIT ?2)", (now - EventsKept).ToUnixTimeMilliseconds(), ForgottenAtOnce);
        return made;
    }

    /// <summary>A client is told of its own purchases; facts of the whole house go to those who may see it.</summary>
    private static bool IsFor(WebhookEndpoint endpoint, WebhookEvent entry, string? client) => endpoint.Wants(entry.Type) && (endpoint.SeesAll || client == endpoint.Client);

    private static int Queue(SqliteSession session, Guid endpoint, long number, DateTimeOffset now, bool again) => session.Execute(
        again
            ? "INSERT INTO webhook_delivery (endpoint, number, attempts, next_at, outcome) VALUES (?1, ?2, 0, ?3, 'waiting') ON CONFLICT (endpoint, number) DO UPDATE SET attempts = 0, next_at = ?3, outcome = 'waiting'"
            : "INSERT INTO webhook_delivery (endpoint, number, attempts, next_at, outcome) VALUES (?1, ?2, 0, ?3, 'waiting') ON CONFLICT (endpoint, number) DO NOTHING",
        GuidBlob.Of(endpoint), number, now.ToUnixTimeMilliseconds());

    private static WebhookEvent EventOf(SqliteDataReader row, int first) => new(
        row.GetInt64(first), row.GetString(first + 1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(first + 2)), row.GetString(first + 3));

    private WebhookEndpoint? Find(SqliteSession session, Guid id) => session.First("SELECT document, secret, earlier FROM webhook_endpoint WHERE id = ?1", Read, GuidBlob.Of(id));

    private void Write(SqliteSession session, WebhookEndpoint endpoint, long? spreadTo)
    {
        WebhookEndpoint bare = endpoint with { Secret = string.Empty, EarlierSecret = null };
        session.Execute(
            """
            INSERT INTO webhook_endpoint (id, client, disabled, spread_to, document, secret, earlier) VALUES (?1, ?2, ?3, coalesce(?4, 0), ?5, ?6, ?7)
            ON CONFLICT (id) DO UPDATE SET disabled = ?3, document = ?5, secret = ?6, earlier = ?7
            """,
            GuidBlob.Of(endpoint.Id), endpoint.Client, endpoint.DisabledReason is null ? 0 : 1, spreadTo, JsonSerializer.Serialize(bare), Seal(endpoint.Id, endpoint.Secret),
            endpoint.EarlierSecret is { } earlier ? Seal(endpoint.Id, earlier) : null);
    }

    private WebhookEndpoint Read(SqliteDataReader row)
    {
        WebhookEndpoint bare = JsonSerializer.Deserialize<WebhookEndpoint>(row.GetString(0)) ?? throw new StorageException(StorageFailure.Damaged, "A stored webhook endpoint is empty.");
        return bare with { Secret = Open(bare.Id, (byte[])row.GetValue(1)), EarlierSecret = row.IsDBNull(2) ? null : Open(bare.Id, (byte[])row.GetValue(2)) };
    }

    private byte[] Seal(Guid id, string secret)
    {
        byte[] plain = Encoding.ASCII.GetBytes(secret), whole = new byte[NonceLength + plain.Length + TagLength];
        RandomNumberGenerator.Fill(whole.AsSpan(0, NonceLength));
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(whole.AsSpan(0, NonceLength), plain, whole.AsSpan(NonceLength, plain.Length), whole.AsSpan(NonceLength + plain.Length), id.ToByteArray(bigEndian: true));
        return whole;
    }

    private string Open(Guid id, byte[] whole)
    {
        byte[] plain = new byte[Math.Max(0, whole.Length - NonceLength - TagLength)];
        try
        {
            using var aes = new AesGcm(_key, TagLength);
            aes.Decrypt(whole.AsSpan(0, NonceLength), whole.AsSpan(NonceLength, plain.Length), whole.AsSpan(NonceLength + plain.Length), plain, id.ToByteArray(bigEndian: true));
            return Encoding.ASCII.GetString(plain);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new StorageException(StorageFailure.Damaged, $"A webhook secret does not open: {KeyFile} is another, or the row was changed.", e);
        }
    }
}

/// <summary>What became of an endpoint's events, of those that are kept.</summary>
/// <param name="Taken">Answered with 2xx.</param>
/// <param name="Waiting">On their way, or waiting for their next attempt.</param>
/// <param name="GivenUp">After the last attempt.</param>
/// <param name="OldestWaiting">When the oldest of those on their way happened.</param>
/// <param name="LastOutcome">Of the newest event that was tried.</param>
public sealed record WebhookStanding(long Taken, long Waiting, long GivenUp, DateTimeOffset? OldestWaiting, string? LastOutcome);
