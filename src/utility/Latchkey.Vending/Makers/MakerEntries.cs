using Latchkey.Ledger;

namespace Latchkey.Vending.Makers;

/// <summary>How maker's tokens stand in the books: a leg in the entry that sets the money aside, and an entry for each answer with the hash of its line.</summary>
/// <remarks>The leg says to everybody who reads the entry that its token is not our signer's to make.</remarks>
internal static class MakerEntries
{
    private const string Prefix = "tokens:maker:";
    private const string AnswerMemo = "maker token ";
    private const int GuidLength = 36;
    private static readonly AccountId Sales = AccountId.Require("tokens:maker-sales"), Answers = AccountId.Require("tokens:maker-answers");

    public static IReadOnlyList<Posting> Legs(string make) => [Posting.Debit(SoldBy(make), LedgerUnit.Token, 1), Posting.Credit(Sales, LedgerUnit.Token, 1)];

    /// <summary>The make whose service has to make the token of an entry; null where our signer has to.</summary>
    public static string? MakeIn(JournalEntry entry)
    {
        foreach (Posting leg in entry.Postings)
        {
            if (leg.Unit == LedgerUnit.Token && leg.Amount > 0 && leg.Account.ToString().StartsWith(Prefix, StringComparison.Ordinal)) return leg.Account.ToString()[Prefix.Length..];
        }

        return null;
    }

    public static bool IsLeg(Posting leg) => leg.Unit == LedgerUnit.Token && (leg.Account == Sales || leg.Account.ToString().StartsWith(Prefix, StringComparison.Ordinal));

    /// <summary>The accounts of an entry's legs.</summary>
    public static IEnumerable<LedgerAccount> Accounts(JournalEntry entry) =>
        entry.Postings.Where(IsLeg).Select(leg => new LedgerAccount(leg.Account, LedgerUnit.Token, AccountClass.Memorandum));

    public static Guid AnswerIdOf(Guid entryId) => DerivedId.Of(entryId, "maker answer");

    /// <summary>The entry that seals an answered line.</summary>
    public static JournalEntry AnswerOf(MakerRequest answered) => JournalEntry.Post(
        AnswerIdOf(answered.EntryId), answered.EndedAt!.Value, MemoOf(answered),
        Posting.Debit(AnsweredBy(answered.Make), LedgerUnit.Token, 1), Posting.Credit(Answers, LedgerUnit.Token, 1));

    public static string MemoOf(MakerRequest answered) => $"{AnswerMemo}{answered.EntryId:D} {answered.Digest()}";

    /// <summary>The entry whose answer is sealed by a memo; false where the memo is of something else.</summary>
    public static bool TryReadMemo(string memo, out Guid entryId)
    {
        entryId = default;
        return memo.StartsWith(AnswerMemo, StringComparison.Ordinal) && memo.Length > AnswerMemo.Length + GuidLength
            && Guid.TryParseExact(memo.AsSpan(AnswerMemo.Length, GuidLength), "D", out entryId);
    }

    public static IEnumerable<LedgerAccount> AnswerAccounts(string make) =>
        [new(AnsweredBy(make), LedgerUnit.Token, AccountClass.Memorandum), new(Answers, LedgerUnit.Token, AccountClass.Memorandum)];

    /// <summary>What a difference stops: the make, named as keys are.</summary>
    public static string KeyIdOf(string make) => "maker:" + make;

    /// <summary>The make that a difference stops; null where it stops a key.</summary>
    public static string? MakeOf(string? keyId) => keyId is { } id && id.StartsWith("maker:", StringComparison.Ordinal) ? id["maker:".Length..] : null;

    private static AccountId SoldBy(string make) => AccountId.Require(Prefix + make);

    private static AccountId AnsweredBy(string make) => AccountId.Require("tokens:answered:" + make);
}
