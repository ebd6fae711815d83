using System.Security.Cryptography;
using Latchkey.Ledger;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Changes of meters' keys: both keys stay here, only the tokens leave.</summary>
public sealed partial class SoftwareSigner : IKeyChangeSigner
{
    public async Task<KeyChangeSigned> SignAsync(KeyChange change, HeldEntry posted, CancellationToken cancellationToken)
    {
        if (CheckEntry(change, posted) is { } wrong) return No(wrong);
        if (MakeTokens(change, out IReadOnlyList<TokenNumber> tokens) is { } missing) return No(missing);
        var line = new SignatureRecord(
            0, change.Id, SignatureKind.Management, SigningKeyTerms.KeyIdOf(change.To), change.Pan, change.To.BaseDate.Year, change.Tid!.Value, 0, 0,
            posted.EntryId, HashOf(tokens), default);
        string? refusal = await store.UpdateAsync(books => AdmitChange(books, line), cancellationToken).ConfigureAwait(false);
        return refusal is null ? new KeyChangeSigned(null, tokens) : No(refusal);
    }

    private static KeyChangeSigned No(string code) => new(code, []);

    private string? CheckEntry(KeyChange change, HeldEntry posted)
    {
        (RecordedEntry? found, EntryKind? end) = ledger.FindWithEnd(posted.EntryId);
        if (posted.EntryId != change.EntryId || change.Tid is null || found is not { Entry: var entry } || found.Hash != posted.Hash) return VendingCodes.EntryMissing;
        if (end is not null) return VendingCodes.EntryVoided;
        return entry.Kind == EntryKind.Post && entry.Memo == KeyChangeDesk.MemoOf(change) && entry.Postings.Contains(KeyChangeDesk.LegOf(change)) ? null : VendingCodes.EntryMismatch;
    }

    private string? MakeTokens(KeyChange change, out IReadOnlyList<TokenNumber> tokens)
    {
        tokens = [];
        if (Derive(change.From, out DecoderKey? from) is { } old) return old;
        using (from)
        {
            if (Derive(change.To, out DecoderKey? to) is { } fresh) return fresh;
            using (to)
            {
                using TokenCipher cipher = TokenCipher.Create(change.From.Algorithm, from!, staTables);
                KeyChangeForm form = new MeterKeyRecord(change.From, change.TakesThirdToken).KeyChangeForm;
                KeyChangeSection[] sections = KeyChangeSet.Divide(to!, change.To, form, change.From.BaseDate != change.To.BaseDate);
                tokens = [.. sections.Select(section => cipher.Seal(TokenClass.MeterSpecificManagement, section.Encode()))];
                return null;
            }
        }
    }

    private string? Derive(in DecoderKeyAttributes attributes, out DecoderKey? key)
    {
        key = null;
        if (store.FindKey(SigningKeyTerms.KeyIdOf(attributes)) is not { } record) return VendingCodes.KeyMissing;
        return SignerSeal.IsIntact(custody, record) ? custody.Derive(record, attributes, out key) : VendingCodes.KeyDamaged;
    }

    /// <summary>The set is counted on the new key: that is the one it brings into the world.</summary>
    private string? AdmitChange(ISignerBooks books, SignatureRecord wanted)
    {
        SignerView view = books.Look(wanted);
        if (view.Signed is { } earlier) return earlier.HasSameContentAs(wanted) ? null : VendingCodes.SignedOtherwise;
        if (view.IsCancelled) return VendingCodes.OrderCancelled;
        if (view.TidIsTaken) return VendingCodes.SignedOtherwise;
        if (books.FindKey(wanted.KeyId) is not { } key) return VendingCodes.KeyMissing;
        if (!SignerSeal.IsIntact(custody, key)) return VendingCodes.KeyDamaged;
        if (key.StoppedReason is not null) return VendingCodes.KeyStopped;
        DateTimeOffset now = time.GetUtcNow();
        if (now < key.Terms.ActiveFrom || now >= key.Terms.IssueUntil) return VendingCodes.KeyNotActive;
        Append(books, wanted);
        books.Save(SignerSeal.Seal(custody, key with { Counters = key.Counters with { Tokens = key.Counters.Tokens + 1 } }));
        return null;
    }

    private static byte[] HashOf(IReadOnlyList<TokenNumber> tokens)
    {
        byte[] bytes = new byte[TokenNumber.ByteCount * tokens.Count];
        for (int i = 0; i < tokens.Count; i++) tokens[i].WriteBytes(bytes.AsSpan(i * TokenNumber.ByteCount));
        return SHA256.HashData(bytes);
    }
}
