using Latchkey.Sts;
using Latchkey.Vending.Apart;

namespace Latchkey.Vending.Programmes;

/// <summary>Draws up programmes, and lets people start, hold and end them.</summary>
/// <remarks>Nothing of a programme lives here: what was done stands in the store, so any step may be the last before a crash, and each may be done again.</remarks>
public sealed class KeyProgrammeDesk(IKeyProgrammeStore store, IOutsideSigner signer, VendingOptions options, KeyProgrammeOptions settings, TimeProvider time)
{
    /// <summary>The seller's day.</summary>
    public DateOnly Today => options.Day(time.GetUtcNow());

    /// <summary>Keeps a programme. Null when it is kept, or was already; otherwise the code of what is wrong.</summary>
    public async Task<string?> DrawAsync(KeyProgramme programme, CancellationToken cancellationToken)
    {
        if (programme.Fault() is not null) return VendingCodes.ProgrammeMalformed;
        var record = new ProgrammeRecord(programme, ProgrammeState.Drawn, time.GetUtcNow(), [], new CountingPlace(0, false, time.GetUtcNow()), []);
        return await store.AddAsync(record, cancellationToken).ConfigureAwait(false) ? null : VendingCodes.ProgrammeIdReused;
    }

    /// <summary>Counts the next meters of a programme; how many of them belong to it. Null when all are counted for now.</summary>
    public async Task<int?> CountAsync(Guid id, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (store.Find(id) is not { State: not ProgrammeState.Aborted } record) return null;
        CountingPlace place = record.Counting;
        if (place.IsThrough && now - place.At < settings.CountAgainAfter) return null;
        if (place.IsThrough) place = new CountingPlace(0, false, now);

        IReadOnlyList<(MeterRecord Meter, PurchaseHistory Purchases)> meters = store.Meters(place.After, settings.CountingBatch);
        DateOnly today = options.Day(now);
        ProgrammeMeter[] members =
        [
            .. from m in meters
               where record.Programme.Concerns(m.Meter.Key) && options.Makers.CodeOf(m.Meter.Make) is null
               let cohort = record.Programme.CohortOf(m.Meter, m.Purchases.Last, today)
               where cohort is not null
               select Member(m.Meter, cohort.Value),
        ];
        bool isThrough = meters.Count < settings.CountingBatch;
        await store.CountAsync(
            id, members, new CountingPlace(isThrough ? 0 : meters[^1].Meter.Pan.Value, isThrough, now), cancellationToken).ConfigureAwait(false);
        return members.Length;
    }

    /// <summary>Works out how the programme should go, from the customers' habits, and keeps it to be held against what happens.</summary>
    public async Task<IReadOnlyList<ForecastDay>> ForecastAsync(Guid id, CancellationToken cancellationToken)
    {
        if (store.Find(id) is not { } record) return [];
        IReadOnlyList<ForecastDay> forecast = ProgrammeForecast.Of(record.Programme, Open(id), options.Day(time.GetUtcNow()), Done(id));
        await store.SetForecastAsync(id, forecast, cancellationToken).ConfigureAwait(false);
        return forecast;
    }

    /// <summary>The same from where the programme stands now; nothing is kept.</summary>
    public ProgrammeOutlook Outlook(ProgrammeRecord record) => ProgrammeForecast.Outlook(
        record.Programme, Open(record.Id), options.Day(time.GetUtcNow()), day => options.Day(day));

    /// <summary>Starts it, or starts it again after a pause; two people answer for it. Null when it runs.</summary>
    public async Task<string?> StartAsync(Guid id, TwoPeople people, CancellationToken cancellationToken)
    {
        if (!people.AreTwo) return VendingCodes.ApproversMissing;
        if (store.Find(id) is not { } record) return VendingCodes.UnknownProgramme;
        if (record.State == ProgrammeState.Running) return null;
        if (record.State == ProgrammeState.Aborted) return VendingCodes.ProgrammeEnded;
        if (record.State == ProgrammeState.Drawn && !record.Counting.IsThrough) return VendingCodes.ProgrammeNotCounted;
        if (await signer.KeysAsync(cancellationToken).ConfigureAwait(false) is not { } keys) return VendingCodes.SignerUnavailable;
        if (MissingKey(record.Programme, keys) is not null) return VendingCodes.KeyMissing;
        ProgrammeAct act = record.State == ProgrammeState.Drawn ? ProgrammeAct.Started : ProgrammeAct.Resumed;
        return await MoveAsync(record, ProgrammeState.Running, act, people.First, people.Second, null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Holds it: nothing new is planned. One person is enough to stop something.</summary>
    public Task<string?> PauseAsync(Guid id, string person, string reason, CancellationToken cancellationToken) =>
        StopAsync(id, ProgrammeState.Paused, ProgrammeAct.Paused, person, reason, cancellationToken);

    /// <summary>Ends it for good. Sets that are out are not called back: they go on until they are proven.</summary>
    public Task<string?> AbortAsync(Guid id, string person, string reason, CancellationToken cancellationToken) =>
        StopAsync(id, ProgrammeState.Aborted, ProgrammeAct.Aborted, person, reason, cancellationToken);

    /// <summary>Leaves a meter out of a programme; null when done.</summary>
    public async Task<string?> ExemptAsync(Guid id, MeterPan pan, string reason, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > PlaceOrder.MaxTextLength) return VendingCodes.TextTooLong;
        if (store.Find(id) is null) return VendingCodes.UnknownProgramme;
        return await store.MarkAsync(id, pan, ProgrammeMeterState.Exempt, reason, options.Day(time.GetUtcNow()), cancellationToken).ConfigureAwait(false) ? null : VendingCodes.NotInProgramme;
    }

    /// <summary>The first key that the programme needs and the signer does not have; null where it has them all.</summary>
    private string? MissingKey(KeyProgramme programme, IReadOnlyList<SignerKey> keys)
    {
        HashSet<string> held = [.. keys.Select(k => k.KeyId)];
        HashSet<string> needed = new(StringComparer.Ordinal);
        store.ForEachOpenKey(programme.Id, key => needed.Add(SigningKeyTerms.KeyIdOf(programme.To.For(key).For(key))));
        return needed.Order(StringComparer.Ordinal).FirstOrDefault(key => !held.Contains(key));
    }

    internal static ProgrammeMeter MemberOf(MeterRecord meter, int cohort, VendingOptions options)
    {
        DarkDate dark = DarkDate.Of(meter.Key);
        return new ProgrammeMeter(
            meter.Pan, cohort, ProgrammeMeterState.Waiting, new DateTimeOffset(dark.LastMinute.AddMinutes(1), options.UtcOffset).ToUniversalTime(), dark.Reason);
    }

    private ProgrammeMeter Member(MeterRecord meter, int cohort) => MemberOf(meter, cohort, options);

    private List<(ProgrammeMeter, PurchaseHistory)> Open(Guid id)
    {
        List<(ProgrammeMeter, PurchaseHistory)> open = [];
        store.ForEachOpen(id, (meter, purchases) => open.Add((meter, purchases)));
        return open;
    }

    private int Done(Guid id) => store.Progress(id, time.GetUtcNow()).Sum(c => c.Changed);

    private async Task<string?> StopAsync(Guid id, ProgrammeState next, ProgrammeAct act, string person, string reason, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(person)) return VendingCodes.ApproversMissing;
        if (person.Length > PlaceOrder.MaxTextLength || reason.Length > PlaceOrder.MaxTextLength) return VendingCodes.TextTooLong;
        if (store.Find(id) is not { } record) return VendingCodes.UnknownProgramme;
        if (record.State == next) return null;
        if (record.State == ProgrammeState.Aborted) return VendingCodes.ProgrammeEnded;
        if (next == ProgrammeState.Paused && record.State != ProgrammeState.Running) return VendingCodes.ProgrammeNotRunning;
        return await MoveAsync(record, next, act, person, null, reason, cancellationToken).ConfigureAwait(false);
    }

    private async Task<string?> MoveAsync(
        ProgrammeRecord record, ProgrammeState next, ProgrammeAct act, string first, string? second, string? reason, CancellationToken cancellationToken)
    {
        var done = new ProgrammeEvent(time.GetUtcNow(), act, first.Trim(), second?.Trim(), reason);

        // Somebody else was faster: what they did stands, and the caller looks again.
        return await store.MoveAsync(record.Id, record.State, next, done, cancellationToken).ConfigureAwait(false) ? null : VendingCodes.ProgrammeMoved;
    }
}
