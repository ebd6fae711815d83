using Latchkey.Sts;

namespace Latchkey.Vending.Programmes;

/// <summary>Ties programmes to sales: a meter whose turn has come is given its set with the purchase, one that is beyond its date is told what to do.</summary>
public sealed class KeyProgrammeGate : IKeyChangeGate
{
    private readonly IKeyProgrammeStore _store;
    private readonly KeyChangeDesk _changes;
    private readonly IMeterRecords _meters;
    private readonly VendingOptions _options;
    private readonly TimeProvider _time;
    private readonly RunningProgrammes _running;

    public KeyProgrammeGate(
        IKeyProgrammeStore store, KeyChangeDesk changes, IMeterRecords meters, VendingOptions options, KeyProgrammeOptions settings, TimeProvider time)
    {
        (_store, _changes, _meters, _options, _time) = (store, changes, meters, options, time);
        _running = new RunningProgrammes(store, settings, time);
    }

    /// <summary>Carries sets to meters that can be reached; null where none can.</summary>
    public IKeyChangeCarrier? Carrier { get; set; }

    public (string Code, string Detail)? RefusalOf(IVendingBooks books, MeterRecord meter, DateTimeOffset now)
    {
        DarkDate end = DarkDate.Of(meter.Key);
        bool hasEnded = end.HasCome(_options.WallClock(now));
        Turn? turn = TurnOf(meter, now);
        if (!hasEnded && !(turn?.Cohort.RefuseFrom <= _options.Day(now))) return null;
        if (_changes.GoesWithPurchase(books.FindKeyChange(meter.Pan)) || turn is { IsDue: true }) return null;
        return turn?.Cohort.Policy switch
        {
            CohortPolicy.OnRequest => (VendingCodes.KeyChangeOnRequest, "The meter needs a new key first: ask for its key-change tokens, type them in, then buy."),
            CohortPolicy.OverTheAir => (VendingCodes.KeyChangeOverTheAir, "The meter's new key is on its way through its module: buy again when the meter has it."),
            CohortPolicy.FieldVisit => (VendingCodes.KeyChangeByVisit, "A field team brings the meter its new key: ask for an early visit, then buy."),
            _ => (end.Reason == DarkReason.KeyExpiry ? VendingCodes.KeyExpired : VendingCodes.OutsideTokenTime,
                "The meter's key has ended: nothing can be made under it. Plan a change of its key, or take the meter into a programme."),
        };
    }

    public bool IsDue(IVendingBooks books, MeterRecord meter, DateTimeOffset now) =>
        _changes.GoesWithPurchase(books.FindKeyChange(meter.Pan)) || TurnOf(meter, now) is { IsDue: true };

    public async Task PrepareAsync(MeterPan pan, CancellationToken cancellationToken)
    {
        DateTimeOffset now = _time.GetUtcNow();
        if (_running.Now().Count > 0 && _meters.Find(pan) is { } meter && TurnOf(meter, now) is { IsDue: true } turn)
        {
            if (turn.Standing is null)
                await _store.CountAsync(turn.Record.Id, [KeyProgrammeDesk.MemberOf(meter, turn.Place, _options)], null, cancellationToken).ConfigureAwait(false);
            await _changes.PlanAsync(
                pan, turn.Record.Programme.To.For(meter.Key), null, KeyChangePolicy.WithNextPurchase, turn.Record.Programme.TakesThirdToken, cancellationToken).ConfigureAwait(false);
        }

        if (await _changes.ForPurchaseAsync(pan, cancellationToken).ConfigureAwait(false) is { } change && Carrier is { } carrier && carrier.Reaches(pan)) carrier.Carry(change);
    }

    public IReadOnlyList<TokenNumber> TokensBefore(KeyChange? change, in DecoderKeyAttributes key) =>
        change is { State: KeyChangeState.Issued } && change.To == key && _changes.GoesWithPurchase(change) ? change.Tokens : [];

    public async Task CreditedAsync(MeterPan pan, CancellationToken cancellationToken) => await _changes.SettleAsync(pan, cancellationToken).ConfigureAwait(false);

    /// <summary>After a programme was started or held here: sales see it at once.</summary>
    public void Look() => _running.Forget();

    /// <summary>The meter's place in a running programme; null where none is concerned with its key.</summary>
    private Turn? TurnOf(MeterRecord meter, DateTimeOffset now)
    {
        // Its keys are its maker's affair.
        if (_options.Makers.CodeOf(meter.Make) is not null) return null;
        DateOnly today = _options.Day(now);
        foreach (ProgrammeRecord record in _running.Now())
        {
            if (!record.Programme.Concerns(meter.Key)) continue;
            ProgrammeMeter? standing = _store.FindMeter(record.Id, meter.Pan);
            if (standing is { State: ProgrammeMeterState.Exempt }) continue;
            int? place = standing?.Cohort ?? record.Programme.CohortOf(meter, _store.PurchasesOf(meter.Pan).Last, today);
            if (place is not { } cohort) continue;
            return new Turn(record, cohort, standing, IsDue(record, cohort, standing, meter, now, today));
        }

        return null;
    }

    /// <summary>The pace holds back who can still buy; it never keeps a home dark.</summary>
    private bool IsDue(ProgrammeRecord record, int place, ProgrammeMeter? standing, MeterRecord meter, DateTimeOffset now, DateOnly today)
    {
        KeyCohort cohort = record.Programme.Cohorts[place];
        if (cohort.Policy != CohortPolicy.WithNextPurchase || !cohort.HasStarted(today)) return false;
        if (standing is { State: not ProgrammeMeterState.Waiting }) return false;
        return DarkDate.Of(meter.Key).HasCome(_options.WallClock(now)) || cohort.RefuseFrom <= today || _store.BegunOn(record.Id, place, today) < cohort.PerDay;
    }

    private sealed record Turn(ProgrammeRecord Record, int Place, ProgrammeMeter? Standing, bool IsDue)
    {
        public KeyCohort Cohort => Record.Programme.Cohorts[Place];
    }
}
