using Latchkey.Server.Access;
using Latchkey.Server.Portal.RollOver;
using Latchkey.Vending;
using Latchkey.Vending.Programmes;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Latchkey.Server.Api;

/// <summary>Programmes of key changes: how far they have come, and who goes dark when.</summary>
internal static class ProgrammeEndpoints
{
    private const int DefaultLimit = 100, MostLines = 1000;

    internal static void MapProgrammes(this RouteGroupBuilder api)
    {
        RouteGroupBuilder programmes = api.MapGroup("/key-changes/programmes").Needs(ApiScopes.ReportsRead);
        programmes.MapGet("", GetProgrammes).ProducesProblem(401).ProducesProblem(403).ProducesProblem(429).WithName("GetProgrammes").WithSummary("Programmes of key changes, newest first");
        programmes.MapGet("/{id}", GetProgramme).ProducesProblem(401).ProducesProblem(403).ProducesProblem(429).ProducesProblem(404).WithName("GetProgramme").WithSummary("How far a programme of key changes has come, by cohort and day");
        programmes.MapGet("/{id}/dark", GetDark).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(429).ProducesProblem(404).WithName("GetDark").WithSummary("Who goes dark when: meters whose new key is not proven, the soonest first");
    }

    private static async Task<Ok<ListResponse<ProgrammeName>>> GetProgrammes(IProgrammeView programmes, CancellationToken cancellationToken) =>
        TypedResults.Ok(ListResponse.Of(await programmes.ListAsync(cancellationToken)));

    private static async Task<Results<Ok<ProgrammeView>, ProblemHttpResult>> GetProgramme(string id, IProgrammeView programmes, CancellationToken cancellationToken) =>
        Guid.TryParse(id, out Guid programme) && await programmes.FindAsync(programme, cancellationToken) is { } sheet ? TypedResults.Ok(sheet.View) : Unknown();

    private static async Task<Results<Ok<ListResponse<DarkRow>>, ProblemHttpResult>> GetDark(
        string id, string? cohort, string? state, int? limit, IProgrammeView programmes, CancellationToken cancellationToken)
    {
        if (limit is not (null or (>= 1 and <= MostLines))) return Problems.BadParameter("limit", $"a whole number from 1 to {MostLines}");
        if (!TryReadState(state, out ProgrammeMeterState? wanted)) return Problems.BadParameter("state", "waiting, planned, issued, failed or dark");
        if (!Guid.TryParse(id, out Guid programme)) return Unknown();
        return await programmes.DarkAsync(programme, cohort, wanted, limit ?? DefaultLimit, cancellationToken) is { } rows ? TypedResults.Ok(ListResponse.Of(rows)) : Unknown();
    }

    internal static bool TryReadState(string? text, out ProgrammeMeterState? state)
    {
        state = null;
        if (string.IsNullOrEmpty(text)) return true;
        foreach (ProgrammeMeterState known in (ProgrammeMeterState[])[ProgrammeMeterState.Waiting, ProgrammeMeterState.Planned, ProgrammeMeterState.Issued, ProgrammeMeterState.Failed, ProgrammeMeterState.Dark])
        {
            if (ProgrammeView.NameOf(known) == text) state = known;
        }

        return state is not null;
    }

    private static ProblemHttpResult Unknown() => Problems.NotFound(VendingCodes.UnknownProgramme, "There is no programme of this id, or no cohort of this name in it.");
}
