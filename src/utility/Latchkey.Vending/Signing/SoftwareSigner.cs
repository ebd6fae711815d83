using System.Security.Cryptography;
using Latchkey.Ledger;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>The signer over a custody of keys. Its journal and counters are its own, and it looks into the ledger itself.</summary>
/// <param name="staTables">EA07's tables; null takes the standard's sample tables.</param>
public sealed partial class SoftwareSigner(ISignerStore store, IKeyCustody custody, ILedgerReader ledger, TimeProvider time, StaTables? staTables = null)
    : ITokenSigner
{
    public bool IsDevelopment => custody.IsDevelopment;

    public async Task<SignOutcome> SignAsync(VendOrder order, HeldEntry held, CancellationToken cancellationToken) =>
        (await SignAsync([(order, held)], cancellationToken).ConfigureAwait(false))[0];

    public async Task<IReadOnlyList<SignOutcome>> SignAsync(IReadOnlyList<(VendOrder Order, HeldEntry Held)> orders, CancellationToken cancellationToken)
    {
        IReadOnlyList<(RecordedEntry? Entry, EntryKind? End)> entries = ledger.FindWithEnd([.. orders.Select(o => o.Held.EntryId)]);
        var keys = new OpenKeys(store, custody);
        return await CountAsync(
            [.. orders.Select((o, i) => Prepare(o.Order, o.Held, entries[i].Entry, entries[i].End, keys))], cancellationToken).ConfigureAwait(false);
    }

    public async Task<SignOutcome> SignAsync(ManagementIssue issue, HeldEntry posted, CancellationToken cancellationToken)
    {
        PreparedToken prepared = CommittedSale.Check(ledger, issue, posted) is { } code
            ? PreparedToken.No(code)
            : Prepare(
                new SignatureRecord(
                    0, issue.Id, SignatureKind.Management, SigningKeyTerms.KeyIdOf(issue.Key), issue.Key.Pan, issue.Key.BaseDate.Year, issue.Tid,
                    0, 0, posted.EntryId, default, default),
                issue.Key,
                TokenClass.MeterSpecificManagement,
                ManagementTokenCodec.Encode(new ManagementToken(issue.Request.Kind, RandomOf(issue.Id), issue.Tid, issue.Request.Value)),
                new OpenKeys(store, custody));
        return (await CountAsync([prepared], cancellationToken).ConfigureAwait(false))[0];
    }

    public Task<bool> CancelAsync(Guid orderId, Guid entryId, CancellationToken cancellationToken) => store.UpdateAsync(
        books =>
        {
            if (books.FindSigned(orderId) is not null) return false;
            if (books.IsCancelled(entryId)) return true;
            Append(books, new SignatureRecord(
                0, orderId, SignatureKind.Cancelled, string.Empty, default, 0, default, 0, 0, entryId, new byte[SignatureRecord.HashLength], default));
            return true;
        },
        cancellationToken);

    public Task StopAsync(string keyId, string reason, CancellationToken cancellationToken) => store.UpdateAsync(
        books =>
        {
            if (books.FindKey(keyId) is { } key) books.Save(SignerSeal.Seal(custody, key with { StoppedReason = reason }));
            return true;
        },
        cancellationToken);

    private PreparedToken Prepare(VendOrder order, HeldEntry held, RecordedEntry? entry, EntryKind? end, OpenKeys keys)
    {
        if (order.Terms is not { } terms || order.Tid is not { } tid) return PreparedToken.No(VendingCodes.EntryMismatch);
        if (CommittedSale.Check(entry, end, order, held) is { } code) return PreparedToken.No(code);
        if (!TransferAmount.TryFromSteps(terms.TenthsGranted, out TransferAmount amount) || amount.Steps != terms.TenthsGranted)
            return PreparedToken.No(VendingCodes.EntryMismatch);

        return Prepare(
            new SignatureRecord(
                0, order.Id, SignatureKind.Credit, SigningKeyTerms.KeyIdOf(terms.Key), terms.Key.Pan, terms.Key.BaseDate.Year, tid,
                terms.TenthsGranted, order.Command.Amount.MinorUnits, held.EntryId, default, default),
            terms.Key,
            TokenClass.CreditTransfer,
            CreditTokenCodec.Encode(new CreditToken(CreditSubClass.Electricity, RandomOf(order.Id), tid, amount)),
            keys);
    }

    /// <summary>The token exists here before it is counted, but nobody sees it until the count is on disk.</summary>
    private PreparedToken Prepare(SignatureRecord wanted, in DecoderKeyAttributes meter, TokenClass tokenClass, ulong block, OpenKeys keys)
    {
        if (keys.Find(wanted.KeyId, out SigningKeyRecord? record) is { } missing) return PreparedToken.No(missing);
        if (meter.KeyExpiry.IsExpiredAt(wanted.Tid)) return PreparedToken.No(VendingCodes.KeyExpired);
        if (custody.Derive(record!, meter, out DecoderKey? key) is { } refusal) return PreparedToken.No(refusal);
        using (key)
        {
            using TokenCipher cipher = TokenCipher.Create(meter.Algorithm, key!, staTables);
            TokenNumber token = cipher.Seal(tokenClass, block);
            return new PreparedToken(null, token, wanted with { TokenHash = HashOf(token) });
        }
    }

    private async Task<IReadOnlyList<SignOutcome>> CountAsync(PreparedToken[] tokens, CancellationToken cancellationToken)
    {
        string?[] refusals = Array.ConvertAll(tokens, t => t.Refusal);
        if (Array.IndexOf(refusals, null) >= 0)
        {
            refusals = await store.UpdateAsync(
                books =>
                {
                    var counting = new KeyCounting(books, custody, time.GetUtcNow());
                    string?[] said = Array.ConvertAll(tokens, t => t.Refusal ?? Admit(books, t.Line!, counting));
                    counting.Save();
                    return said;
                },
                cancellationToken).ConfigureAwait(false);
        }

        return [.. tokens.Select<PreparedToken, SignOutcome>((t, i) => refusals[i] is { } code ? new SignOutcome.Refused(code) : new SignOutcome.Signed(t.Token))];
    }

    /// <summary>Counts the token, unless it was counted before; or says why it may not be.</summary>
    private string? Admit(ISignerBooks books, SignatureRecord wanted, KeyCounting counting)
    {
        SignerView view = books.Look(wanted);
        if (view.Signed is { } earlier) return earlier.HasSameContentAs(wanted) ? null : VendingCodes.SignedOtherwise;
        if (view.IsCancelled) return VendingCodes.OrderCancelled;

        // Two orders with one identifier would be one token for the meter: whoever comes second gets none.
        if (view.TidIsTaken) return VendingCodes.SignedOtherwise;
        if (counting.Count(wanted) is { } refusal) return refusal;
        Append(books, wanted);
        return null;
    }

    private void Append(ISignerBooks books, SignatureRecord line)
    {
        SignatureRecord? last = books.Last;
        SignatureRecord numbered = line with { Number = (last?.Number ?? 0) + 1 };
        ReadOnlyMemory<byte> before = last?.Mac ?? default;
        books.Append(numbered with { Mac = custody.Mac(before.Span, numbered.CanonicalBytes()) });
    }

    /// <summary>EA11 needs keys of 128 bits, which only a 160-bit vending key gives.</summary>
    internal static bool Fits(VendingKey key, EncryptionAlgorithm algorithm) =>
        algorithm != EncryptionAlgorithm.Ea11 || key.Length == VendingKey.HmacLength;

    /// <summary>Four bits that spread over orders but are the same whenever this order is signed again.</summary>
    private static byte RandomOf(Guid orderId)
    {
        Span<byte> input = stackalloc byte[16];
        orderId.TryWriteBytes(input, bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        return (byte)(hash[0] & 0xF);
    }

    internal static byte[] HashOf(TokenNumber token)
    {
        Span<byte> bytes = stackalloc byte[TokenNumber.ByteCount];
        token.WriteBytes(bytes);
        return SHA256.HashData(bytes);
    }
}
