using System.Globalization;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Taking keys in, raising their limits and starting them again: each on the word of two different people.</summary>
public sealed class KeyAdministration(ISignerStore store, IKeyCustody custody)
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

    /// <summary>Raises what may be signed in all by <paramref name="minorUnits"/>.</summary>
    public Task<string?> RaiseLimitAsync(string keyId, long minorUnits, TwoPeople approval, CancellationToken cancellationToken) => ChangeAsync(
        keyId, approval, key => minorUnits > 0 ? key with { CreditLimit = key.CreditLimit + minorUnits } : null, cancellationToken);

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

    /// <summary>Starts a stopped key again, after people have looked.</summary>
    public Task<string?> ResumeAsync(string keyId, TwoPeople approval, CancellationToken cancellationToken) =>
        ChangeAsync(keyId, approval, key => key with { StoppedReason = null }, cancellationToken);

    /// <summary>All keys with their terms, counters and limits; never their bytes.</summary>
    public IReadOnlyList<SigningKeyRecord> Keys => store.Read(books => books.Keys);

    /// <summary>True where there are keys and this custody sealed none of them: it is not the one of this directory.</summary>
    public bool IsOfAnotherCustody => Keys is { Count: > 0 } keys && !keys.Any(key => SignerSeal.IsIntact(custody, key));

    private Task<string?> ChangeAsync(
        string keyId, TwoPeople approval, Func<SigningKeyRecord, SigningKeyRecord?> change, CancellationToken cancellationToken) => store.UpdateAsync(
        books =>
        {
            if (!approval.AreTwo) return VendingCodes.ApproversMissing;
            if (books.FindKey(keyId) is not { } key) return VendingCodes.KeyMissing;

            // A record that somebody edited is not made good by sealing it anew.
            if (!SignerSeal.IsIntact(custody, key) || change(key) is not { } changed) return VendingCodes.KeyDamaged;
            books.Save(SignerSeal.Seal(custody, changed));
            return null;
        },
        cancellationToken);
}

/// <summary>Two people who answer for something together.</summary>
public readonly record struct TwoPeople(string First, string Second)
{
    public bool AreTwo => !string.IsNullOrWhiteSpace(First)
        && !string.IsNullOrWhiteSpace(Second)
        && !string.Equals(First.Trim(), Second.Trim(), StringComparison.OrdinalIgnoreCase);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First}, {Second}");
}
