namespace Latchkey.Server.SelfCheck;

/// <summary>Something that must work for the server to do its work, such as the database.</summary>
public interface IVitalSign
{
    string Name { get; }

    /// <summary>Null when it works, else one line of what is wrong, without any secret.</summary>
    ValueTask<string?> AilmentAsync(CancellationToken cancellationToken);
}

/// <summary>Tells a watchdog whether the server can do its work.</summary>
internal static class Health
{
    internal sealed record Report(string Status, IReadOnlyDictionary<string, string> Signs);

    internal static void MapHealth(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/health", async (IEnumerable<IVitalSign> signs, CancellationToken cancellationToken) =>
        {
            Report report = await CheckAsync(signs, cancellationToken);
            return TypedResults.Json(report, statusCode: report.Status == "ok" ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).ExcludeFromDescription();

    private static async Task<Report> CheckAsync(IEnumerable<IVitalSign> signs, CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (IVitalSign sign in signs) found[sign.Name] = await sign.AilmentAsync(cancellationToken) ?? "ok";
        return new Report(found.Values.All(state => state == "ok") ? "ok" : "failing", found);
    }
}
