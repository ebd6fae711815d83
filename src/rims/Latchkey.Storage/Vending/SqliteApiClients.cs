using System.Text.Json;
using Latchkey.Vending;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>API clients on SQLite, in the file of the orders: what one process changes, another sees with its next request.</summary>
public sealed class SqliteApiClients(SqliteDatabase database) : IApiClients
{
    private const int MostClients = 10_000;

    // What a client sold is kept for the count alone; the orders have it for ever.
    private const int SalesKeptDays = 40, ForgottenAtOnce = 10;

    public ApiClient? Find(string name) => One("SELECT document FROM api_client WHERE name = ?1", name);

    public ApiClient? FindByKey(string keySha256) =>
        One("SELECT document FROM api_client WHERE key_sha256 = ?1", keySha256) ?? One("SELECT document FROM api_client WHERE earlier_sha256 = ?1", keySha256);

    public ApiClient? FindByCertificate(string certificateName) => One("SELECT document FROM api_client WHERE certificate = ?1", certificateName);

    public IReadOnlyList<ApiClient> List() => database.ReadOne(s => s.Query("SELECT document FROM api_client ORDER BY name LIMIT ?1", Read, MostClients));

    public Task<bool> AddAsync(ApiClient client, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            bool isTaken = s.First("SELECT document FROM api_client WHERE name = ?1 OR key_sha256 = ?2 OR certificate = ?3", Read, client.Name, client.KeySha256, client.Certificate?.Name) is not null;
            if (isTaken || s.Scalar<long>("SELECT count(*) FROM api_client") >= MostClients) return false;
            Write(s, client);
            return true;
        },
        cancellationToken);

    public Task<bool> ChangeAsync(string name, Func<ApiClient, ApiClient> change, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            if (s.First("SELECT document FROM api_client WHERE name = ?1", Read, name) is not { } there) return false;
            ApiClient next = change(there) with { Name = name };
            if (s.First("SELECT document FROM api_client WHERE name <> ?1 AND (key_sha256 = ?2 OR certificate = ?3)", Read, name, next.KeySha256, next.Certificate?.Name) is not null) return false;
            Write(s, next);
            return true;
        },
        cancellationToken);

    public Task<SpendOutcome> CountAsync(Guid purchase, ApiClient client, DateOnly day, long minorUnits, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            if (s.First("SELECT client FROM api_client_sale WHERE purchase = ?1", row => row.GetString(0), GuidBlob.Of(purchase)) is { } owner)
                return owner == client.Name ? SpendOutcome.Counted : SpendOutcome.OthersPurchase;
            if (client.Limits.MinorUnitsPerDay is { } limit && minorUnits > limit - SoldOn(s, client.Name, day)) return SpendOutcome.OverLimit;
            s.Execute("INSERT INTO api_client_sale (purchase, client, day, minor_units) VALUES (?1, ?2, ?3, ?4)", GuidBlob.Of(purchase), client.Name, day.DayNumber, minorUnits);
            Add(s, client.Name, day.DayNumber, minorUnits);
            s.Execute(
                "DELETE FROM api_client_sale WHERE purchase IN (SELECT purchase FROM api_client_sale WHERE client = ?1 AND day < ?2 LIMIT ?3)",
                client.Name, day.DayNumber - SalesKeptDays, ForgottenAtOnce);
            return SpendOutcome.Counted;
        },
        cancellationToken);

    public Task UncountAsync(Guid purchase, string client, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            (int Day, long MinorUnits)? counted = s.First<(int, long)?>(
                "SELECT day, minor_units FROM api_client_sale WHERE purchase = ?1 AND client = ?2", row => (row.GetInt32(0), row.GetInt64(1)), GuidBlob.Of(purchase), client);
            if (counted is not { } sale) return;
            s.Execute("DELETE FROM api_client_sale WHERE purchase = ?1", GuidBlob.Of(purchase));
            s.Execute("UPDATE api_client_day SET minor_units = minor_units - ?3 WHERE client = ?1 AND day = ?2", client, sale.Day, sale.MinorUnits);
        },
        cancellationToken);

    public long SoldOn(string client, DateOnly day) => database.ReadOne(s => SoldOn(s, client, day));

    private static long SoldOn(SqliteSession session, string client, DateOnly day) =>
        session.First("SELECT minor_units FROM api_client_day WHERE client = ?1 AND day = ?2", row => row.GetInt64(0), client, day.DayNumber);

    private static void Add(SqliteSession session, string client, int day, long minorUnits) => session.Execute(
        "INSERT INTO api_client_day (client, day, minor_units) VALUES (?1, ?2, ?3) ON CONFLICT (client, day) DO UPDATE SET minor_units = minor_units + ?3", client, day, minorUnits);

    private static void Write(SqliteSession session, ApiClient client) => session.Execute(
        """
        INSERT INTO api_client (name, key_sha256, earlier_sha256, certificate, document) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (name) DO UPDATE SET key_sha256 = ?2, earlier_sha256 = ?3, certificate = ?4, document = ?5
        """,
        client.Name, client.KeySha256, client.EarlierKeySha256, client.Certificate?.Name, JsonSerializer.Serialize(client));

    private ApiClient? One(string sql, string value) => database.ReadOne(s => s.First(sql, Read, value));

    private static ApiClient Read(SqliteDataReader row) =>
        JsonSerializer.Deserialize<ApiClient>(row.GetString(0)) ?? throw new StorageException(StorageFailure.Damaged, "A stored API client is empty.");
}
