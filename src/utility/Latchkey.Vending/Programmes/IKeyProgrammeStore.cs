using Latchkey.Sts;

namespace Latchkey.Vending.Programmes;

/// <summary>Where programmes and their meters are kept. How far a meter has come is written with its change of keys, in one transaction.</summary>
public interface IKeyProgrammeStore
{
    /// <summary>The most programmes that are kept.</summary>
    const int MaxProgrammes = 100;

    /// <summary>The longest page of meters.</summary>
    const int MaxPage = 5_000;

    ProgrammeRecord? Find(Guid id);

    /// <summary>The newest first.</summary>
    IReadOnlyList<ProgrammeRecord> List();

    ProgrammeMeter? FindMeter(Guid programme, MeterPan pan);

    /// <summary>Meters of one state in one cohort, the soonest dark first.</summary>
    IReadOnlyList<ProgrammeMeter> InState(Guid programme, int cohort, ProgrammeMeterState state, int limit);

    /// <summary>Meters of one state by number, after <paramref name="after"/>.</summary>
    IReadOnlyList<ProgrammeMeter> InState(Guid programme, ProgrammeMeterState state, MeterPan? after, int limit);

    /// <summary>Every meter that is not yet changed or left out, one at a time.</summary>
    void ForEachOpen(Guid programme, Action<ProgrammeMeter, PurchaseHistory> meter);

    /// <summary>Who goes dark when: meters whose new key is not proven, the soonest first.</summary>
    IReadOnlyList<DarkLine> Dark(Guid programme, DarkFilter filter, DarkPlace? after, int limit);

    /// <summary>The keys, without their meters, that open meters have: one for each group, revision, type and base date.</summary>
    void ForEachOpenKey(Guid programme, Action<DecoderKeyAttributes> key);

    IReadOnlyList<CohortProgress> Progress(Guid programme, DateTimeOffset now);

    /// <summary>By day, oldest first.</summary>
    IReadOnlyList<DayProgress> Days(Guid programme);

    /// <summary>How many meters of a cohort were begun on a day.</summary>
    int BegunOn(Guid programme, int cohort, DateOnly day);

    /// <summary>The meters after a number with what they have bought.</summary>
    IReadOnlyList<(MeterRecord Meter, PurchaseHistory Purchases)> Meters(ulong after, int limit);

    PurchaseHistory PurchasesOf(MeterPan pan);

    /// <summary>Adds the programme; false, and nothing done, where one of this id is there with other content or there are too many.</summary>
    Task<bool> AddAsync(ProgrammeRecord programme, CancellationToken cancellationToken);

    /// <summary>Changes the state and adds the event, if the state is still the expected one.</summary>
    Task<bool> MoveAsync(Guid id, ProgrammeState expected, ProgrammeState next, ProgrammeEvent act, CancellationToken cancellationToken);

    /// <summary>Adds meters that are not there yet and keeps how far the counting has come; null leaves that as it is.</summary>
    Task CountAsync(Guid id, IReadOnlyList<ProgrammeMeter> meters, CountingPlace? place, CancellationToken cancellationToken);

    Task SetForecastAsync(Guid id, IReadOnlyList<ForecastDay> forecast, CancellationToken cancellationToken);

    /// <summary>Sets a meter's state where its change of keys does not: left out, failed, brought over by another hand. False where it has its set already or is not there.</summary>
    Task<bool> MarkAsync(Guid id, MeterPan pan, ProgrammeMeterState state, string? code, DateOnly today, CancellationToken cancellationToken);
}

/// <summary>What a list of meters is narrowed to; null takes all.</summary>
/// <param name="Before">Goes dark before this moment.</param>
public sealed record DarkFilter(int? Cohort = null, ProgrammeMeterState? State = null, DateTimeOffset? Before = null)
{
    public static DarkFilter None { get; } = new();
}

/// <summary>Where a page of the list ended.</summary>
public readonly record struct DarkPlace(DateTimeOffset DarkAt, MeterPan Pan);
