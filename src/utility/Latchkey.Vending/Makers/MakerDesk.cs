using Latchkey.Sts;

namespace Latchkey.Vending.Makers;

/// <summary>Where people look after maker's tokens: requests of which nobody knows, and makes that are stopped.</summary>
public sealed class MakerDesk(IVendingStore store, TimeProvider time)
{
    /// <summary>So long after a request it may still be under way, and is not people's to settle.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private const string Reconciliation = "reconciliation";
    private const int MaxReasonLength = 200;

    /// <summary>Requests that were sent and have no answer, the oldest first.</summary>
    public IReadOnlyList<MakerRequest> Waiting(int limit) => store.Read(books => books.Makers.Waiting(limit));

    /// <summary>The newest request of an order's present hold, or of a management token; null where its token is not a maker's.</summary>
    public MakerRequest? Find(Guid orderId) => store.Read(books =>
        books.FindOrder(orderId) is { } order ? books.Makers.Newest(order.HoldId)
        : books.FindManagement(orderId) is { } issue ? books.Makers.Newest(issue.EntryId)
        : null);

    /// <summary>
    /// Two people who asked the maker say what became of a request: its token, or that there is none. The order is finished, or given up, when it is
    /// asked for again. Null when done, otherwise the code of what stands against it.
    /// </summary>
    public Task<string?> SettleAsync(Guid requestId, TokenNumber? token, TwoPeople people, string reason, CancellationToken cancellationToken)
    {
        string said = $"{people}: {reason}";
        if (!people.AreTwo) return Task.FromResult<string?>(VendingCodes.ApproversMissing);
        if (reason.Trim().Length == 0 || said.Length > MakerRequest.MaxPeopleLength || said.Any(char.IsControl)) return Task.FromResult<string?>(VendingCodes.RequestMalformed);
        DateTimeOffset now = time.GetUtcNow();
        return store.UpdateAsync(books => Settle(books, requestId, token, said, now), cancellationToken);
    }

    /// <summary>Why nothing is asked of a make's service; null where it is asked.</summary>
    public string? StoppedReason(string make) => store.Read(books => books.Makers.StoppedReason(make));

    /// <summary>Nothing is asked of the make's service any more; one person is enough for that.</summary>
    public Task StopAsync(string make, string reason, CancellationToken cancellationToken) => SetAsync(make, reason.Length <= MaxReasonLength ? reason : reason[..MaxReasonLength], cancellationToken);

    /// <summary>The service is asked again, after people have looked. Null when done, otherwise a code.</summary>
    public async Task<string?> ResumeAsync(string make, TwoPeople people, CancellationToken cancellationToken)
    {
        if (!people.AreTwo) return VendingCodes.ApproversMissing;
        await SetAsync(make, null, cancellationToken).ConfigureAwait(false);
        return null;
    }

    /// <summary>Stops the makes that an audit's differences belong to.</summary>
    public async Task StopAsync(IEnumerable<AuditDifference> differences, CancellationToken cancellationToken)
    {
        foreach (string make in differences.Select(d => MakerEntries.MakeOf(d.KeyId)).OfType<string>().Distinct(StringComparer.Ordinal))
            await StopAsync(make, Reconciliation, cancellationToken).ConfigureAwait(false);
    }

    private static string? Settle(IVendingBooks books, Guid requestId, TokenNumber? token, string said, DateTimeOffset now)
    {
        if (books.Makers.Find(requestId) is not { State: MakerRequestState.Asked } request) return VendingCodes.UnknownOrder;
        if (now - request.AskedAt < Patience) return VendingCodes.Busy;
        if (token is not { } found)
        {
            MakerSteps.End(books, requestId, MakerRequestState.Refused, VendingCodes.MakerNoToken, said, now);
            return null;
        }

        bool isOfItsClass = (found.Class == TokenClass.CreditTransfer) == (request.Kind == MakerTokenKind.Credit);
        if (!isOfItsClass) return VendingCodes.RequestMalformed;
        return MakerSteps.Answer(books, requestId, found, default, said, now) is MakerAnswer.Made ? null : VendingCodes.MakerTokenRepeated;
    }

    private Task SetAsync(string make, string? reason, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return store.UpdateAsync(
            books =>
            {
                books.Makers.SetStopped(make, reason, now);
                return true;
            },
            cancellationToken);
    }
}
