using Latchkey.Ledger;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>The signer over a custody of keys: meters' keys are made in custody, tokens here. Its journal and counters are its own, and it looks into the ledger itself.</summary>
/// <param name="staTables">EA07's tables; null takes the standard's sample tables.</param>
public sealed partial class SoftwareSigner(ISignerStore store, IKeyCustody custody, ILedgerReader ledger, TimeProvider time, StaTables? staTables = null)
    : ITokenSigner
{
    private readonly SignerJournal _journal = new(store, custody, time);

    public bool IsDevelopment => custody.IsDevelopment;

    public async Task<SignOutcome> SignAsync(VendOrder order, HeldEntry held, CancellationToken cancellationToken) =>
        (await SignAsync([(order, held)], cancellationToken).ConfigureAwait(false))[0];

    public async Task<IReadOnlyList<SignOutcome>> SignAsync(IReadOnlyList<(VendOrder Order, HeldEntry Held)> orders, CancellationToken cancellationToken)
    {
        IReadOnlyList<(RecordedEntry? Entry, EntryKind? End)> entries = ledger.FindWithEnd([.. orders.Select(o => o.Held.EntryId)]);
        var keys = new OpenKeys(store, custody);
        return await _journal.CountAsync(
            [.. orders.Select((o, i) => Prepare(o.Order, o.Held, entries[i].Entry, entries[i].End, keys))], cancellationToken).ConfigureAwait(false);
    }

    public async Task<SignOutcome> SignAsync(ManagementIssue issue, HeldEntry posted, CancellationToken cancellationToken)
    {
        PreparedToken prepared = TokenWish.Of(ledger, issue, posted, out TokenWish<ManagementToken> wish) is { } code
            ? PreparedToken.No(code)
            : Prepare(wish.Line, wish.Meter, TokenClass.MeterSpecificManagement, ManagementTokenCodec.Encode(wish.Content), new OpenKeys(store, custody));
        return (await _journal.CountAsync([prepared], cancellationToken).ConfigureAwait(false))[0];
    }

    public Task<NoTokenPromise> CancelAsync(Guid orderId, Guid entryId, CancellationToken cancellationToken) => _journal.CancelAsync(orderId, entryId, cancellationToken);

    public Task StopAsync(string keyId, string reason, CancellationToken cancellationToken) => _journal.StopAsync(keyId, reason, cancellationToken);

    private PreparedToken Prepare(VendOrder order, HeldEntry held, RecordedEntry? entry, EntryKind? end, OpenKeys keys)
    {
        if (order.Terms is { IsMoney: true })
        {
            return TokenWish.OfMoney(order, held, entry, end, out TokenWish<CurrencyCreditToken> money) is { } refusal
                ? PreparedToken.No(refusal)
                : Prepare(money.Line, money.Meter, TokenClass.CreditTransfer, CreditTokenCodec.Encode(money.Content), keys);
        }

        return TokenWish.Of(order, held, entry, end, out TokenWish<CreditToken> wish) is { } code
            ? PreparedToken.No(code)
            : Prepare(wish.Line, wish.Meter, TokenClass.CreditTransfer, CreditTokenCodec.Encode(wish.Content), keys);
    }

    /// <summary>The token exists here before it is counted, but nobody sees it until the count is on disk.</summary>
    private PreparedToken Prepare(SignatureRecord wanted, in DecoderKeyAttributes meter, TokenClass tokenClass, ulong block, OpenKeys keys)
    {
        if (keys.Find(wanted.KeyId, out SigningKeyRecord? record) is { } missing) return PreparedToken.No(missing);
        if (custody.Derive(record!, meter, out DecoderKey? key) is { } refusal) return PreparedToken.No(refusal);
        using (key)
        {
            using TokenCipher cipher = TokenCipher.Create(meter.Algorithm, key!, staTables);
            TokenNumber token = cipher.Seal(tokenClass, block);
            return new PreparedToken(null, token, wanted with { TokenHash = TokenWish.HashOf(token) });
        }
    }

    /// <summary>EA11 needs keys of 128 bits, which only a 160-bit vending key gives.</summary>
    internal static bool Fits(VendingKey key, EncryptionAlgorithm algorithm) =>
        algorithm != EncryptionAlgorithm.Ea11 || key.Length == VendingKey.HmacLength;

    internal static byte[] HashOf(TokenNumber token) => TokenWish.HashOf(token);
}
