using System.Diagnostics;
using Latchkey.Quantities;
using Latchkey.Storage.Tests.Vending.Makers;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Latchkey.Vending.Makers;

namespace Latchkey.Storage.Tests.Vending;

/// <summary>A process of its own that sells until it is killed: this very program, started again with the directory in its environment.</summary>
internal static class KilledShop
{
    private const string DirectoryVariable = "LATCHKEY_TEST_KILLED_SHOP";
    private const string FirstOrderVariable = "LATCHKEY_TEST_FIRST_ORDER";
    private const string MakerVariable = "LATCHKEY_TEST_MAKER_FILE";
    private const int Sellers = 8;

    /// <summary>True, and never back, in the process that is to be killed.</summary>
    public static async Task<bool> SellIfTold()
    {
        string? directory = Environment.GetEnvironmentVariable(DirectoryVariable);
        if (directory is null) return false;
        await SellForEver(directory, int.Parse(Environment.GetEnvironmentVariable(FirstOrderVariable)!));
        return true;
    }

    /// <summary>Starts it, lets it acknowledge some orders, kills it without a word; returns what it had acknowledged: order and token.</summary>
    /// <param name="makerFile">Where a maker's service keeps what it made, for meters of its make; null without one.</param>
    public static async Task<Dictionary<Guid, string>> SellAndKill(string directory, int firstOrder, int acknowledgements, string? makerFile = null)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(KilledShop).Assembly.Location);
        start.Environment[DirectoryVariable] = directory;
        start.Environment[FirstOrderVariable] = firstOrder.ToString();
        if (makerFile is not null) start.Environment[MakerVariable] = makerFile;
        using Process process = Process.Start(start)!;
        var acknowledged = new Dictionary<Guid, string>();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ', 2) is [var id, var token] && Guid.TryParse(id, out Guid order)) acknowledged[order] = token;
            if (acknowledged.Count == acknowledgements) process.Kill();
        }

        await process.WaitForExitAsync();
        return acknowledged;
    }

    private static async Task SellForEver(string directory, int firstOrder)
    {
        var makers = Environment.GetEnvironmentVariable(MakerVariable) is { } file ? new MakerServices([new("calin", new FileMaker(file))]) : MakerServices.None;
        using VendingHouse house = VendingHouse.Open(
            directory, new VendingHouseOptions(Shop.Options with { TidLeadMinutes = 1_000_000, Makers = makers }, new TariffBook([Shop.Blocks()])), TimeProvider.System);
        int next = firstOrder;
        var output = new Lock();
        await Task.WhenAll(Enumerable.Range(0, Sellers).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                int n = Interlocked.Increment(ref next);
                MeterPan pan = n % 2 == 0 ? Shop.Pan : Shop.OtherPan;
                OrderOutcome outcome = await house.Desk.PlaceAsync(Shop.Order(n, 10m, pan), CancellationToken.None);
                var issued = (OrderOutcome.Issued)outcome;
                lock (output) Console.Out.WriteLine($"{issued.Receipt.OrderId} {issued.Receipt.Tokens[0].Number}");
            }
        })));
    }
}
