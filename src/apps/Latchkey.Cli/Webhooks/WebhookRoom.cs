using Latchkey.Cli.Sellers;
using Latchkey.Server.Serve.Settings;
using Latchkey.Storage;
using Latchkey.Storage.HeadEnd;
using Latchkey.Storage.Messaging;
using Latchkey.Storage.Vending;

namespace Latchkey.Cli.Webhooks;

/// <summary>The webhooks of a seller's data directory as commands use them, beside a running server too, which sends what is due.</summary>
internal sealed record WebhookRoom(SellerSettings Settings, SqliteApiClients Clients, SqliteWebhooks Hooks)
{
    /// <summary>Does something in the directory; a fault of its files or of the work is one line and a failure.</summary>
    public static async Task<int> RunAsync(string path, Func<WebhookRoom, Task<int>> work, CancellationToken cancellationToken)
    {
        string full = Path.GetFullPath(path);
        if (!SellerDirectory.IsOne(full)) return CommandOutput.Fail($"'{path}' is no data directory: 'latchkey init {path}' makes one");
        if (SellerHouse.SettingsOf(full, out SellerSettings? settings) is { } fault) return CommandOutput.Fail(fault);
        try
        {
            using SqliteDatabase database = SqliteDatabase.Open(new SqliteDatabaseOptions(full), TimeProvider.System, [.. VendingHouse.Rooms, HeadEndSchema.Room, WebhooksSchema.Room]);
            using SqliteWebhooks hooks = await SqliteWebhooks.OpenAsync(database, full, cancellationToken);
            return await work(new WebhookRoom(settings!, new SqliteApiClients(database), hooks));
        }
        catch (StorageException e)
        {
            return CommandOutput.Fail(e.Message);
        }
    }
}
