using Latchkey.Server.Serve.Settings;
using Latchkey.Storage;
using Latchkey.Storage.Vending;

namespace Latchkey.Cli.Sellers;

/// <summary>A seller's data directory as commands use it, beside a running server too.</summary>
internal sealed class SellerRoom : IDisposable
{
    private SellerRoom(SellerDirectory directory, VendingHouse house) => (Directory, House) = (directory, house);

    public SellerDirectory Directory { get; }

    public VendingHouse House { get; }

    public SqliteApiClients Clients => new(House.Database);

    public SqliteMeterCards Cards => new(House.Database);

    /// <summary>Does something in the directory; a fault of its files or of the work is one line and a failure.</summary>
    public static async Task<int> RunAsync(string path, Func<SellerRoom, Task<int>> work)
    {
        string full = Path.GetFullPath(path);
        if (!SellerDirectory.IsOne(full)) return CommandOutput.Fail($"'{path}' is no data directory: 'latchkey init {path}' makes one");
        (SellerDirectory? directory, IReadOnlyList<SettingsFault> faults) = SellerDirectory.Open(full);
        if (directory is null) return Fail(faults);
        try
        {
            using SellerRoom room = new(directory, VendingHouse.Open(full, new VendingHouseOptions(directory.Vending, directory.Tariffs, directory.Tables), TimeProvider.System));
            return await work(room);
        }
        catch (StorageException e)
        {
            return CommandOutput.Fail(e.Message);
        }
    }

    /// <summary>Every fault on a line of its own.</summary>
    public static int Fail(IReadOnlyList<SettingsFault> faults)
    {
        foreach (SettingsFault fault in faults) CommandOutput.Fail(fault.ToString());
        return CommandOutput.Failure;
    }

    public void Dispose() => House.Dispose();
}
