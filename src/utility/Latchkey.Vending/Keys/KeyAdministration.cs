using System.Globalization;
using Latchkey.Ledger;
using Latchkey.Sts;
using Latchkey.Vending.Apart;

namespace Latchkey.Vending;

/// <summary>Taking keys in at a ceremony; raising their limits and starting them again on what two people approved in the books; stopping them.</summary>
/// <param name="ledger">The seller's books, where approvals lie; null where there are none to be read, and then nothing is raised or started.</param>
public sealed class KeyAdministration(ISignerStore store, IKeyCustody custody, ILedgerReader? ledger)
{
    /// <summary>Takes a key in. Null when done, or when the same key is there already; otherwise the code of what is wrong.</summary>
    /// <param name="vendingKey">The bytes, which the caller clears afterwards.</param>
    public async Task<string?> ImportAsync(
        ReadOnlyMemory<byte> vendingKey, SigningKeyTerms terms, long creditLimit, TwoPeople approval, CancellationToken cancellationToken)
    {
        if (!approval.AreTwo) return VendingCodes.ApproversMissing;
        if (IsOfAnotherCustody) return VendingCodes.OtherCustody;
        if (creditLimit < 0 || !VendingKey.TryCreate(vendingKey.Span, out VendingKey? key)) return VendingCodes.KeyDamaged;
        string checkValue = key.CheckValue;
        key.Dispose();
        SigningKeyRecord record = SignerSeal.Seal(
            custody, new SigningKeyRecord(terms, checkValue, custody.Wrap(vendingKey.Span, terms), creditLimit, default, null, default));
        return await store.UpdateAsync(
            books =>
            {
                if (books.FindKey(terms.KeyId) is { } there) return there.CheckValue == checkValue ? null : VendingCodes.SignedOtherwise;
                books.Save(record);
                return null;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Does to a key what two people approved in the seller's books. The signer looks itself: the entry must be committed and use up the approval of exactly
    /// this, and the key must still stand where it stood when they were asked. Null when done, also when it was done before; otherwise the code of what is wrong.
    /// </summary>
    public async Task<string?> ApplyAsync(Guid approvalId, ApprovalEffect effect, CancellationToken cancellationToken)
    {
        if (ledger?.FindWithEnd([ActSteps.KeyEntryOf(approvalId)])[0] is not ({ Entry: { Kind: EntryKind.Post } entry }, null) || !ApprovalEntries.Uses(entry, approvalId, effect))
            return VendingCodes.ApproversMissing;
        return await store.UpdateAsync(
            books =>
            {
                if (books.FindKey(effect.Subject) is not { } key) return VendingCodes.KeyMissing;

                // A record that somebody edited is not made good by sealing it anew.
                if (!SignerSeal.IsIntact(custody, key)) return VendingCodes.KeyDamaged;
                if (key.LastAct == approvalId) return null;
                if (EffectNow(SignerKey.Of(key), effect) != effect) return VendingCodes.KeyChanged;
                books.Save(SignerSeal.Seal(custody, Changed(key, effect) with { LastAct = approvalId }));
                return null;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops a key; one person is enough for that. Null when done, otherwise the code of what is wrong.</summary>
    public Task<string?> StopAsync(string keyId, string reason, CancellationToken cancellationToken) => store.UpdateAsync(
        books =>
        {
            if (books.FindKey(keyId) is not { } key) return VendingCodes.KeyMissing;
            if (!SignerSeal.IsIntact(custody, key)) return VendingCodes.KeyDamaged;
            books.Save(SignerSeal.Seal(custody, key with { StoppedReason = reason }));
            return null;
        },
        cancellationToken);

    /// <summary>All keys with their terms, counters and limits; never their bytes.</summary>
    public IReadOnlyList<SigningKeyRecord> Keys => store.Read(books => books.Keys);

    /// <summary>True where there are keys and this custody sealed none of them: it is not the one of this directory.</summary>
    public bool IsOfAnotherCustody => Keys is { Count: > 0 } keys && !keys.Any(key => SignerSeal.IsIntact(custody, key));

    /// <summary>What would be asked of a key as it stands: the same effect, or the key has been changed meanwhile.</summary>
    internal static ApprovalEffect? EffectNow(SignerKey key, ApprovalEffect asked) =>
        asked.Kind == ApprovalKind.KeyLimit ? ActEffects.KeyLimit(key, asked.Amount, out _) : ActEffects.KeyResume(key, out _);

    private static SigningKeyRecord Changed(SigningKeyRecord key, ApprovalEffect effect) =>
        effect.Kind == ApprovalKind.KeyLimit ? key with { CreditLimit = key.CreditLimit + effect.Amount } : key with { StoppedReason = null };
}

/// <summary>Two people at one table, by their names: a ceremony's protocol. Names prove nobody; what is done later takes an approval (<see cref="ActDesk"/>).</summary>
public readonly record struct TwoPeople(string First, string Second)
{
    public bool AreTwo => !string.IsNullOrWhiteSpace(First)
        && !string.IsNullOrWhiteSpace(Second)
        && !string.Equals(First.Trim(), Second.Trim(), StringComparison.OrdinalIgnoreCase);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}, {Second}");
}
