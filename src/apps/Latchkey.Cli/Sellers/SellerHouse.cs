using Latchkey.Server.Serve.Settings;
using Latchkey.Storage.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Cli.Sellers;

/// <summary>The rooms of selling over a data directory, as one command uses them beside a running server.</summary>
internal sealed class SellerHouse : IDisposable
{
    private readonly SellerSigner _signer;

    private SellerHouse(SellerSigner signer, VendingHouse house) => (_signer, House) = (signer, house);

    public VendingHouse House { get; }

    /// <summary>Null and the rooms, or what is wrong and what to do. What it cannot open throws as the rooms do.</summary>
    /// <param name="needsSigner">
    /// False for a command that asks the signer nothing: then no token is logged in to and no line is opened, and in a directory without a journal none is made.
    /// </param>
    public static string? Open(string directory, VendingHouseOptions options, bool needsSigner, out SellerHouse? opened)
    {
        opened = null;
        if (SettingsOf(directory, out SellerSettings? settings) is { } fault) return fault;
        SignerSettings setup = settings?.Signer ?? new SignerSettings.InSoftware();
        bool isHere = setup is SignerSettings.InSoftware && File.Exists(Path.Combine(directory, SqliteSignerStore.FileName));
        if (!needsSigner && !isHere)
        {
            opened = new SellerHouse(SellerSigner.Here, VendingHouse.Open(directory, options with { Signer = AbsentSigner.Instance }, TimeProvider.System));
            return null;
        }

        if (SellerSigner.Read(directory, setup, out SellerSigner signer) is { } wrong) return wrong;
        try
        {
            opened = new SellerHouse(signer, VendingHouse.Open(directory, options with { Signer = signer.Outside, Custody = signer.Custody }, TimeProvider.System));
            return null;
        }
        catch
        {
            signer.Dispose();
            throw;
        }
    }

    /// <summary>Null and the settings of a seller's directory, or their first fault. Books without settings, a bench's or the demo's, have their signer beside them.</summary>
    public static string? SettingsOf(string directory, out SellerSettings? settings)
    {
        settings = null;
        if (!SellerDirectory.IsOne(directory)) return null;
        (settings, IReadOnlyList<SettingsFault> faults) = SettingsReader.Read(Path.Combine(directory, SettingsReader.FileName));
        return settings is null ? faults[0].ToString() : null;
    }

    public void Dispose()
    {
        House.Dispose();
        _signer.Dispose();
    }
}
