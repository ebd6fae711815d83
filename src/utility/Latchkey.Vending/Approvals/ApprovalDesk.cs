using Latchkey.Ledger;

namespace Latchkey.Vending;

/// <summary>Where requests are asked for and decided. Every step is an entry in the sealed books; safe to repeat.</summary>
public sealed class ApprovalDesk(IVendingStore store, TimeProvider time)
{
    public const int MostOpen = 500;
    public const int MostOpenOfOne = 50;
    public static readonly TimeSpan UsualLifetime = TimeSpan.FromHours(24);
    public static readonly TimeSpan LongestLifetime = TimeSpan.FromDays(7);
    private const int ExpiredAtOnce = 100;

    public Approval? Find(Guid id) => store.Read(books => books.FindApproval(id));

    /// <summary>Newest first; all states where none is named. At most <paramref name="limit"/>.</summary>
    public IReadOnlyList<Approval> List(ApprovalState? state, int limit) => store.Read(books => books.Approvals(state, limit));

    /// <summary>Asks. The same id with the same content is the same request; with other content it is refused.</summary>
    public Task<ApprovalOutcome> AskAsync(Guid id, ApprovalEffect effect, string reason, ApprovalPerson by, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        return store.UpdateAsync<ApprovalOutcome>(
            books =>
            {
                if (books.FindApproval(id) is { } there)
                {
                    bool isSame = (there.Effect, there.Request.Reason, there.Request.AskedBy.ToString()) == (effect, reason, by.ToString());
                    return isSame ? new ApprovalOutcome.Done(there) : No(VendingCodes.OrderIdReused, "This id belongs to another request; make a new one.");
                }

                if (CheckAsking(books, id, effect, reason, by, lifetime) is { } wrong) return wrong;
                var approval = new Approval(
                    new ApprovalRequest(id, effect, reason, by, now, now + lifetime), ApprovalState.Open, First: by.Source == PersonSource.Api ? null : by);
                return Keep(books, approval, approval, ApprovalEntries.Asked, by, now);
            },
            cancellationToken);
    }

    /// <summary>Approves, as a person other than who asked. What a program asked needs two such persons.</summary>
    public Task<ApprovalOutcome> GiveAsync(Guid id, ApprovalPerson by, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return store.UpdateAsync<ApprovalOutcome>(
            books =>
            {
                if (CheckDeciding(books, id, by, now, out Approval? open) is { } wrong) return wrong;
                if (!by.IsSomebodyElseThan(open!.Request.AskedBy) || (open.First is { } first && !by.IsSomebodyElseThan(first)))
                    return No(VendingCodes.ApprovalSamePerson, "A second person approves: not who asked, and not the same account under another name.");
                return open.First is null
                    ? Keep(books, open, open with { First = by }, ApprovalEntries.Supported, by, now)
                    : Keep(books, open, open with { State = ApprovalState.Given, Second = by, DecidedAt = now }, ApprovalEntries.Given, by, now);
            },
            cancellationToken);
    }

    /// <summary>Refuses; who asked may take the request back that way. Also ends what was approved and not used.</summary>
    public Task<ApprovalOutcome> RefuseAsync(Guid id, ApprovalPerson by, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return store.UpdateAsync<ApprovalOutcome>(
            books =>
            {
                Approval? there = books.FindApproval(id);
                if (there is not { State: ApprovalState.Given } || there.StateAt(now) != ApprovalState.Given)
                {
                    bool isOwn = there is not null && there.Request.AskedBy.ToString() == by.ToString();
                    if (CheckDeciding(books, id, isOwn ? by with { MayApprove = true } : by, now, out there) is { } wrong) return wrong;
                }
                else if (!by.MayApprove || !by.IsWellFormed)
                {
                    return RoleMissing;
                }

                return Keep(books, there!, there! with { State = ApprovalState.Refused, Second = by, DecidedAt = now }, ApprovalEntries.Refused, by, now);
            },
            cancellationToken);
    }

    /// <summary>Ends what is past its time; returns how many.</summary>
    public Task<int> ExpireAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return store.UpdateAsync(
            books =>
            {
                Approval[] late = [.. books.LateApprovals(now, ExpiredAtOnce)];
                foreach (Approval approval in late)
                    _ = Keep(books, approval, approval with { State = ApprovalState.Expired, DecidedAt = now }, ApprovalEntries.Expired, null, now);
                return late.Length;
            },
            cancellationToken);
    }

    private static ApprovalOutcome.Refused? CheckAsking(IVendingBooks books, Guid id, ApprovalEffect effect, string reason, ApprovalPerson by, TimeSpan lifetime)
    {
        if (id == Guid.Empty) return No(VendingCodes.OrderIdMissing, "A request needs an id.");
        if (!by.IsWellFormed) return No(VendingCodes.RequestMalformed, $"A person is named by 1 to {ApprovalPerson.MaxLength} characters without ':' and '/'.");
        if (reason.Trim().Length == 0 || reason.Length > ApprovalRequest.MaxReasonLength) return No(VendingCodes.RequestMalformed, $"A reason has 1 to {ApprovalRequest.MaxReasonLength} characters.");
        if (lifetime <= TimeSpan.Zero || lifetime > LongestLifetime) return No(VendingCodes.RequestMalformed, "A request lives from a moment to seven days.");
        if (effect.Subject.Length > ApprovalEffect.MaxTextLength || effect.Detail.Length > ApprovalEffect.MaxTextLength || effect.Unit.Length > LedgerUnit.MaxLength)
            return No(VendingCodes.TextTooLong, "The request is too long.");
        (int all, int own) = books.CountOpenApprovals(by.ToString());
        return all >= MostOpen || own >= MostOpenOfOne
            ? No(VendingCodes.TooManyApprovals, $"{(own >= MostOpenOfOne ? MostOpenOfOne : MostOpen)} requests are open; have some decided first.")
            : null;
    }

    private static ApprovalOutcome.Refused? CheckDeciding(IVendingBooks books, Guid id, ApprovalPerson by, DateTimeOffset now, out Approval? open)
    {
        open = books.FindApproval(id);
        if (open is null) return No(VendingCodes.ApprovalUnknown, "There is no such request.");
        if (!by.MayApprove || !by.IsWellFormed) return RoleMissing;
        return open.StateAt(now) switch
        {
            ApprovalState.Open => null,
            ApprovalState.Expired => No(VendingCodes.ApprovalExpired, "The request has expired; it must be asked again."),
            _ => No(VendingCodes.ApprovalDecided, "The request is decided already."),
        };
    }

    private static ApprovalOutcome.Refused RoleMissing => No(VendingCodes.ApprovalRoleMissing, "Only a person with the role of an operator decides; a program may ask.");

    private static ApprovalOutcome.Done Keep(IVendingBooks books, Approval before, Approval after, string step, ApprovalPerson? by, DateTimeOffset now)
    {
        PostResult result = ApprovalRules.Post(books, ApprovalEntries.Of(before, step, by, now));
        if (result is not (PostResult.Posted or PostResult.AlreadyPosted)) throw new InvalidOperationException($"The books refuse step '{step}' of approval {after.Id}: {result}.");
        books.Save(after);
        return new ApprovalOutcome.Done(after);
    }

    private static ApprovalOutcome.Refused No(string code, string detail) => new(code, detail);
}
