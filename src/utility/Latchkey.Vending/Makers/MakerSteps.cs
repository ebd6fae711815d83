using Latchkey.Ledger;
using Latchkey.Sts;

namespace Latchkey.Vending.Makers;

/// <summary>What is asked of a maker's service, and what lets it be asked.</summary>
/// <param name="Check">Looks in the books whether the entry covers the token; null when it does, otherwise a code.</param>
internal sealed record MakerErrand(
    string Make, MakerTokenKind Kind, Guid OrderId, RecordedEntry Entry, MeterPan Pan, long Tenths, Func<IVendingBooks, string?> Check)
{
    public static MakerErrand Of(VendOrder order, RecordedEntry hold) => new(
        order.Terms!.Make!, MakerTokenKind.Credit, order.Id, hold, order.Terms.Key.Pan, order.Terms.TenthsGranted, books => MakerSteps.Check(books, order, hold));

    /// <summary>Null where the make's service makes no such token.</summary>
    public static MakerErrand? Of(ManagementIssue issue, RecordedEntry entry, string make) => KindOf(issue.Request) is not { } kind ? null : new(
        make, kind, issue.Id, entry, issue.Key.Pan, 0, books => CommittedSale.Check(books.FindEntry(issue.EntryId), issue, new HeldEntry(entry.Entry.Id, entry.Hash)));

    public static MakerTokenKind? KindOf(ManagementRequest request) => request.Kind switch
    {
        ManagementSubClass.ClearTamperCondition => MakerTokenKind.ClearTamper,
        ManagementSubClass.ClearCredit when request.Value == (ushort)CreditRegister.Electricity => MakerTokenKind.ClearCredit,
        _ => null,
    };
}

/// <summary>What became of an errand.</summary>
internal abstract record MakerAnswer
{
    private MakerAnswer()
    {
    }

    public sealed record Made(TokenNumber Token) : MakerAnswer;

    /// <summary>There is no token and will be none for this entry.</summary>
    public sealed record Refused(string Code, string Detail) : MakerAnswer;

    /// <summary>The order stays held: it is tried again, or waits for people.</summary>
    public sealed record Waiting(string Code) : MakerAnswer;

    /// <summary>Kept; to be sent now. Never an answer, only a step's result.</summary>
    public sealed record Send(MakerRequest Request) : MakerAnswer;

    /// <summary>Was sent once, and nobody knows what came of it. Never an answer, only a step's result.</summary>
    public sealed record Look(MakerRequest Request) : MakerAnswer;
}

/// <summary>The durable steps of a maker's token. Each runs inside one transaction, and each may be run again.</summary>
internal static class MakerSteps
{
    /// <summary>Holds are given up after minutes, so there is no honest reason for more.</summary>
    private const int MostTries = 100;

    /// <summary>Keeps a request, unless the entry has had one that forbids it.</summary>
    public static MakerAnswer Begin(IVendingBooks books, MakerErrand errand, DateTimeOffset now)
    {
        MakerRequest? last = books.Makers.Newest(errand.Entry.Entry.Id);
        switch (last)
        {
            case { State: MakerRequestState.Answered }:
                return new MakerAnswer.Made(last.Token!.Value);
            case { State: MakerRequestState.Asked }:
                return new MakerAnswer.Look(last);
            case { State: MakerRequestState.Refused or MakerRequestState.Never }:
                return new MakerAnswer.Refused(last.Code ?? VendingCodes.OrderCancelled, "The maker's service made no token; nothing was charged.");
        }

        if (errand.Check(books) is { } uncovered) return new MakerAnswer.Refused(uncovered, "The books do not cover this token; nothing was charged.");
        if (books.Makers.StoppedReason(errand.Make) is not null) return new MakerAnswer.Waiting(VendingCodes.MakerStopped);
        int tries = books.Makers.CountOf(errand.Entry.Entry.Id);
        if (tries >= MostTries) return new MakerAnswer.Waiting(VendingCodes.MakerUnavailable);
        var request = new MakerRequest(
            0, DerivedId.Of(errand.Entry.Entry.Id, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"maker request {tries + 1}")), errand.Kind, errand.Make,
            errand.OrderId, errand.Entry.Entry.Id, errand.Entry.Hash, errand.Pan, errand.Tenths, now, MakerRequestState.Asked);
        books.Makers.Add(request);
        return new MakerAnswer.Send(request);
    }

    /// <summary>Keeps a token and seals it in the books. Whoever comes second finds the first one's.</summary>
    public static MakerAnswer Answer(IVendingBooks books, Guid requestId, TokenNumber token, ReadOnlyMemory<byte> answerHash, string? people, DateTimeOffset now)
    {
        MakerRequest request = books.Makers.Find(requestId)!;
        if (request.State == MakerRequestState.Answered && request.Token == token) return new MakerAnswer.Made(token);

        // A token that another order has would be one token for two payments; one that comes after people said there is none, a token for money that went back.
        if (request.State != MakerRequestState.Asked || books.Makers.FindByToken(token) is not null) return new MakerAnswer.Waiting(VendingCodes.MakerTokenRepeated);
        MakerRequest answered = request with
        {
            State = MakerRequestState.Answered, EndedAt = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()), Token = token, AnswerHash = answerHash, People = people,
        };
        foreach (LedgerAccount account in MakerEntries.AnswerAccounts(request.Make)) books.Open(account);
        if (books.Post(MakerEntries.AnswerOf(answered)) is not PostResult.Posted and var refused)
            throw new InvalidOperationException($"The books refuse the maker's answer to {request.OrderId}: {refused}.");
        books.Makers.End(answered);
        return new MakerAnswer.Made(token);
    }

    /// <summary>Keeps that a request made no token. An answer that is there already stays.</summary>
    public static void End(IVendingBooks books, Guid requestId, MakerRequestState state, string code, string? people, DateTimeOffset now)
    {
        if (books.Makers.Find(requestId) is { State: MakerRequestState.Asked } asked)
            books.Makers.End(asked with { State = state, EndedAt = now, Code = code, People = people });
    }

    /// <summary>Makes sure that nothing is ever asked for a held order; false where there is a token, or where nobody knows.</summary>
    public static bool TryForswear(IVendingBooks books, VendOrder order, string code, DateTimeOffset now)
    {
        switch (books.Makers.Newest(order.HoldId)?.State)
        {
            case MakerRequestState.Asked or MakerRequestState.Answered:
                return false;
            case MakerRequestState.Refused or MakerRequestState.Never:
                return true;
        }

        books.Makers.Add(new MakerRequest(
            0, DerivedId.Of(order.HoldId, "maker never"), MakerTokenKind.Credit, order.Terms!.Make!, order.Id, order.HoldId, books.FindEntry(order.HoldId)!.Hash,
            order.Command.Pan, order.Terms.TenthsGranted, now, MakerRequestState.Never, now, Code: code));
        return true;
    }

    /// <summary>True where two people who asked the maker said that a hold has no token.</summary>
    public static bool PeopleSayNone(IVendingBooks books, VendOrder order) =>
        books.Makers.Newest(order.HoldId) is { State: MakerRequestState.Refused, Code: VendingCodes.MakerNoToken };

    /// <summary>What our signer would look at, too: the committed entry must say what the token would say, and that it is the maker's to make.</summary>
    public static string? Check(IVendingBooks books, VendOrder order, RecordedEntry hold)
    {
        if (order.Terms is not { Make: { } make, IsMoney: false } terms || terms.TenthsGranted <= 0) return VendingCodes.EntryMismatch;
        EntryKind? end = books.FindState(order.Id) == (OrderState.Held, order.Attempt) ? null : EntryKind.Void;
        RecordedEntry? found = books.FindEntry(order.HoldId);
        if (CommittedSale.Check(found, end, order, new HeldEntry(hold.Entry.Id, hold.Hash)) is { } code) return code;
        return MakerEntries.MakeIn(found!.Entry) == make ? null : VendingCodes.EntryMismatch;
    }
}
