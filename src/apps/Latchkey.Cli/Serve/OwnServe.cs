using Latchkey.Cli.Sellers;
using Latchkey.Custody;
using Latchkey.Server.Serve;
using Latchkey.Server.Serve.Settings;
using Latchkey.Storage;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Cli.Serve;

/// <summary><c>latchkey serve --data DIR</c>: the seller's own server.</summary>
internal static class OwnServe
{
    public static async Task<int> RunAsync(string data, string? urls, CancellationToken cancellationToken)
    {
        string path = Path.GetFullPath(data);
        if (!SellerDirectory.IsOne(path)) return CommandOutput.Fail($"'{data}' has no settings.json: 'latchkey init {data}' makes a data directory; --demo serves a virtual park instead");
        (SellerDirectory? directory, IReadOnlyList<SettingsFault> faults) = SellerDirectory.Open(path);
        if (directory is null) return SellerRoom.Fail(faults, CommandOutput.NotConfigured);
        if (SellerSigner.Read(path, directory.Settings.Signer, out SellerSigner signer) is { } wrong) return CommandOutput.Fail(wrong, CommandOutput.NotConfigured);
        try
        {
            using SellerSigner closing = signer;
            ServeSettings settings = directory.ToServe() with { Signer = signer.Outside, Custody = signer.Custody };
            await using PlatformServer server = await PlatformServer.StartAsync(directory.ToServer(urls), settings, TimeProvider.System, null, cancellationToken);
            if (server.Platform.Vending is { HasSigner: true, Keys.IsOfAnotherCustody: true }) return CommandOutput.Fail("the keys of this directory were sealed by another custody; name it as signer.custody in settings.json", CommandOutput.NotConfigured);
            Console.Out.WriteLine($"{directory.Settings.SellerName} is served by Latchkey: {string.Join(' ', server.Addresses)}");
            Console.Out.WriteLine($"tariffs: {string.Join(' ', directory.Tariffs.All.Select(t => t.Id).Distinct(StringComparer.Ordinal).Take(8))}; interface: /openapi/v1.json, /scalar");
            foreach (string hint in await HintsAsync(server, path, cancellationToken)) Console.Out.WriteLine(hint);
            Console.Out.WriteLine("Stop with Ctrl+C.");
            await server.RunAsync(cancellationToken);
            return CommandOutput.Success;
        }
        catch (OperationCanceledException)
        {
            return CommandOutput.Success;
        }
        catch (CustodyException e)
        {
            // Whoever keeps the server running must not try a wrong PIN again: a token that hears a few locks itself.
            return CommandOutput.Fail($"the vending keys cannot be opened: {e.Message}", e.IsForPeople ? CommandOutput.NotConfigured : CommandOutput.Failure);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or StorageException)
        {
            return CommandOutput.Fail(e.Message);
        }
    }

    /// <summary>What a newcomer may have forgotten, or what is away; each with what brings it.</summary>
    private static async Task<IReadOnlyList<string>> HintsAsync(PlatformServer server, string path, CancellationToken cancellationToken)
    {
        VendingHouse house = server.Platform.Vending;
        List<string> hints = [];
        IReadOnlyList<SignerKey>? keys = await house.KeysAsync(cancellationToken);
        if (keys is null) hints.Add($"NOT SELLING YET, {VendingCodes.SignerUnavailable}: {house.Signer.Ailment}. Reading goes on, and sales by themselves once it is there.");
        else if (keys.Count == 0) hints.Add("no vending key yet: 'latchkey keys import', or 'keys draw --development' to try");
        if (!house.HasSigner && File.Exists(Path.Combine(path, SqliteSignerStore.FileName)))
            hints.Add($"{SqliteSignerStore.FileName} of a signer in this process lies here still: move it with {CustodyKeyFile.FileName} into the signer's directory, or remove both");
        if (house.Meters.List(null, 1).Count == 0) hints.Add("no meter yet: 'latchkey meters import'");
        if (!server.HasClients) hints.Add("no API client yet: 'latchkey clients add'");
        return hints;
    }
}
