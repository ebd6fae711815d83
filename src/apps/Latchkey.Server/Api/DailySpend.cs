using Latchkey.Vending;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Latchkey.Server.Api;

/// <summary>Holds clients to what they may sell in a day. Counted before the sale, taken back where it is refused: a crash between leaves the count too high, never too low.</summary>
internal sealed class DailySpend(IServiceProvider services)
{
    public const string DayLimit = "day-limit";

    /// <summary>Null when the purchase may go on.</summary>
    public async Task<ProblemHttpResult?> CountAsync(ApiClient client, Guid purchase, long minorUnits, CancellationToken cancellationToken)
    {
        if (minorUnits <= 0 || services.GetService<IApiClients>() is not { } book || book.Find(client.Name) is null) return null;
        return await book.CountAsync(purchase, client, Today(), minorUnits, cancellationToken) switch
        {
            SpendOutcome.Counted => null,
            SpendOutcome.OverLimit => Problems.Of(
                StatusCodes.Status422UnprocessableEntity, DayLimit, "With this purchase the client would sell more than it may in a day. The limit begins anew at midnight of the seller's clock."),
            SpendOutcome.OthersPurchase => Problems.Of(StatusCodes.Status409Conflict, "purchase-id-reused", "This id belongs to another purchase. Use a new id for a new purchase."),
            var other => throw new System.Diagnostics.UnreachableException(other.ToString()),
        };
    }

    public async Task UncountAsync(ApiClient client, Guid purchase, CancellationToken cancellationToken)
    {
        if (services.GetService<IApiClients>() is { } book) await book.UncountAsync(purchase, client.Name, cancellationToken);
    }

    // Without a seller's clock the day is UTC's: test servers over made-up rooms have none.
    private DateOnly Today()
    {
        DateTimeOffset now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        return services.GetService<VendingOptions>() is { } options ? options.Day(now) : DateOnly.FromDateTime(now.UtcDateTime);
    }
}
