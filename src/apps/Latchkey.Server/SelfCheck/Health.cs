namespace Latchkey.Server.SelfCheck;

/// <summary>
/// Tells service managers and load balancers how the server stands: <c>/health</c> whether it is of any use, <c>/ready</c> whether it can sell. Anybody may
/// ask, so the answer has stable codes and nothing else; what is behind them is in the log.
/// </summary>
internal static class Health
{
    /// <param name="Status"><c>ok</c>, <c>warning</c> or <c>failing</c>: the worst of <paramref name="Signs"/>.</param>
    /// <param name="Signs">The code of each.</param>
    internal sealed record Report(string Status, IReadOnlyDictionary<string, string> Signs);

    internal static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health", (VitalWatch watch, HttpContext http) => Answer(http, watch.Look(ofTheServerOnly: true))).ExcludeFromDescription();
        routes.MapGet("/ready", (VitalWatch watch, HttpContext http) => Answer(http, watch.Look(ofTheServerOnly: false))).ExcludeFromDescription();
    }

    private static IResult Answer(HttpContext http, IReadOnlyList<Vital> vitals)
    {
        http.Response.Headers.CacheControl = "no-store";
        VitalState worst = vitals.Select(v => v.State).DefaultIfEmpty(VitalState.Well).Max();
        var signs = new SortedDictionary<string, string>(vitals.ToDictionary(v => v.Name, v => v.Code, StringComparer.Ordinal), StringComparer.Ordinal);
        return TypedResults.Json(
            new Report(Word(worst), signs), statusCode: worst == VitalState.Failing ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }

    private static string Word(VitalState state) => state switch
    {
        VitalState.Well => Vital.Ok,
        VitalState.Warning => "warning",
        _ => "failing",
    };
}
