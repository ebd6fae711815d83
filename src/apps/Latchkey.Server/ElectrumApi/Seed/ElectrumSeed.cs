using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Quantities;
using Latchkey.Server.Access;
using Latchkey.Server.Platform;
using Latchkey.Server.Serve;
using Latchkey.Storage;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;

namespace Latchkey.Server.ElectrumApi.Seed;

/// <summary>The case meters of the prepaid-utility contract over a data directory: a bench for vending clients. Its keys are drawn at the first start and open no real meter.</summary>
public sealed class ElectrumSeed : IDisposable
{
    private const string Channel = "electrum", FreeUnits = "free-units", Refunds = "refunds";
    private const string SecretFileName = "seed.secret";
    private const int MasterLength = 32;
    private const long KeyCreditLimit = 10_000_000_00;
    private static readonly TimeSpan Johannesburg = TimeSpan.FromHours(2);
    /// <summary>Minor units: what the state gives in free energy, and what may be given back.</summary>
    private const long FreeUnitsBudget = 1_000_000_000, RefundsBudget = 100_000_000;
    private static readonly TwoPeople Founders = new("seed-first", "seed-second");
    private readonly ElectrumCase _case = ElectrumCase.Load();
    private readonly byte[] _master;
    private readonly Currency _currency;

    private ElectrumSeed(byte[] master)
    {
        _master = master;
        _currency = Currency.TryParse(_case.Currency, out Currency currency) ? currency : throw new InvalidOperationException($"{_case.Currency} is no currency here.");
    }

    /// <summary>Opens the seed of a data directory, which is made where it is missing.</summary>
    public static ElectrumSeed Open(string directory)
    {
        Directory.CreateDirectory(directory);
        return new ElectrumSeed(SecretFile.OpenOrCreate(directory, SecretFileName, MasterLength));
    }

    public ServeSettings Settings => new()
    {
        Vending = new VendingOptions(
            _case.Utility.Name,
            Johannesburg,
            [
                new SalesChannel(Channel, FundingKind.Clearing),
                new SalesChannel(FreeUnits, FundingKind.Clearing, TariffId: _case.FreeUnitsFund, Budget: BudgetKind.FreeUnits),
                new SalesChannel(Refunds, FundingKind.Clearing, TariffId: _case.RefundsFund, Budget: BudgetKind.Refunds),
            ]) { SellerTaxNumber = _case.Utility.VatRegNum, TidLeadMinutes = 24 * 60 },
        Tariffs = new TariffBook(_case.Tariffs.Select(json => TariffJson.TryRead(json, out Tariff? tariff, out string? fault)
            ? tariff!
            : throw new InvalidOperationException("The seed's tariffs: " + fault)).ToArray()),
        ApiChannel = Channel,
        Zone = TimeZoneInfo.Utc,
        Bundles = new BundleOptions(FreeUnits, Refunds),
        Electrum = new ElectrumSettings
        {
            Utility = new UtilityProfile(
                _case.Utility.Name, _case.Utility.Address, _case.Utility.VatRegNum, _case.Utility.ClientId, _case.Utility.Message, _case.Utility.InstitutionId),
            Clients = [.. _case.Clients.Select(c => new ElectrumClient(c.User, PasswordHash.Of(c.Password)))],
            Channel = Channel,
            Currency = _currency,
            Maximum = _case.Maximum,
            Meters = [.. _case.Meters.Select(EntryOf)],
            Restore = RestoreAsync,
        },
    };

    /// <summary>How many case meters there are.</summary>
    public IReadOnlyList<string> MeterIds => [.. _case.Meters.Select(m => m.MeterId)];

    /// <summary>Adds keys, meters, debts and refunds to the books, as far as they are missing.</summary>
    public async Task ApplyAsync(LatchkeyPlatform platform, CancellationToken cancellationToken)
    {
        // Each meter's next revision is there too: every one of them has a change of keys planned.
        foreach (int revision in _case.Meters.SelectMany(m => new[] { m.KeyRevision, m.KeyRevision + 1 }).Distinct()) await ImportKeyAsync(platform, revision, cancellationToken).ConfigureAwait(false);
        Latchkey.Ledger.LedgerUnit money = Latchkey.Ledger.LedgerUnit.Of(_currency);
        await FoundingBudgets.SetAsync(
            platform.Vending.Approvals, platform.Vending.Budgets, Founders, IdOf,
            [(BudgetKind.FreeUnits, money, FreeUnitsBudget), (BudgetKind.Refunds, money, RefundsBudget)], cancellationToken).ConfigureAwait(false);
        foreach (CaseMeter meter in _case.Meters)
        {
            DecoderKeyAttributes key = AttributesOf(meter.MeterId);
            if (platform.Vending.Meters.Find(key.Pan) is null)
                await platform.Vending.Meters.SaveAsync(new MeterRecord(key, meter.Tariff, $"{meter.FirstName} {meter.LastName}", meter.Address), cancellationToken).ConfigureAwait(false);
            await PlanKeyChangeAsync(platform, meter, key, cancellationToken).ConfigureAwait(false);
            await RestoreAsync(platform, meter.MeterId, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What a case meter's keys follow from, as it was installed.</summary>
    public DecoderKeyAttributes AttributesOf(string meterId)
    {
        CaseMeter meter = _case.Meters.First(m => m.MeterId == meterId);
        return new DecoderKeyAttributes(
            MeterPan.FromDrn(DecoderReferenceNumber.TryParse(meter.Drn, out DecoderReferenceNumber drn) ? drn : throw new InvalidOperationException($"{meter.MeterId} has no good number.")),
            SupplyGroupCode.Parse(_case.SupplyGroup),
            TariffIndex.Parse(meter.TariffIndex),
            KeyRevisionNumber.FromValue(meter.KeyRevision),
            KeyType.Unique,
            KeyExpiryNumber.Never,
            BaseDate.Year2014,
            EncryptionAlgorithm.Ea07);
    }

    /// <summary>The vending key of a revision: 8 bytes of odd parity for DKGA02. The caller clears it.</summary>
    public byte[] VendingKeyBytes(int revision)
    {
        byte[] key = HKDF.DeriveKey(
            HashAlgorithmName.SHA256, _master, VendingKey.SingleDesLength,
            info: Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"case vending key {_case.SupplyGroup} {revision}")));
        for (int i = 0; i < key.Length; i++)
        {
            if ((BitOperations.PopCount(key[i]) & 1) == 0) key[i] ^= 1;
        }

        return key;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_master);

    private ElectrumMeter EntryOf(CaseMeter m) => new(
        m.MeterId, AttributesOf(m.MeterId).Pan, m.FirstName, m.LastName, m.Address, m.Amount, _case.Maximum, m.TokenTechCode,
        [.. (m.Slip ?? []).Select(s => new SlipText(s.Text, s.FontWidthScaleFactor, s.FontHeightScaleFactor))], m.LosesAnswers);

    /// <summary>What sales took away from the case: debts that were paid are owed again, a refund that was given waits again.</summary>
    private async Task RestoreAsync(LatchkeyPlatform platform, string meterId, CancellationToken cancellationToken)
    {
        CaseMeter meter = _case.Meters.First(m => m.MeterId == meterId);
        MeterPan pan = AttributesOf(meterId).Pan;
        await RaiseDebtsAsync(platform, meter, pan, cancellationToken).ConfigureAwait(false);
        if (meter.Refund == 0 || IsRefundDue(platform, pan)) return;
        ApprovalEffect refund = ActEffects.Refund(pan, new Money(meter.Refund, _currency), out string? problem) ?? throw new InvalidOperationException(problem);
        Guid occasion = NewId();
        await FoundingActs.DoAsync(
            platform.Vending.Acts, Founders, name => IdOf($"{name} {occasion}"), refund, "credit left in a replaced meter", cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether a purchase now would bring a refund.</summary>
    private bool IsRefundDue(LatchkeyPlatform platform, MeterPan pan) =>
        platform.Vending.Bundles.Trial(new PlaceOrder(NewId(), pan, new Money(0, _currency), Channel)) is BundleTrial.Priced { Parts: var parts }
        && parts.Any(p => p.Part == BundlePart.Refund);

    private async Task ImportKeyAsync(LatchkeyPlatform platform, int revision, CancellationToken cancellationToken)
    {
        DecoderKeyAttributes any = AttributesOf(_case.Meters[0].MeterId);
        byte[] bytes = VendingKeyBytes(revision);
        var terms = new SigningKeyTerms(any.SupplyGroup, KeyRevisionNumber.FromValue(revision), any.KeyType, any.BaseDate, DateTimeOffset.UnixEpoch, null);
        string? fault = await platform.Vending.Keys.ImportAsync(bytes, terms, KeyCreditLimit, Founders, cancellationToken).ConfigureAwait(false);
        CryptographicOperations.ZeroMemory(bytes);
        if (fault is not null) throw new InvalidOperationException($"The seed's vending key was not taken: {fault}");
    }

    private async Task RaiseDebtsAsync(LatchkeyPlatform platform, CaseMeter meter, MeterPan pan, CancellationToken cancellationToken)
    {
        IReadOnlyList<OwedDebt> owed = platform.Vending.Debts.Of(pan);
        int order = 0;
        foreach (CaseDebt debt in meter.Debts ?? [])
        {
            var record = new DebtRecord(
                pan, debt.Id, debt.Name, new DebtRule(debt.PerPurchase, null), order++, Rational.Require(debt.TaxShare.ToString(CultureInfo.InvariantCulture)));
            long missing = debt.Owed - (owed.FirstOrDefault(o => o.Record.Id == debt.Id)?.MinorUnits ?? 0);
            if (missing <= 0) continue;
            string? fault = await platform.Vending.Debts.RaiseAsync(NewId(), record, new Money(missing, _currency), cancellationToken).ConfigureAwait(false);
            if (fault is not null) throw new InvalidOperationException($"The seed's debt was not taken: {fault}");
        }
    }

    private static async Task PlanKeyChangeAsync(LatchkeyPlatform platform, CaseMeter meter, DecoderKeyAttributes key, CancellationToken cancellationToken)
    {
        if (platform.Vending.KeyChanges.Find(key.Pan) is not null) return;
        var next = new VendingKeyRevision(
            key.SupplyGroup, key.KeyType, KeyRevisionNumber.FromValue(meter.KeyRevision + 1), key.KeyExpiry, key.BaseDate, DateTime.MinValue);
        string? fault = await platform.Vending.KeyChanges.PlanAsync(key.Pan, next, null, meter.KeyChange, takesThirdToken: false, cancellationToken).ConfigureAwait(false);
        if (fault is not null) throw new InvalidOperationException($"The seed's change of keys was not planned: {fault}");
    }

    private static Guid NewId() => new(RandomNumberGenerator.GetBytes(16));

    private static Guid IdOf(string name) => new(SHA256.HashData(Encoding.UTF8.GetBytes("latchkey seed " + name)).AsSpan(0, 16), bigEndian: true);
}
