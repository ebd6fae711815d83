using System.Security.Cryptography;
using Latchkey.Ledger;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>The signer with keys in software. Its journal and counters are its own, and it looks into the ledger itself.</summary>
/// <param name="staTables">EA07's tables; null takes the standard's sample tables.</param>
public sealed partial class SoftwareSigner(ISignerStore store, IKeyCustody custody, ILedgerReader ledger, TimeProvider time, StaTables? staTables = null)
    : ITokenSigner
{
    public bool IsDevelopment => custody.IsDevelopment;

    public async Task<SignOutcome> SignAsync(VendOrder order, HeldEntry held, CancellationToken cancellationToken)
    {
        if (order.Terms is not { } terms || order.Tid is not { } tid) return new SignOutcome.Refused(VendingCodes.EntryMismatch);
        if (CommittedSale.Check(ledger, order, held) is { } code) return new SignOutcome.Refused(code);
        if (!TransferAmount.TryFromSteps(terms.TenthsGranted, out TransferAmount amount) || amount.Steps != terms.TenthsGranted)
            return new SignOutcome.Refused(VendingCodes.EntryMismatch);

        return await SignAsync(
            new SignatureRecord(
                0, order.Id, SignatureKind.Credit, SigningKeyTerms.KeyIdOf(terms.Key), terms.Key.Pan, terms.Key.BaseDate.Year, tid,
                terms.TenthsGranted, order.Command.Amount.MinorUnits, held.EntryId, default, default),
            terms.Key,
            TokenClass.CreditTransfer,
            CreditTokenCodec.Encode(new CreditToken(CreditSubClass.Electricity, RandomOf(order.Id), tid, amount)),
            cancellationToken).ConfigureAwait(false);
    }

    public async Task<SignOutcome> SignAsync(ManagementIssue issue, HeldEntry posted, CancellationToken cancellationToken)
    {
        if (CommittedSale.Check(ledger, issue, posted) is { } code) return new SignOutcome.Refused(code);
        return await SignAsync(
            new SignatureRecord(
                0, issue.Id, SignatureKind.Management, SigningKeyTerms.KeyIdOf(issue.Key), issue.Key.Pan, issue.Key.BaseDate.Year, issue.Tid,
                0, 0, posted.EntryId, default, default),
            issue.Key,
            TokenClass.MeterSpecificManagement,
            ManagementTokenCodec.Encode(new ManagementToken(issue.Request.Kind, RandomOf(issue.Id), issue.Tid, issue.Request.Value)),
            cancellationToken).ConfigureAwait(false);
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

    private async Task<SignOutcome> SignAsync(
        SignatureRecord wanted, DecoderKeyAttributes meter, TokenClass tokenClass, ulong block, CancellationToken cancellationToken)
    {
        if (store.FindKey(wanted.KeyId) is not { } key) return new SignOutcome.Refused(VendingCodes.KeyMissing);
        if (!SignerSeal.IsIntact(custody, key) || custody.Open(key) is not { } vendingKey) return new SignOutcome.Refused(VendingCodes.KeyDamaged);
        if (!Fits(vendingKey, meter.Algorithm)) return new SignOutcome.Refused(VendingCodes.KeyAlgorithmMismatch);
        if (meter.KeyExpiry.IsExpiredAt(wanted.Tid)) return new SignOutcome.Refused(VendingCodes.KeyExpired);

        // The token exists here before it is counted, but nobody sees it until the count is on disk.
        TokenNumber token = MakeToken(vendingKey, meter, tokenClass, block);
        SignatureRecord line = wanted with { TokenHash = HashOf(token) };
        string? refusal = await store.UpdateAsync(books => Admit(books, line), cancellationToken).ConfigureAwait(false);
        return refusal is null ? new SignOutcome.Signed(token) : new SignOutcome.Refused(refusal);
    }

    /// <summary>Counts the token, unless it was counted before; or says why it may not be.</summary>
    private string? Admit(ISignerBooks books, SignatureRecord wanted)
    {
        SignerView view = books.Look(wanted);
        if (view.Signed is { } earlier) return earlier.HasSameContentAs(wanted) ? null : VendingCodes.SignedOtherwise;
        if (view.IsCancelled) return VendingCodes.OrderCancelled;

        // Two orders with one identifier would be one token for the meter: whoever comes second gets none.
        if (view.TidIsTaken) return VendingCodes.SignedOtherwise;
        if (books.FindKey(wanted.KeyId) is not { } key) return VendingCodes.KeyMissing;
        if (!SignerSeal.IsIntact(custody, key)) return VendingCodes.KeyDamaged;
        if (key.StoppedReason is not null) return VendingCodes.KeyStopped;
        DateTimeOffset now = time.GetUtcNow();
        if (now < key.Terms.ActiveFrom || now >= key.Terms.IssueUntil) return VendingCodes.KeyNotActive;
        if (wanted.MinorUnits > key.CreditLimit - key.Counters.MinorUnits) return VendingCodes.CreditLimit;

        Append(books, wanted);
        KeyCounters counters = new(key.Counters.Tokens + 1, key.Counters.Tenths + wanted.Tenths, key.Counters.MinorUnits + wanted.MinorUnits);
        books.Save(SignerSeal.Seal(custody, key with { Counters = counters }));
        return null;
    }

    private void Append(ISignerBooks books, SignatureRecord line)
    {
        SignatureRecord? last = books.Last;
        SignatureRecord numbered = line with { Number = (last?.Number ?? 0) + 1 };
        ReadOnlyMemory<byte> before = last?.Mac ?? default;
        books.Append(numbered with { Mac = custody.Mac(before.Span, numbered.CanonicalBytes()) });
    }

    private TokenNumber MakeToken(VendingKey vendingKey, in DecoderKeyAttributes meter, TokenClass tokenClass, ulong block)
    {
        using DecoderKey key = DecoderKeyGeneration.Derive(vendingKey, meter);
        using TokenCipher cipher = TokenCipher.Create(meter.Algorithm, key, staTables);
        return cipher.Seal(tokenClass, block);
    }

    /// <summary>EA11 needs keys of 128 bits, which only a 160-bit vending key gives.</summary>
    private static bool Fits(VendingKey key, EncryptionAlgorithm algorithm) =>
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
