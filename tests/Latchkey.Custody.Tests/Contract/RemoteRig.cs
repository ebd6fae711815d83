using Latchkey.Custody.Apart;
using Latchkey.Storage.Ledger;
using Latchkey.Storage.Tests.Vending;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Custody.Tests.Contract;

/// <summary>A signer that is reached over its socket; it opens the shop's books for itself, read-only, with a directory of its own.</summary>
internal sealed class RemoteRig(Shop shop) : SignerRig(shop)
{
    private SignerRoom? _room;
    private SignerServer? _server;
    private RemoteSigner? _client;

    public override ITokenSigner Signer => _client!;

    public RemoteSigner Client => _client!;

    public override KeyAdministration Keys => _room!.Keys;

    public SignerRoom Room => _room!;

    public string SocketPath => Path.Combine(Directory.Path, "socket", "signer");

    /// <summary>The signer's process ends; the client stays.</summary>
    public void StopServer()
    {
        _server?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _room?.Dispose();
        (_server, _room) = (null, null);
    }

    public void StartServer()
    {
        File.Copy(Path.Combine(Shop_.Directory, LedgerSeal.FileName), Path.Combine(Directory.Path, LedgerSeal.FileName), overwrite: true);
        _room = SignerRoom.OpenAlone(Directory.Path, Shop_.Directory, CustodyKeyFile.OpenOrCreate, null, Shop_.Clock);
        _server = SignerServer.Start(_room, new SignerServerOptions(SocketPath), TimeProvider.System, NullLogger.Instance);
    }

    protected override void Open()
    {
        StartServer();
        _client ??= new RemoteSigner(new RemoteSignerOptions(SocketPath), TimeProvider.System);
    }

    // The client outlives the signer's restart, as the seller's process does.
    protected override void Close() => StopServer();
}

/// <summary>A signer in a process of its own, as its client sees it.</summary>
public sealed class RemoteSignerTests : SignerContract
{
    private protected override SignerRig Rig(Shop shop) => new RemoteRig(shop);
}
