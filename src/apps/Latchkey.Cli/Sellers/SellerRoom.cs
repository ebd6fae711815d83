using Latchkey.Server.Serve.Settings;
using Latchkey.Storage;
using Latchkey.Storage.Vending;

namespace Latchkey.Cli.Sellers;

/// <summary>A seller's data directory as commands use it, beside a running server too.</summary>
internal sealed class SellerRoom : IDisposable
{
    private readonly SellerHouse _opened;

    private SellerRoom(SellerDirectory directory, SellerHouse opened) => (Directory, _opened) = (directory, opened);

    public SellerDirectory Directory { get; }

    public VendingHouse House => _opened.House;

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
            var options = new VendingHouseOptions(directory.Vending, directory.Tariffs, directory.Tables);
            if (SellerHouse.Open(full, options, needsSigner: false, out SellerHouse? opened) is { } wrong) return CommandOutput.Fail(wrong);
            using SellerRoom room = new(directory, opened!);
            return await work(room);
        }
        catch (StorageException e)
        {
            return CommandOutput.Fail(e.Message);
        }
    }

    /// <summary>Every fault on a line of its own.</summary>
    public static int Fail(IReadOnlyList<SettingsFault> faults, int exit = CommandOutput.Failure)
    {
        foreach (SettingsFault fault in faults) CommandOutput.Fail(fault.ToString());
        return exit;
    }

    public void Dispose() => _opened.Dispose();
}
