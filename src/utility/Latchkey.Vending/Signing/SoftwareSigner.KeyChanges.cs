using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Changes of meters' keys: both keys stay here, only the tokens leave.</summary>
public sealed partial class SoftwareSigner : IKeyChangeSigner
{
    public async Task<KeyChangeSigned> SignAsync(KeyChange change, HeldEntry posted, CancellationToken cancellationToken)
    {
        if (TokenWish.Of(ledger, change, posted, out SignatureRecord? line) is { } wrong) return No(wrong);
        if (MakeTokens(change, out IReadOnlyList<TokenNumber> tokens) is { } missing) return No(missing);
        string? refusal = await _journal.CountSetAsync(line! with { TokenHash = TokenWish.HashOf(tokens) }, cancellationToken).ConfigureAwait(false);
        return refusal is null ? new KeyChangeSigned(null, tokens) : No(refusal);
    }

    private static KeyChangeSigned No(string code) => new(code, []);

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
}
