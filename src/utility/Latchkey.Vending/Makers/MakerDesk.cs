using Latchkey.Sts;

namespace Latchkey.Vending.Makers;

/// <summary>Where people look after maker's tokens: requests of which nobody knows, and makes that are stopped.</summary>
public sealed class MakerDesk(IVendingStore store, IOrderDesk desk, TimeProvider time)
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

    /// <summary>What two people would be asked for; null and the code where nothing waits for an answer under this id.</summary>
    /// <param name="orderId">The purchase, or the approval of a token without energy.</param>
    /// <param name="token">What the maker's records have for it; null where it has made none.</param>
    public ApprovalEffect? EffectOf(Guid orderId, TokenNumber? token, out (string Code, string Detail)? problem)
    {
        MakerRequest? request = Find(orderId);
        problem = request is { State: MakerRequestState.Asked } ? null : (VendingCodes.UnknownOrder, "Nothing waits for a maker's answer under this id.");
        return problem is null ? ActEffects.MakerAnswer(request!, token) : null;
    }

    /// <summary>Why it could not be settled so as things stand; null where it could.</summary>
    internal (string Code, string Detail)? RefusalOf(ApprovalEffect effect)
    {
        DateTimeOffset now = time.GetUtcNow();
        return store.Read(books => Check(books, effect, now, out _, out _));
    }

    /// <summary>Keeps what two people learnt from the maker, once, and leads the purchase to its end: the token, or the money back.</summary>
    internal async Task<ApprovalOutcome> GrantAsync(Approval approval, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        (string Code, string Detail)? refusal = await store.UpdateAsync(books => Settle(books, approval, now), cancellationToken).ConfigureAwait(false);
        if (refusal is { } no) return new ApprovalOutcome.Refused(no.Code, no.Detail);

        // A token without energy is given to who asks for it again.
        if (Guid.TryParseExact(approval.Effect.Subject, "D", out Guid order)) await desk.FinishAsync(order, cancellationToken).ConfigureAwait(false);
        return new ApprovalOutcome.Done(approval);
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

    private static (string Code, string Detail)? Check(IVendingBooks books, ApprovalEffect effect, DateTimeOffset now, out MakerRequest? request, out TokenNumber? token)
    {
        (request, token) = (null, null);
        if (!MakerClaim.TryParse(effect.Detail, out MakerClaim claim)) return (VendingCodes.RequestMalformed, "It names a request and its token, or that there is none.");
        token = claim.Token;
        request = books.Makers.Find(claim.RequestId);
        if (request is not { State: MakerRequestState.Asked }) return (VendingCodes.UnknownOrder, "Nothing waits for a maker's answer under this id.");
        if (ActEffects.MakerAnswer(request, token) != effect) return (VendingCodes.ApprovalMismatch, "This is not what the maker was asked for.");
        if (now - request.AskedAt < Patience) return (VendingCodes.Busy, "It was sent less than ten minutes ago and may be under way; wait.");
        if (token is not { } found) return null;
        if ((found.Class == TokenClass.CreditTransfer) != (request.Kind == MakerTokenKind.Credit)) return (VendingCodes.RequestMalformed, "The token is of another kind than the one that was asked for.");
        return books.Makers.FindByToken(found) is null ? null : (VendingCodes.MakerTokenRepeated, "Another purchase has this token.");
    }

    private static (string Code, string Detail)? Settle(IVendingBooks books, Approval approval, DateTimeOffset now)
    {
        string memo = $"maker answer {approval.Effect.Subject} ({ActSteps.People(approval)})";
        var act = new ActEntry(DerivedId.Of(approval.Id, "maker act"), memo, [], []);
        if (books.FindEntry(act.Id) is not null) return ActSteps.Use(books, approval, act, now);
        if (ApprovalRules.CheckUse(books, approval.Id, approval.Effect, now, out _) is { } unapproved) return unapproved;
        if (Check(books, approval.Effect, now, out MakerRequest? request, out TokenNumber? token) is { } refusal) return refusal;
        if (ActSteps.Use(books, approval, act, now) is { } unused) return unused;

        string said = $"{ActSteps.People(approval)}: {approval.Request.Reason}";
        if (said.Length > MakerRequest.MaxPeopleLength) said = said[..MakerRequest.MaxPeopleLength];
        if (token is not { } found) MakerSteps.End(books, request!.Id, MakerRequestState.Refused, VendingCodes.MakerNoToken, said, now);
        else if (MakerSteps.Answer(books, request!.Id, found, default, said, now) is not MakerAnswer.Made) throw new InvalidOperationException($"The journal does not take the answer to {request.OrderId}.");
        return null;
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
