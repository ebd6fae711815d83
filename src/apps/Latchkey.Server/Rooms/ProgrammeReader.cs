using System.Collections.Concurrent;
using Latchkey.Server.Portal.RollOver;
using Latchkey.Vending.Programmes;

namespace Latchkey.Server.Rooms;

/// <summary>Programmes of key changes, for the page and the API.</summary>
internal sealed class ProgrammeReader(IKeyProgrammeStore store, KeyProgrammeDesk desk, TimeProvider time, TimeProvider real) : IProgrammeView
{
    // The outlook looks at every open meter's purchases: often enough for people, seldom enough for the disk.
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<Guid, (long At, Task<ProgrammeSheet> Sheet)> _sheets = new();

    public ValueTask<IReadOnlyList<ProgrammeName>> ListAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<ProgrammeName>>(
        [.. store.List().Select(p => new ProgrammeName(p.Id, p.Programme.Name, ProgrammeView.NameOf(p.State)))]);

    public async ValueTask<ProgrammeSheet?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        if (store.Find(id) is not { } record) return null;
        (long at, Task<ProgrammeSheet> sheet) = _sheets.GetOrAdd(id, _ => Begin(record));
        if (sheet.IsCompleted && (sheet.IsFaulted || real.GetElapsedTime(at) > Kept || sheet.Result.View.State != ProgrammeView.NameOf(record.State)))
            sheet = (_sheets[id] = Begin(record)).Sheet;
        return await sheet.WaitAsync(cancellationToken);
    }

    public ValueTask<IReadOnlyList<DarkRow>?> DarkAsync(Guid id, string? cohort, ProgrammeMeterState? state, int limit, CancellationToken cancellationToken)
    {
        if (store.Find(id) is not { } record) return ValueTask.FromResult<IReadOnlyList<DarkRow>?>(null);
        int place = cohort is null ? 0 : record.Programme.Cohorts.ToList().FindIndex(c => c.Name == cohort);
        if (place < 0) return ValueTask.FromResult<IReadOnlyList<DarkRow>?>(null);

        DateTimeOffset now = time.GetUtcNow();

        // "Dark" is no state of its own in the store: it is what has no set when its moment has come.
        DarkFilter filter = new(cohort is null ? null : place, state == ProgrammeMeterState.Dark ? null : state, state == ProgrammeMeterState.Dark ? now : null);
        IEnumerable<DarkLine> lines = store.Dark(id, filter, null, limit);
        if (state is { } wanted) lines = lines.Where(l => wanted == l.Meter.State || wanted == l.Meter.Shown(now));
        return ValueTask.FromResult<IReadOnlyList<DarkRow>?>([.. lines.Select(l => Row(record.Programme, l, now))]);
    }

    private (long At, Task<ProgrammeSheet> Sheet) Begin(ProgrammeRecord record) => (real.GetTimestamp(), Task.Run(() =>
        new ProgrammeSheet(ProgrammeView.Of(store, desk, record, time.GetUtcNow()), ProgressCurve.Of(store, record, time.GetUtcNow(), desk.Today))));

    private DarkRow Row(KeyProgramme programme, DarkLine line, DateTimeOffset now)
    {
        KeyCohort cohort = programme.Cohorts[line.Meter.Cohort];
        return new DarkRow(
            line.Meter.Pan.ToString(), line.Place, cohort.Name, ProgrammeView.NameOf(cohort.Policy), ProgrammeView.NameOf(line.Meter.Shown(now)), line.Meter.DarkAt,
            ProgrammeView.NameOf(line.Meter.DarkReason), line.Purchases.Last, line.NextPurchase(desk.Today), line.Meter.Code);
    }
}
