using Latchkey.Server.Portal.RollOver;
using Latchkey.Vending.Programmes;

namespace Latchkey.Server.Tests;

/// <summary>One made-up programme of key changes, half done.</summary>
internal sealed class FakeProgrammes : IProgrammeView
{
    public static readonly Guid Id = new("5f4dcc3b-aa76-4c80-9dd8-000000000002");
    private static readonly DateOnly First = new(2024, 9, 1), Today = new(2024, 10, 14);
    private static readonly DateTime Deadline = new(2024, 11, 24, 20, 15, 0);

    public static ProgrammeView View { get; } = new(
        Id, "End of 1993", "running", "base date 1993", "revision 2, expiry 255, base date 2014", Deadline, IsCounted: true, 8_000, 4_100, 3_050, Late: 640, ForecastToday: 4_400,
        [
            new CohortView("Willow Creek", "withNextPurchase", First, 150, null, 5_000, 900, 400, 700, 2_950, 30, 20, 0, 310),
            new CohortView("Shops & halls", "overTheAir", First.AddDays(14), 100, null, 2_000, 1_450, 0, 350, 100, 0, 100, 12, 130),
            new CohortView("Never buys", "fieldVisit", First.AddDays(30), 25, Today.AddDays(20), 1_000, 1_000, 0, 0, 0, 0, 0, 0, 200),
        ],
        [new DayView(First, 150, 90, 40)],
        [new ActView(new DateTimeOffset(2024, 8, 30, 9, 0, 0, TimeSpan.Zero), "started", "Ann", "Bo", null)]);

    public ValueTask<IReadOnlyList<ProgrammeName>> ListAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<ProgrammeName>>([new ProgrammeName(Id, View.Name, View.State)]);

    public ValueTask<ProgrammeSheet?> FindAsync(Guid id, CancellationToken cancellationToken) => ValueTask.FromResult(id == Id ? new ProgrammeSheet(View, Curve()) : null);

    public ValueTask<IReadOnlyList<DarkRow>?> DarkAsync(Guid id, string? cohort, ProgrammeMeterState? state, int limit, CancellationToken cancellationToken)
    {
        if (id != Id || (cohort is not null && View.Cohorts.All(c => c.Name != cohort))) return ValueTask.FromResult<IReadOnlyList<DarkRow>?>(null);
        DateTimeOffset end = new(Deadline.AddMinutes(1), TimeSpan.Zero);
        DarkRow[] rows =
        [
            new("600727000000000009", "Building A, room 101", "Shops & halls", "overTheAir", "dark", new DateTimeOffset(2024, 10, 10, 22, 56, 0, TimeSpan.Zero), "keyExpiry", new DateOnly(2024, 10, 2), null, null),
            new("600727000000000017", "Building A, room 102", "Willow Creek", "withNextPurchase", "issued", end, "endOfIdentifiers", new DateOnly(2024, 10, 12), new DateOnly(2024, 10, 19), null),
            new("600727000000000025", "Building A, room 103", "Shops & halls", "overTheAir", "failed", end, "endOfIdentifiers", null, null, "meter-not-reachable"),
            new("600727000000000033", "Building B, room 7, the tailor's by the stairs", "Never buys", "fieldVisit", "waiting", end, "endOfIdentifiers", null, null, null),
        ];
        return ValueTask.FromResult<IReadOnlyList<DarkRow>?>(
            [.. rows.Where(r => (cohort is null || r.Cohort == cohort) && (state is not { } s || r.State == ProgrammeView.NameOf(s))).Take(limit)]);
    }

    private static ProgressCurve Curve() => new(7_970, DateOnly.FromDateTime(Deadline),
    [
        .. Enumerable.Range(0, 85).Select(i => First.AddDays(i)).Select((day, i) =>
            new CurvePoint(day, Math.Min(7_330, i * 103), day <= Today ? i * 95 : null, day <= Today ? Math.Max(0, (i - 4) * 78) : null)),
    ]);
}
