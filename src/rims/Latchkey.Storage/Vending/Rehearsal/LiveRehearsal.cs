using System.Globalization;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Latchkey.Vending.Programmes;

namespace Latchkey.Storage.Vending.Rehearsal;

/// <summary>Lives through a programme with the seller's own rooms: programme, gate, runner, desk, calculation, signer, books, audit. Nothing of them is imitated; the clock, the customers and the crews are.</summary>
public sealed class LiveRehearsal : IDisposable
{
    private const int AtOnce = 256, FenPerTenth = 10;
    private static readonly Guid ProgrammeId = new("00000000-0000-0000-0000-00000000c0de");
    private static readonly SupplyGroupCode Group = SupplyGroupCode.Parse("123457");
    private static readonly TwoPeople People = new("first rehearser", "second rehearser");
    private readonly LiveRehearsalOptions _options;
    private readonly Random _random;
    private readonly HandClock _clock;
    private readonly VendingHouse _house;
    private readonly TokenAcceptorOptions _meterOptions;
    private readonly Dictionary<MeterPan, RehearsedMeter> _meters = [];
    private readonly SortedDictionary<string, long> _answers = new(StringComparer.Ordinal), _refusals = new(StringComparer.Ordinal);
    private long _sales, _typed, _twice;

    public LiveRehearsal(LiveRehearsalOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.Meters);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Meters, LiveRehearsalOptions.MaxMeters);
        _options = options;
        _random = new Random(options.Seed);
        _clock = new HandClock(At(options.FirstDay, 6));
        _meterOptions = new TokenAcceptorOptions { Algorithm = options.Algorithm, KeyChangeTimeout = TimeSpan.Zero };
        var vending = new VendingOptions("Rehearsal", TimeSpan.Zero, [new SalesChannel("till", FundingKind.Clearing)]);
        _house = VendingHouse.Open(options.Directory, new VendingHouseOptions(vending, new TariffBook([Flat()]), Programmes: new KeyProgrammeOptions { Batch = 1_000 }), _clock);
    }

    /// <param name="progress">Hears the days done, of all.</param>
    public async Task<LiveRehearsalReport> RunAsync(IProgress<(int Done, int All)>? progress, CancellationToken cancellationToken)
    {
        await StockAsync(cancellationToken).ConfigureAwait(false);
        int all = _options.WarmUpDays + _options.ProgrammeDays + _options.DaysAfter + 1, forecast = 0;
        List<LiveRehearsalDay> days = [];
        for (int day = 0; day < all; day++)
        {
            DateOnly date = _options.FirstDay.AddDays(day);
            _clock.Set(At(date, 6));
            if (day == _options.WarmUpDays) forecast = await StartAsync(cancellationToken).ConfigureAwait(false);
            days.Add(await LiveAsync(day, date, cancellationToken).ConfigureAwait(false));
            progress?.Report((day + 1, all));
        }

        LiveRehearsalDay end = days.Single(d => d.Day == _options.End), worst = days.MaxBy(d => d.Dark)!;
        VendingAuditReport audit = _house.Audit.Verify();
        return new LiveRehearsalReport(
            _options.Variant.ToString(), _options.OldBase.LastMinute, _meters.Count, forecast, end.Changed, end.Proven, days[^1].Changed, worst.Dark, worst.Day, days[^1].Dark, _sales, _typed,
            _answers, _refusals, _twice, audit.Differences.Count + (audit.Ledger.IsIntact ? 0 : 1), days);
    }

    public void Dispose() => _house.Dispose();

    private async Task<LiveRehearsalDay> LiveAsync(int day, DateOnly date, CancellationToken cancellationToken)
    {
        while (!(await _house.ProgrammeRunner.RunAsync(cancellationToken).ConfigureAwait(false)).IsNothing)
        {
        }

        _clock.Set(At(date, 9));
        int sold = 0, refused = 0;
        foreach (RehearsedMeter[] queue in _meters.Values.Where(m => m.WantsToBuy(day)).Chunk(AtOnce))
        {
            OrderOutcome[] outcomes = await Task.WhenAll(queue.Select((m, i) => _house.Desk.PlaceAsync(Order(m), cancellationToken))).ConfigureAwait(false);
            for (int i = 0; i < queue.Length; i++)
            {
                if (outcomes[i] is OrderOutcome.Issued issued)
                {
                    sold++;
                    queue[i].BuysOnDay = day + queue[i].DaysBetween;
                    await TypeAsync(queue[i], issued.Receipt, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    refused++;
                    Count(_refusals, (outcomes[i] as OrderOutcome.Declined)?.Code ?? outcomes[i].GetType().Name);
                }
            }
        }

        int visited = date > _options.End.AddDays(-21) ? await VisitAsync(cancellationToken).ConfigureAwait(false) : 0;
        int dark = _meters.Values.Count(m => m.Use());
        CohortProgress[] progress = day < _options.WarmUpDays ? [] : [.. _house.Programmes.Progress(ProgrammeId, _clock.GetUtcNow())];
        return new LiveRehearsalDay(date, progress.Sum(c => c.Changed), progress.Sum(c => c.Proven), dark, sold, refused, visited);
    }

    /// <summary>The customer at the keypad, with what people do wrong.</summary>
    private async Task TypeAsync(RehearsedMeter meter, OrderReceipt receipt, CancellationToken cancellationToken)
    {
        TokenNumber[] tokens = [.. receipt.Tokens.Select(t => TokenNumber.Parse(t.Number.Replace(" ", string.Empty, StringComparison.Ordinal)))];
        int luck = _random.Next(1_000);
        bool isLost = tokens.Length > 1 && luck < _options.LostPerThousand;
        if (tokens.Length > 1 && luck >= 1_000 - _options.WrongOrderPerThousand)
        {
            foreach (TokenNumber token in tokens.Reverse()) Type(meter, token);
        }
        else if (!isLost)
        {
            foreach (TokenNumber token in tokens[..^1]) Type(meter, token);
        }

        bool isTaken = Type(meter, tokens[^1]);
        if (isTaken && _random.Next(20) == 0 && Type(meter, tokens[^1])) _twice++;
        if (!isTaken)
        {
            meter.BuysOnDay = 0;
            return;
        }

        if (!meter.Answers || _house.Desk.Find(receipt.OrderId) is not { Tid: { } tid }) return;
        await _house.Desk.MarkCreditedAsync(receipt.OrderId, new CreditProof(CreditProofKind.Accepted, tid, _clock.GetUtcNow(), "rehearsed"), cancellationToken).ConfigureAwait(false);
    }

    private bool Type(RehearsedMeter meter, TokenNumber token)
    {
        (TokenResult result, bool isTaken) = meter.Type(_meterOptions, token, _clock.GetUtcNow());
        _typed++;
        Count(_answers, result.ToString());
        return isTaken;
    }

    /// <summary>Crews work from the list of who goes dark when, and say what they have seen.</summary>
    private async Task<int> VisitAsync(CancellationToken cancellationToken)
    {
        int visited = 0;
        foreach (DarkLine line in _house.Programmes.Dark(ProgrammeId, new DarkFilter(State: ProgrammeMeterState.Planned), null, IKeyProgrammeStore.MaxPage).OrderBy(l => l.Purchases.Last ?? DateOnly.MinValue).Take(_options.VisitsPerDay))
        {
            if (await _house.KeyChanges.IssueAsync(line.Meter.Pan, cancellationToken).ConfigureAwait(false) is not KeyChangeOutcome.Issued { Change: var change }) continue;
            RehearsedMeter meter = _meters[line.Meter.Pan];
            foreach (TokenNumber token in change.Tokens) Type(meter, token);
            if (meter.BaseDate != _options.OldBase) await _house.KeyChanges.MarkDoneAsync(meter.Pan, cancellationToken).ConfigureAwait(false);
            visited++;
        }

        return visited;
    }

    private PlaceOrder Order(RehearsedMeter meter)
    {
        long number = ++_sales;
        Span<byte> id = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(id, number);
        id[15] = 1;
        return new PlaceOrder(new Guid(id, bigEndian: true), meter.Pan, new Money((long)meter.Purchase * FenPerTenth, Currency.Cny), "till", number.ToString(CultureInfo.InvariantCulture));
    }

    private async Task<int> StartAsync(CancellationToken cancellationToken)
    {
        var programme = new KeyProgramme(
            ProgrammeId, "rehearsal", new KeyScope(_options.OldBase, null, null),
            new KeyTarget(KeyRevisionNumber.FromValue(2), KeyExpiryNumber.Never, _options.OldBase.Next!.Value), TakesThirdToken: false,
            [
                new KeyCohort("north", new CohortSelection { Places = ["north"] }, _options.Starts, CohortPolicy.WithNextPurchase, _options.PerDay),
                new KeyCohort("south", CohortSelection.Everything, _options.Starts.AddDays(_options.Variant == RehearsalVariant.StartedLate ? 0 : 10), CohortPolicy.WithNextPurchase, _options.PerDay),
            ]);
        Require(await _house.ProgrammeDesk.DrawAsync(programme, cancellationToken).ConfigureAwait(false));
        while (await _house.ProgrammeDesk.CountAsync(ProgrammeId, cancellationToken).ConfigureAwait(false) is not null)
        {
        }

        IReadOnlyList<ForecastDay> forecast = await _house.ProgrammeDesk.ForecastAsync(ProgrammeId, cancellationToken).ConfigureAwait(false);
        Require(await _house.ProgrammeDesk.StartAsync(ProgrammeId, People, cancellationToken).ConfigureAwait(false));
        _house.KeyGate.Look();
        return forecast.LastOrDefault(f => f.Day <= _options.End).Changed;
    }

    private async Task StockAsync(CancellationToken cancellationToken)
    {
        byte[] old = KeyBytes(), fresh = KeyBytes();
        Require(await _house.Keys.ImportAsync(old, Terms(1, _options.OldBase), long.MaxValue / 2, People, cancellationToken).ConfigureAwait(false));
        Require(await _house.Keys.ImportAsync(fresh, Terms(2, _options.OldBase.Next!.Value), long.MaxValue / 2, People, cancellationToken).ConfigureAwait(false));
        if (!VendingKey.TryCreate(old, out VendingKey? vendingKey)) throw new InvalidOperationException("The rehearsal's own key is none.");
        using (vendingKey)
        {
            foreach (int[] batch in Enumerable.Range(0, _options.Meters).Chunk(AtOnce))
                await Task.WhenAll(batch.Select(i => _house.Meters.SaveAsync(Meter(i, vendingKey), cancellationToken))).ConfigureAwait(false);
        }
    }

    private MeterRecord Meter(int index, VendingKey vendingKey)
    {
        string payload = string.Create(CultureInfo.InvariantCulture, $"6007270{index:D10}");
        Luhn.TryComputeCheckDigit(payload, out int digit);
        bool expiresEarly = _options.Variant == RehearsalVariant.EarlyExpiry && index % 3 == 0;
        var attributes = new DecoderKeyAttributes(
            MeterPan.Parse(payload + digit.ToString(CultureInfo.InvariantCulture)), Group, TariffIndex.Parse("01"), KeyRevisionNumber.FromValue(1), KeyType.Unique,
            new KeyExpiryNumber((byte)(expiresEarly ? 254 : 255)), _options.OldBase, _options.Algorithm);
        using DecoderKey key = DecoderKeyGeneration.Derive(vendingKey, attributes);

        // 3 to 15 kWh a day; the poor buy every few days, others once a month. Every second meter answers.
        int use = _random.Next(30, 150), between = _random.Next(4) == 0 ? _random.Next(14, 36) : _random.Next(2, 10);
        _meters.Add(attributes.Pan, new RehearsedMeter(
            attributes.Pan, TokenAcceptorState.Initial(key, MeterKeyRegister.From(attributes)), use, between, _random.Next(1_000) < _options.NeverBuyPerThousand, index % 2 == 0));
        return new MeterRecord(attributes, "T", "A" + index.ToString(CultureInfo.InvariantCulture), (index % 2 == 0 ? "north, house " : "south, house ") + index.ToString(CultureInfo.InvariantCulture));
    }

    private byte[] KeyBytes()
    {
        byte[] bytes = new byte[_options.Algorithm == EncryptionAlgorithm.Ea11 ? VendingKey.HmacLength : VendingKey.SingleDesLength];
        _random.NextBytes(bytes);
        if (_options.Algorithm != EncryptionAlgorithm.Ea11)
        {
            for (int i = 0; i < bytes.Length; i++) bytes[i] ^= (byte)((System.Numerics.BitOperations.PopCount(bytes[i]) & 1) ^ 1);
        }

        return bytes;
    }

    private SigningKeyTerms Terms(int revision, BaseDate baseDate) =>
        new(Group, KeyRevisionNumber.FromValue(revision), KeyType.Unique, baseDate, At(_options.FirstDay, 0), null);

    private static DateTimeOffset At(DateOnly day, int hour) => new(day.ToDateTime(new TimeOnly(hour, 0)), TimeSpan.Zero);

    private static void Count(SortedDictionary<string, long> counts, string what) => counts[what] = counts.GetValueOrDefault(what) + 1;

    private static void Require(string? fault)
    {
        if (fault is not null) throw new InvalidOperationException($"The rehearsal cannot begin: {fault}.");
    }

    private static Tariff Flat() => new()
    {
        Id = "T",
        Utility = "Rehearsal",
        CurrencyCode = "CNY",
        MinorDigits = 2,
        Valid = default,
        Accumulation = Accumulation.CalendarMonth,
        Blocks = [new EnergyBlock(Rational.Zero, null, Rational.One)],
    };

    /// <summary>Turned by hand; read by the rooms' own threads.</summary>
    private sealed class HandClock(DateTimeOffset start) : TimeProvider
    {
        private long _ticks = start.UtcTicks;

        public void Set(DateTimeOffset at) => Interlocked.Exchange(ref _ticks, at.UtcTicks);

        public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);
    }
}
