using Latchkey.Custody.Tests.Contract;
using Latchkey.Storage;
using Latchkey.Storage.Tests.Vending;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Latchkey.Vending.SecurityModules;

namespace Latchkey.Custody.Tests.Modules;

/// <summary>The signer over a security module. The module is a device: it stays as it is when the signer is opened again.</summary>
internal sealed class ModuleRig(Shop shop, uint moduleLimit = uint.MaxValue) : SignerRig(shop)
{
    private SqliteDatabase? _journal;
    private SoftwareKeyCustody? _mac;
    private SqliteSignerStore? _store;
    private SecurityModuleSigner? _signer;

    public StandInModule Module { get; } = new("SM-0001", shop.Clock);

    public override ITokenSigner Signer => _signer!;

    public override KeyAdministration Keys => new(_store!, _mac!, Shop_.House.Ledger);

    public ModuleKeys ModuleKeys => new(Module, _store!, _mac!);

    protected override async Task ImportAsync(byte[] key, SigningKeyTerms terms, long limit)
    {
        byte[] file = StandInModule.KeyFile(Module.Identity.ModuleId, key, terms, moduleLimit);
        Assert.True((await Module.LoadKeyFileAsync(file, CancellationToken.None)).IsDone);
        Assert.Null(await ModuleKeys.EnterAsync(limit, People, CancellationToken.None));
    }

    protected override void Open()
    {
        _mac = CustodyKeyFile.OpenOrCreate(Directory.Path);
        _journal = OpenJournal();
        _store = new SqliteSignerStore(_journal);
        _signer = new SecurityModuleSigner(Module, _store, _mac, Shop_.House.Ledger, Shop_.Clock);
    }

    protected override void Close()
    {
        _signer?.Dispose();
        _journal?.Dispose();
        _mac?.Dispose();
    }
}

/// <summary>Keys in an STS security module.</summary>
public sealed class SecurityModuleSignerTests : SignerContract
{
    private protected override SignerRig Rig(Shop shop) => new ModuleRig(shop);
}
