using Latchkey.Ledger;
using Latchkey.Storage.Ledger;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Latchkey.Vending.Apart;
using Latchkey.Vending.Makers;
using Latchkey.Vending.Programmes;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending.Settlements;
using Latchkey.Vending.Vendors;

namespace Latchkey.Storage.Vending;

/// <summary>Everything that selling needs, opened over one data directory: the books, the orders, the signer, the desk.</summary>
/// <remarks>The signer is in this process, with its own file and keys, or one outside that was handed in: then this house has neither.</remarks>
public sealed class VendingHouse : IDisposable
{
    private readonly SignerRoom? _room;
    private readonly IOutsideSigner _signer;
    private readonly LedgerSeal _seal;
    private readonly bool _ownsDatabase;

    private VendingHouse(SqliteDatabase database, bool ownsDatabase, string directory, LedgerSeal seal, VendingHouseOptions options, TimeProvider time)
    {
        _seal = seal;
        Offset = options.Vending.UtcOffset;
        Database = database;
        _ownsDatabase = ownsDatabase;
        Ledger = new SqliteLedgerStore(database);
        Periods = new SqliteLedgerPeriods(database, time);
        Statements = new SqliteStatements(database);
        Store = new SqliteVendingStore(database);
        _room = options.Signer is null ? SignerRoom.Open(directory, options.Custody ?? CustodyKeyFile.OpenOrCreate, Ledger, Store, options.StaTables, time) : null;
        _signer = options.Signer ?? _room!;
        Vendors = new SqliteVendorStore(database);
        var keyChanges = new SqliteKeyChanges(database);
        KeyChanges = new KeyChangeDesk(keyChanges, Store, _signer, options.Vending, time);
        Programmes = new SqliteKeyProgrammes(database, options.Vending.UtcOffset);
        KeyProgrammeOptions pace = options.Programmes ?? new KeyProgrammeOptions();
        KeyGate = new KeyProgrammeGate(Programmes, KeyChanges, Store, options.Vending, pace, time);
        ProgrammeDesk = new KeyProgrammeDesk(Programmes, _signer, options.Vending, pace, time);
        ProgrammeRunner = new KeyProgrammeRunner(Programmes, ProgrammeDesk, KeyChanges, KeyGate, Store, options.Vending, pace, time);
        VendingOptions vending = options.Vending with { Vendors = code => Vendors.FindChannel(code, time.GetUtcNow()), KeyGate = KeyGate };
        Desk = new OrderDesk(Store, Signer, options.Tariffs, vending, time);
        VendorDesk = new VendorDesk(Vendors, Ledger, Desk, vending, time);
        Leases = new LeaseDesk(new SqliteLeaseStore(database), Vendors, time);
        VendorBank = new VendorBank(Vendors, Ledger, Store, time);
        Debts = new DebtDesk(Store, time);
        Refunds = new SqliteRefunds(database);
        Reprints = new SqliteReprints(database);
        Messages = new SqliteClientMessages(database);
        Bundles = new SaleBundles(Desk, KeyChanges, Store, Refunds, options.Tariffs, vending, options.Bundles ?? BundleOptions.None, time);
        Cancellations = new OrderCancellations(Store, Desk, time);
        Papers = new SqliteReconciliationStore(database);
        Settled = new SqliteSettlementStore(database);
        Settlements = new SettlementDesk(Settled, Papers, time);
        Reconciliation = new ReconciliationDesk(
            Papers, Ledger, Store, _signer, Vendors, Settled, _room?.Audit, options.Reconciliation ?? new ReconciliationOptions(), time);
        Makers = new MakerDesk(Store, Desk, time);
        MoneyBack = new MoneyBackDesk(Store, Desk, time);
        Approvals = new ApprovalDesk(Store, time);
        Budgets = new BudgetDesk(Store, time);
        Issues = new IssueDesk(Store, Approvals, Budgets, Desk, options.Tariffs, vending, time);
        Acts = new ActDesk(Store, Approvals, Issues, new RefundDesk(Store, Refunds, time), MoneyBack, Makers, VendorBank, Settlements, _signer, _room?.Keys, time);
        TokenVerifier = new TokenVerifier(Store, keyChanges, _room?.Store);
    }

    /// <summary>The rooms whose tables <see cref="Open(SqliteDatabase, string, VendingHouseOptions, TimeProvider)"/> expects.</summary>
    public static IReadOnlyList<RoomSchema> Rooms { get; } =
        [LedgerSchema.Room, VendingSchema.Room, VendorsSchema.Room, DebtRows.Room, ClientSchema.Room, SqliteKeyChanges.Room, ProgrammeSchema.Room, ReconciliationSchema.Room, SettlementSchema.Room, ApprovalRows.Room, MeterRows.Room, MakerRows.Room];

    public SqliteDatabase Database { get; }

    public SqliteLedgerStore Ledger { get; }

    /// <summary>Closed periods and trial balances.</summary>
    public SqliteLedgerPeriods Periods { get; }

    /// <summary>Statements of accounts.</summary>
    public SqliteStatements Statements { get; }

    public SqliteVendingStore Store { get; }

    public IMeterRecords Meters => Store;

    public IOutsideSigner Signer => _signer;

    /// <summary>True where the signer is in this process, with its journal and its keys.</summary>
    public bool HasSigner => _room is not null;

    /// <summary>The signer's journal, where the signer is in this process.</summary>
    public SqliteSignerStore SignerStore => Room.Store;

    /// <summary>The signer's keys, where it is in this process; otherwise <c>latchkey keys</c> is used beside it.</summary>
    public KeyAdministration Keys => Room.Keys;

    public IOrderDesk Desk { get; }

    public DebtDesk Debts { get; }

    public IRefundStore Refunds { get; }

    public KeyChangeDesk KeyChanges { get; }

    /// <summary>The seller's clock.</summary>
    public TimeSpan Offset { get; }

    public IKeyProgrammeStore Programmes { get; }

    /// <summary>Draws up programmes of key changes and lets people start, hold and end them.</summary>
    public KeyProgrammeDesk ProgrammeDesk { get; }

    /// <summary>Does what is due of the programmes that run.</summary>
    public KeyProgrammeRunner ProgrammeRunner { get; }

    /// <summary>What meters' keys have to say to a sale.</summary>
    public KeyProgrammeGate KeyGate { get; }

    public SaleBundles Bundles { get; }

    public IClientMessages Messages { get; }

    /// <summary>Receipts that were printed again.</summary>
    public IReprints Reprints { get; }

    public SqliteVendorStore Vendors { get; }

    /// <summary>Vendors, shifts, batches, commission.</summary>
    public VendorDesk VendorDesk { get; }

    /// <summary>Parts of floats in the hands of terminals.</summary>
    public LeaseDesk Leases { get; }

    /// <summary>Vendors' money and the bank.</summary>
    public VendorBank VendorBank { get; }

    /// <summary>Orders taken back on the meter's own proof.</summary>
    public OrderCancellations Cancellations { get; }

    /// <summary>Tokens that makers' services make: what waits for people, what is stopped.</summary>
    public MakerDesk Makers { get; }

    /// <summary>What purchases cost, back to who paid.</summary>
    public MoneyBackDesk MoneyBack { get; }

    /// <summary>What two people answer for.</summary>
    public ApprovalDesk Approvals { get; }

    /// <summary>How much of it there may be.</summary>
    public BudgetDesk Budgets { get; }

    /// <summary>Free issues, transfers and engineering tokens.</summary>
    public IssueDesk Issues { get; }

    /// <summary>Everything that takes two people.</summary>
    public ActDesk Acts { get; }

    /// <summary>Which transaction a token is of.</summary>
    public TokenVerifier TokenVerifier { get; }

    /// <summary>Where the signer is in this process. One outside audits itself: <see cref="ReconcileAsync"/>.</summary>
    public VendingAudit Audit => Room.Audit;

    /// <summary>Settlement files, meters' own totals, findings.</summary>
    public SqliteReconciliationStore Papers { get; }

    /// <summary>Settlement files that were booked, and their lines.</summary>
    public ISettlementStore Settled { get; }

    /// <summary>Books what payment services settled.</summary>
    public SettlementDesk Settlements { get; }

    /// <summary>Every set of books against the one beside it.</summary>
    public ReconciliationDesk Reconciliation { get; }

    /// <summary>Commits of the ledger's file, and of the signer's where it is in this process.</summary>
    public (long Ledger, long Signer) Commits => (Database.WriteCounters.Commits, _room?.Commits ?? 0);

    private SignerRoom Room => _room ?? throw new InvalidOperationException("The signer is a process of its own; its journal and keys are not here.");

    /// <summary>Over a database that others use too; it must have been opened with <see cref="Rooms"/>. It stays open when the house closes.</summary>
    public static VendingHouse Open(SqliteDatabase database, string directory, VendingHouseOptions options, TimeProvider time) =>
        Open(database, ownsDatabase: false, directory, options, time);

    /// <summary>Over a data directory of its own.</summary>
    public static VendingHouse Open(string directory, VendingHouseOptions options, TimeProvider time)
    {
        SqliteDatabase database = SqliteDatabase.Open(new SqliteDatabaseOptions(directory), time, Rooms);
        return Open(database, ownsDatabase: true, directory, options, time);
    }

    /// <summary>The keys, wherever the signer is; null where it does not answer.</summary>
    public Task<IReadOnlyList<SignerKey>?> KeysAsync(CancellationToken cancellationToken) => _signer.KeysAsync(cancellationToken);

    /// <summary>The ledger's own audit: its chain and its balances. It needs no signer.</summary>
    public AuditReport AuditLedger() => Ledger.Audit(records => LedgerAudit.Verify(records));

    /// <summary>The daily reconciliation, wherever the signer is: it stops the keys that do not agree, and the makes whose tokens do not.</summary>
    public async Task<DailyReconciliation> ReconcileAsync(CancellationToken cancellationToken)
    {
        DailyReconciliation report = await _signer.ReconcileAsync(cancellationToken).ConfigureAwait(false);
        await Makers.StopAsync(report.Differences, cancellationToken).ConfigureAwait(false);
        return report;
    }

    /// <summary>A signer that was handed in is its owner's to close.</summary>
    public void Dispose()
    {
        _room?.Dispose();
        if (_ownsDatabase) Database.Dispose();
        if (_ownsDatabase) _seal.Dispose();
    }

    private static VendingHouse Open(SqliteDatabase database, bool ownsDatabase, string directory, VendingHouseOptions options, TimeProvider time)
    {
        try
        {
            return new VendingHouse(database, ownsDatabase, directory, LedgerSeal.OpenOrCreate(directory, database), options, time);
        }
        catch
        {
            if (ownsDatabase) database.Dispose();
            throw;
        }
    }
}

/// <summary>What a house is opened with.</summary>
/// <param name="StaTables">EA07's tables; null takes the standard's sample tables, which no real meter uses.</param>
/// <param name="Programmes">How much of a programme of key changes is done at a time; null for the usual.</param>
/// <param name="Bundles">What pays for free energy and refunds; null gives none.</param>
/// <param name="Reconciliation">How patient the reconciliation is; null takes the ordinary measure.</param>
public sealed record VendingHouseOptions(
    VendingOptions Vending, TariffBook Tariffs, StaTables? StaTables = null, BundleOptions? Bundles = null, KeyProgrammeOptions? Programmes = null,
    ReconciliationOptions? Reconciliation = null)
{
    /// <summary>A signer outside this process; null opens one here.</summary>
    public IOutsideSigner? Signer { get; init; }

    /// <summary>Opens the custody of a signer in this process, given the data directory; null takes keys in software. The house closes it.</summary>
    public Func<string, IKeyCustody>? Custody { get; init; }
}
