using Latchkey.Storage;
using Latchkey.Storage.Tests.Vending;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Testing;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Custody.Tests.Contract;

/// <summary>One signer over the shop's ledger, with a journal of its own and two vending keys, that can be shut and opened again.</summary>
internal abstract class SignerRig(Shop shop) : IDisposable
{
    public static readonly byte[] PublishedKey = Convert.FromHexString("ABABABABABABABAB949494949494949401234567");
    public static readonly byte[] SecondKey = Convert.FromHexString("0123456789ABCDEF0123456789ABCDEF01234567");
    public static readonly TwoPeople People = new("Ann", "Bo");

    public static string KeyId => Shop.KeyId;

    public static SigningKeyTerms SecondTerms => Shop.Terms() with { KeyRevision = KeyRevisionNumber.FromValue(2) };

    public abstract ITokenSigner Signer { get; }

    public abstract KeyAdministration Keys { get; }

    public IKeyChangeSigner KeyChanges => (IKeyChangeSigner)Signer;

    protected Shop Shop_ => shop;

    protected TemporaryDirectory Directory { get; } = TemporaryDirectory.InMemory();

    public KeyCounters Counters => Keys.Keys.Single(k => k.KeyId == KeyId).Counters;

    /// <summary>Opens the signer and gives it the published key and a second revision.</summary>
    public async Task<SignerRig> StartAsync(SigningKeyTerms? terms = null, long limit = 10_000_000)
    {
        Open();
        await ImportAsync(PublishedKey, terms ?? Shop.Terms(), limit);
        await ImportAsync(SecondKey, SecondTerms, limit);
        return this;
    }

    /// <summary>Asked by Ann, approved by Bo, written in the seller's books, applied here.</summary>
    public async Task<string?> Raise(int id, long minorUnits) => await Apply(id, ActEffects.KeyLimit(Key, minorUnits, out _)!);

    /// <inheritdoc cref="Raise"/>
    public async Task<string?> Resume(int id) => await Apply(id, ActEffects.KeyResume(Key, out _)!);

    private SignerKey Key => SignerKey.Of(Keys.Keys.Single(k => k.KeyId == KeyId));

    private async Task<string?> Apply(int id, ApprovalEffect effect)
    {
        await Shop_.Spend(id, effect);
        return await Keys.ApplyAsync(Shop.Id(id), effect, CancellationToken.None);
    }

    public void Restart()
    {
        Close();
        Open();
    }

    public void Dispose()
    {
        Close();
        Directory.Dispose();
    }

    protected abstract void Open();

    protected abstract void Close();

    protected virtual async Task ImportAsync(byte[] key, SigningKeyTerms terms, long limit) =>
        Assert.Null(await Keys.ImportAsync(key, terms, limit, People, CancellationToken.None));

    protected SqliteDatabase OpenJournal() =>
        SqliteDatabase.Open(new SqliteDatabaseOptions(Directory.Path) { FileName = SqliteSignerStore.FileName }, Shop_.Clock, VendingSchema.Signer);
}

/// <summary>In this process, over a custody that <paramref name="open"/> gives.</summary>
internal sealed class CustodyRig(Shop shop, Func<string, IKeyCustody> open) : SignerRig(shop)
{
    private SqliteDatabase? _journal;
    private IKeyCustody? _custody;
    private SoftwareSigner? _signer;
    private KeyAdministration? _keys;

    public override ITokenSigner Signer => _signer!;

    public override KeyAdministration Keys => _keys!;

    public static CustodyRig InSoftware(Shop shop) => new(shop, CustodyKeyFile.OpenOrCreate);

    protected override void Open()
    {
        _custody = open(Directory.Path);
        _journal = OpenJournal();
        var store = new SqliteSignerStore(_journal);
        _keys = new KeyAdministration(store, _custody, Shop_.House.Ledger);
        _signer = new SoftwareSigner(store, _custody, Shop_.House.Ledger, Shop_.Clock);
    }

    protected override void Close()
    {
        _journal?.Dispose();
        (_custody as IDisposable)?.Dispose();
    }
}
