using Latchkey.Quantities;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Testing;
using Latchkey.Vending;
using Latchkey.Vending.Programmes;

namespace Latchkey.Storage.Tests.Vending.Programmes;

/// <summary>A seller in the autumn of 2024 with meters whose identifiers end on 24 November, and the meters themselves.</summary>
internal sealed class ProgrammeShop : IDisposable
{
    public static readonly TwoPeople People = new("Ann", "Bo");
    private static readonly SupplyGroupCode Group = SupplyGroupCode.Parse("123457");
    private static readonly byte[] OldKey = Convert.FromHexString("ABABABABABABABAB"), NewKey = Convert.FromHexString("9494949494949494");
    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<MeterPan, TokenAcceptor> _meters = [];

    private ProgrammeShop() => House = Open();

    public VendingHouse House { get; private set; }

    public ManualClock Clock { get; } = new(new DateTimeOffset(2024, 10, 1, 9, 0, 0, TimeSpan.Zero));

    public RecordingCarrier Carrier { get; } = new();

    public string Directory => _directory.Path;

    public DateOnly Today => DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime);

    public static Guid ProgrammeId { get; } = new("5f4dcc3b-aa76-4c80-9dd8-000000000001");

    public static MeterPan Pan(int index)
    {
        string payload = $"6007270{index:D10}";
        Luhn.TryComputeCheckDigit(payload, out int digit);
        return MeterPan.Parse(payload + digit);
    }

    public static DecoderKeyAttributes Key(int index, byte expiry = 255) => new(
        Pan(index), Group, TariffIndex.Parse("01"), KeyRevisionNumber.FromValue(1), KeyType.Unique, new KeyExpiryNumber(expiry), BaseDate.Year1993, EncryptionAlgorithm.Ea07);

    public static KeyProgramme Programme(params KeyCohort[] cohorts) => new(
        ProgrammeId, "end of 1993", new KeyScope(BaseDate.Year1993, null, null),
        new KeyTarget(KeyRevisionNumber.FromValue(2), KeyExpiryNumber.Never, BaseDate.Year2014), TakesThirdToken: false, cohorts);

    public static KeyCohort Cohort(CohortPolicy policy = CohortPolicy.WithNextPurchase, int perDay = 1_000, DateOnly? starts = null, string name = "all") =>
        new(name, CohortSelection.Everything, starts ?? new DateOnly(2024, 10, 1), policy, perDay);

    /// <summary>Meters 0 to <paramref name="meters"/> - 1; every fifth one's key expires before the base date ends.</summary>
    public static async Task<ProgrammeShop> OpenAsync(int meters, bool withNewKey = true)
    {
        var shop = new ProgrammeShop();
        Assert.Null(await shop.House.Keys.ImportAsync(OldKey, Terms(1, BaseDate.Year1993), 10_000_000, People, CancellationToken.None));
        if (withNewKey) await shop.ImportNewKeyAsync();
        for (int i = 0; i < meters; i++)
        {
            var record = new MeterRecord(Key(i, expiry: (byte)(i % 5 == 4 ? 254 : 255)), "T", "ACC-" + i, $"Site {i % 2}, house {i}", Anniversary: new DateOnly(2010 + (i % 10), 1, 1));
            await shop.House.Meters.SaveAsync(record, CancellationToken.None);
        }

        return shop;
    }

    public async Task ImportNewKeyAsync() =>
        Assert.Null(await House.Keys.ImportAsync(NewKey, Terms(2, BaseDate.Year2014), 10_000_000, People, CancellationToken.None));

    /// <summary>Drawn, counted and started.</summary>
    public async Task StartAsync(KeyProgramme programme)
    {
        Assert.Null(await House.ProgrammeDesk.DrawAsync(programme, CancellationToken.None));
        await CountAllAsync();
        Assert.Null(await House.ProgrammeDesk.StartAsync(programme.Id, People, CancellationToken.None));
        House.KeyGate.Look();
    }

    public async Task CountAllAsync()
    {
        while (await House.ProgrammeDesk.CountAsync(ProgrammeId, CancellationToken.None) is not null)
        {
        }
    }

    public Task<ProgrammeStep> RunAsync() => House.ProgrammeRunner.RunAsync(CancellationToken.None);

    /// <summary>Steps until there is nothing left to do now.</summary>
    public async Task<ProgrammeStep> SettleAsync()
    {
        ProgrammeStep all = ProgrammeStep.None, step;
        while (!(step = await RunAsync()).IsNothing) all += step;
        return all;
    }

    public static PlaceOrder Order(int id, int meter) => new(Shop.Id(id), Pan(meter), Money.FromMajor(50m, Currency.Cny), "wechat", "pay-" + id);

    public async Task<OrderReceipt> BuyAsync(int id, int meter) =>
        Assert.IsType<OrderOutcome.Issued>(await House.Desk.PlaceAsync(Order(id, meter), CancellationToken.None)).Receipt;

    public async Task<string> RefusalAsync(int id, int meter)
    {
        // A trial says the same as the sale.
        string trial = Assert.IsType<TrialOutcome.Declined>(House.Desk.Trial(Order(id, meter))).Code;
        Assert.Equal(trial, Assert.IsType<OrderOutcome.Declined>(await House.Desk.PlaceAsync(Order(id, meter), CancellationToken.None)).Code);
        return trial;
    }

    /// <summary>The customer types a token; what the meter answers.</summary>
    public TokenResult Type(int meter, string token)
    {
        TokenAcceptor acceptor = AcceptorOf(meter);
        TokenDecision decision = acceptor.Evaluate(TokenNumber.Parse(token.Replace(" ", string.Empty, StringComparison.Ordinal)), Clock.GetUtcNow());
        if (decision.IsTaken) acceptor.Commit(decision);
        return decision.Result;
    }

    /// <summary>Types a receipt from top to bottom; true where the meter took all of it.</summary>
    public bool TypeAll(int meter, OrderReceipt receipt) => receipt.Tokens.All(t => Type(meter, t.Number) is TokenResult.Accept or TokenResult.FirstKeyChangeToken or TokenResult.SecondKeyChangeToken);

    public BaseDate BaseDateOf(int meter) => AcceptorOf(meter).Export().Register.BaseDate;

    public ProgrammeMeter Standing(int meter) => House.Programmes.FindMeter(ProgrammeId, Pan(meter))!;

    public IReadOnlyList<CohortProgress> Progress() => House.Programmes.Progress(ProgrammeId, Clock.GetUtcNow());

    public void AssertBooksAgree()
    {
        VendingAuditReport report = House.Audit.Verify();
        Assert.Null(report.Ledger.Problem);
        Assert.Empty(report.Differences);
    }

    /// <summary>The same shop opened once more, as another process does.</summary>
    public VendingHouse OpenBeside() => Open();

    public void Restart()
    {
        House.Dispose();
        House = Open();
    }

    public void Dispose()
    {
        House.Dispose();
        _directory.Dispose();
        foreach (TokenAcceptor meter in _meters.Values) meter.Dispose();
    }

    private static SigningKeyTerms Terms(int revision, BaseDate baseDate) =>
        new(Group, KeyRevisionNumber.FromValue(revision), KeyType.Unique, baseDate, new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero), null);

    private TokenAcceptor AcceptorOf(int meter)
    {
        if (_meters.TryGetValue(Pan(meter), out TokenAcceptor? known)) return known;
        DecoderKeyAttributes attributes = House.Meters.Find(Pan(meter))!.Key with { KeyRevision = KeyRevisionNumber.FromValue(1), BaseDate = BaseDate.Year1993 };
        Assert.True(VendingKey.TryCreate(OldKey, out VendingKey? vendingKey));
        using DecoderKey key = DecoderKeyGeneration.Derive(vendingKey, attributes);
        var made = TokenAcceptor.Restore(new TokenAcceptorOptions { Algorithm = EncryptionAlgorithm.Ea07 }, TokenAcceptorState.Initial(key, MeterKeyRegister.From(attributes)));
        _meters.Add(Pan(meter), made);
        return made;
    }

    private VendingHouse Open()
    {
        VendingHouse house = VendingHouse.Open(
            _directory.Path,
            new VendingHouseOptions(Shop.Options with { UtcOffset = TimeSpan.Zero }, new TariffBook([Shop.Blocks()]), Programmes: new KeyProgrammeOptions { Batch = 7, CountingBatch = 10 }),
            Clock);
        house.KeyGate.Carrier = Carrier;
        return house;
    }
}

/// <summary>Reaches the meters that it is told to and remembers what it was given.</summary>
internal sealed class RecordingCarrier : IKeyChangeCarrier
{
    public HashSet<MeterPan> Reachable { get; } = [];

    public Dictionary<MeterPan, KeyChange> Carried { get; } = [];

    public bool Reaches(MeterPan pan) => Reachable.Contains(pan);

    public void Carry(KeyChange change) => Carried[change.Pan] = change;
}
