using Latchkey.Cli.Keys;
using Latchkey.Custody;
using Latchkey.Custody.Apart;
using Latchkey.Server.Serve.Settings;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Cli.Sellers;

/// <summary>The signer that a seller's settings name: in this process with its custody, or a line to one in a process of its own.</summary>
internal sealed class SellerSigner : IDisposable
{
    private SellerSigner(RemoteSigner? remote, Func<string, IKeyCustody>? custody) => (Remote, Custody) = (remote, custody);

    /// <summary>Keys in software, in this process.</summary>
    public static SellerSigner Here => new(null, null);

    /// <summary>Null where the signer is in this process.</summary>
    public IOutsideSigner? Outside => Remote;

    /// <summary>Null takes keys in software.</summary>
    public Func<string, IKeyCustody>? Custody { get; }

    private RemoteSigner? Remote { get; }

    /// <summary>Null and the signer, or what is wrong and what to do. Nothing is connected to and no token is logged in to yet.</summary>
    /// <param name="directory">The data directory, in which a PIN file of no whole path is looked for.</param>
    public static string? Read(string directory, SignerSettings settings, out SellerSigner signer)
    {
        signer = Here;
        switch (settings)
        {
            case SignerSettings.Apart apart:
                return ReadApart(apart, out signer);
            case SignerSettings.InToken token:
                string? file = token.PinFile is { } named ? Path.Combine(directory, named) : null;
                if (PinFile.Read(file, CustodyOptions.PinVariable, out string pin) is { } wrong) return $"{SettingsReader.FileName}, signer.pinFile: {wrong}";
                signer = new SellerSigner(null, _ => Pkcs11KeyCustody.Open(new Pkcs11Options(token.Library, token.Token), pin));
                return null;
            default:
                return null;
        }
    }

    public void Dispose() => Remote?.Dispose();

    private static string? ReadApart(SignerSettings.Apart apart, out SellerSigner signer)
    {
        signer = Here;
        if (!OperatingSystem.IsLinux()) return $"{SettingsReader.FileName}, signer.kind: a signer in a process of its own needs Linux; write \"in-process\"";
        uint? user = apart.User is { } name ? MachineUser.Find(name) : MachineUser.Own;
        if (user is null) return $"{SettingsReader.FileName}, signer.user: this machine knows no user '{apart.User}'; make it (useradd --system {apart.User}) or name the one as whom the signer runs";
        var options = new RemoteSignerOptions(apart.Socket) { SignerUser = user, Timeout = apart.Timeout, ReconcileTimeout = apart.ReconcileTimeout };
        signer = new SellerSigner(new RemoteSigner(options, TimeProvider.System), null);
        return null;
    }
}
