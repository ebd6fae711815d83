using System.Globalization;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>
/// The end of a base date in virtual time: customers buy, type and err, crews visit, and every token is made by a point of sale and judged by a meter.
/// The same seed gives the same days.
/// </summary>
public sealed class RollOverRehearsal : IDisposable
{
    private static readonly SupplyGroupCode Group = SupplyGroupCode.Parse("123457");
    private readonly RollOverOptions _options;
    private readonly Random _random;
    private readonly SoftwareVendingKeys _keys = new();
    private readonly PointOfSale _shop;
    private readonly TokenAcceptorOptions _meterOptions;
    private readonly VendingKeyRevision _old;
    private readonly VendingKeyRevision _new;
    private readonly RehearsalMeter[] _meters;
    private readonly SortedDictionary<string, long> _refused = new(StringComparer.Ordinal);
    private long _made, _taken, _twice, _refusedSales;

    public RollOverRehearsal(RollOverOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Meters);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Meters, RollOverOptions.MaxMeters);
        BaseDate newBase = options.OldBase.Next ?? throw new ArgumentException("No base date follows this one.", nameof(options));
        _options = options;
        _random = new Random(options.Seed);
        _shop = new PointOfSale(_keys, new VolatileTokenIdentifierAllocator());
        _meterOptions = new TokenAcceptorOptions { Algorithm = options.Algorithm };
        _old = Revision(1, options.OldBase);
        _new = Revision(2, newBase);
        _meters = new RehearsalMeter[options.Meters];
        for (int i = 0; i < _meters.Length; i++) _meters[i] = Meter(i);
    }

    /// <param name="progress">Hears the days done, of all.</param>
    public RollOverReport Run(IProgress<(int Done, int All)>? progress, CancellationToken cancellationToken)
    {
        DateOnly end = DateOnly.FromDateTime(_options.End);
        List<RollOverDay> days = [];
        int before = 0, forecast = 0, all = _options.DaysBefore + _options.DaysAfter + 1;
        int[] beforeByFeeder = new int[_options.Feeders];
        for (int day = 0; day < all; day++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            DateOnly date = _options.FirstDay.AddDays(day);
            for (int i = 0; i < _meters.Length; i++) Live(_meters[i], day, date);
            int visited = Visit(date);
            days.Add(Evening(date, visited));
            if (date == end)
            {
                before = days[^1].Converted;
                foreach (RehearsalMeter meter in _meters.Where(IsConverted)) beforeByFeeder[meter.Feeder]++;
                forecast = Forecast(date, end.AddDays(_options.DaysAfter));
            }

            progress?.Report((day + 1, all));
        }

        RollOverDay worst = days.MaxBy(d => d.Dark)!;
        return new RollOverReport(
            _options.End, _meters.Length, before, days[^1].Converted, worst.Dark, worst.Day, forecast, _made, _taken, _refused, _twice, _refusedSales,
            Cohorts(beforeByFeeder), days);
    }

    public void Dispose() => _keys.Dispose();

    private bool IsConverted(RehearsalMeter meter) => meter.BaseDate != _options.OldBase;

    private void Live(RehearsalMeter meter, int day, DateOnly date)
    {
        // Whoever would sit in the dark tonight tries to buy, whatever day it is.
        if (meter.NeverBuys) return;
        if (day >= meter.BuysOnDay || meter.CreditTenths < meter.UsePerDay)
        {
            Buy(meter, date);
            meter.BuysOnDay = day + meter.DaysBetweenPurchases;
        }

        meter.Use();
    }

    private void Buy(RehearsalMeter meter, DateOnly date)
    {
        DateTime now = date.ToDateTime(new TimeOnly(6 + _random.Next(16), _random.Next(2, 60)));
        bool due = _options.Programme?.IsDue(meter.Feeder, date) == true;
        var request = new SaleRequest(meter.Record, due || IsConverted(meter) ? _new : _old, null, now, (byte)_random.Next(16));
        if (_shop.Sell(request, CreditSubClass.Electricity, meter.Purchase) is not SaleOutcome.Issued sale)
        {
            _refusedSales++;
            return;
        }

        _made += sale.KeyChange.Count + 1;
        TypeAll(meter, sale, new DateTimeOffset(now, TimeSpan.Zero));

        // One-way meters do not answer: what the customer comes back with tells the point of sale whether the change was made.
        if (IsConverted(meter)) meter.Record = sale.Record;
    }

    private void TypeAll(RehearsalMeter meter, SaleOutcome.Issued sale, DateTimeOffset now)
    {
        if (sale.KeyChange.Count > 0)
        {
            int luck = _random.Next(1_000);
            if (luck < _options.GivenUpPerThousand)
            {
                Type(meter, sale.KeyChange[0], now);
                return;
            }

            if (luck < _options.GivenUpPerThousand + _options.WrongOrderPerThousand) Type(meter, sale.Token, now);
            for (int i = 0; i < sale.KeyChange.Count; i++) Type(meter, sale.KeyChange[i], now.AddMinutes(i));
        }

        DateTimeOffset later = now.AddMinutes(sale.KeyChange.Count);
        if (!Type(meter, sale.Token, later)) return;

        // Typed again, as people do when the display is slow: the meter must know it.
        if (_random.Next(20) == 0 && Type(meter, sale.Token, later)) _twice++;
    }

    private bool Type(RehearsalMeter meter, TokenNumber token, DateTimeOffset now)
    {
        (TokenResult result, bool isTaken) = meter.Type(_meterOptions, token, now);
        if (isTaken) _taken++;
        else _refused[result.ToString()] = _refused.GetValueOrDefault(result.ToString()) + 1;
        return isTaken;
    }

    /// <summary>Crews go first where it is dark, then where nobody buys.</summary>
    private int Visit(DateOnly date)
    {
        if (_options.Programme is not { VisitsFrom: { } from } programme || date < from) return 0;
        RehearsalMeter[] next =
        [
            .. _meters.Where(m => !IsConverted(m)).OrderBy(m => !m.IsDark).ThenBy(m => !m.NeverBuys).Take(programme.VisitsPerDay),
        ];
        DateTime now = date.ToDateTime(new TimeOnly(10, 0));
        foreach (RehearsalMeter meter in next)
        {
            KeyChangePlan plan = KeyChangePlan.For(meter.Record, _new, null, now);
            IReadOnlyList<TokenNumber> tokens = _shop.ChangeKey(plan);
            _made += tokens.Count;
            for (int i = 0; i < tokens.Count; i++) Type(meter, tokens[i], new DateTimeOffset(now, TimeSpan.Zero).AddMinutes(i));
            if (IsConverted(meter)) meter.Record = plan.To;
        }

        return next.Length;
    }

    private RollOverDay Evening(DateOnly date, int visited)
    {
        int converted = 0, dark = 0, waiting = 0;
        foreach (RehearsalMeter meter in _meters)
        {
            bool isConverted = IsConverted(meter), isDark = meter.IsDark;
            if (isConverted) converted++;
            if (isDark) dark++;
            if (isDark && !isConverted) waiting++;
        }

        return new RollOverDay(date, converted, dark, waiting, visited);
    }

    private int Forecast(DateOnly today, DateOnly day) => RollOverForecast.Of(
        _meters.Where(m => !IsConverted(m) && !m.NeverBuys).Select(m => new WaitingMeter(m.Feeder, m.CreditTenths, m.UsePerDay)),
        today, DateOnly.FromDateTime(_options.End), [day]).Sum(f => f.DarkBy[0]);

    private IReadOnlyList<CohortResult> Cohorts(int[] beforeByFeeder) =>
    [
        .. (_options.Programme?.Cohorts ?? []).Select(c =>
        {
            RehearsalMeter[] mine = [.. _meters.Where(m => m.Feeder >= c.FirstFeeder && m.Feeder <= c.LastFeeder)];
            return new CohortResult(
                c.Name, c.From, mine.Length, beforeByFeeder[c.FirstFeeder..(c.LastFeeder + 1)].Sum(), mine.Count(IsConverted));
        }),
    ];

    private VendingKeyRevision Revision(int number, BaseDate baseDate)
    {
        var revision = new VendingKeyRevision(
            Group, KeyType.Unique, KeyRevisionNumber.FromValue(number), KeyExpiryNumber.Never, baseDate, ActiveFrom: DateTime.MinValue);
        byte[] bytes = new byte[_options.Algorithm == EncryptionAlgorithm.Ea11 ? VendingKey.HmacLength : VendingKey.SingleDesLength];
        _random.NextBytes(bytes);
        if (VendingKey.TryCreate(bytes, out VendingKey? key, VendingKeyParity.Raw)) _keys.Add(revision, key);
        return revision;
    }

    private RehearsalMeter Meter(int index)
    {
        string payload = string.Create(CultureInfo.InvariantCulture, $"6007270{index:D10}");
        Luhn.TryComputeCheckDigit(payload, out int digit);
        MeterPan pan = MeterPan.Parse(payload + digit.ToString(CultureInfo.InvariantCulture));
        DecoderKeyAttributes attributes = _old.For(new DecoderKeyAttributes(
            pan, Group, TariffIndex.Parse("01"), _old.KeyRevision, KeyType.Unique, KeyExpiryNumber.Never, _options.OldBase, _options.Algorithm));
        using var key = new DecoderKey();
        if (!_keys.TryDerive(attributes, key)) throw new InvalidOperationException("The rehearsal's own key does not derive.");

        // 3 to 15 kWh a day; the poor buy every few days, others once a month.
        int use = _random.Next(30, 150), between = _random.Next(4) == 0 ? _random.Next(14, 36) : _random.Next(2, 10);
        return new RehearsalMeter(
            index % _options.Feeders, new MeterKeyRecord(attributes, TakesThirdKeyChangeToken: false), TokenAcceptorState.Initial(key, MeterKeyRegister.From(attributes)),
            use, between, _random.Next(1_000) < _options.NeverBuyPerThousand)
        {
            CreditTenths = (long)use * (1 + _random.Next(between)),
            BuysOnDay = _random.Next(between),
        };
    }
}
