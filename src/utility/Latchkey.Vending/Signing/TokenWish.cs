using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Latchkey.Ledger;
using Latchkey.Sts;
using Latchkey.Vending.Makers;

namespace Latchkey.Vending;

/// <summary>What a committed entry lets a signer make: the line that will count it and the content of the token. The same whenever it is asked.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TokenWish<T>(SignatureRecord Line, DecoderKeyAttributes Meter, T Content);

internal static class TokenWish
{
    /// <summary>Null and the wish, or the code of why the entry lets nothing be made.</summary>
    public static string? Of(VendOrder order, HeldEntry held, RecordedEntry? entry, EntryKind? end, out TokenWish<CreditToken> wish)
    {
        wish = default;
        if (order.Terms is not { } terms || order.Tid is not { } tid) return VendingCodes.EntryMismatch;
        if (terms.IsMoney) return VendingCodes.TokenKindNotOffered;
        if (entry is { } rests && MakerEntries.MakeIn(rests.Entry) is not null) return VendingCodes.MadeByMaker;
        if (CommittedSale.Check(entry, end, order, held) is { } code) return code;
        if (!TransferAmount.TryFromSteps(terms.TenthsGranted, out TransferAmount amount) || amount.Steps != terms.TenthsGranted) return VendingCodes.EntryMismatch;
        if (terms.Key.KeyExpiry.IsExpiredAt(tid)) return VendingCodes.KeyExpired;
        var line = new SignatureRecord(
            0, order.Id, SignatureKind.Credit, SigningKeyTerms.KeyIdOf(terms.Key), terms.Key.Pan, terms.Key.BaseDate.Year, tid,
            terms.TenthsGranted, order.Command.Amount.MinorUnits, held.EntryId, default, default);
        wish = new TokenWish<CreditToken>(line, terms.Key, new CreditToken(CreditSubClass.Electricity, RandomOf(order.Id), tid, amount));
        return null;
    }

    /// <summary>As above, for money that a meter prices itself.</summary>
    public static string? OfMoney(VendOrder order, HeldEntry held, RecordedEntry? entry, EntryKind? end, out TokenWish<CurrencyCreditToken> wish)
    {
        wish = default;
        if (order.Terms is not { IsMoney: true } terms || order.Tid is not { } tid) return VendingCodes.EntryMismatch;
        if (CommittedSale.Check(entry, end, order, held) is { } code) return code;
        Quantities.Currency currency = order.Command.Amount.Currency;
        if (!MoneySale.TryCarry(terms.PrepaidMinorUnits, currency, out CurrencyAmount amount)) return VendingCodes.EntryMismatch;
        if (MoneySale.Rounding(terms.PrepaidMinorUnits, amount, currency) != terms.RoundingMinorUnits) return VendingCodes.EntryMismatch;
        if (terms.Key.KeyExpiry.IsExpiredAt(tid)) return VendingCodes.KeyExpired;
        var line = new SignatureRecord(
            0, order.Id, SignatureKind.Credit, SigningKeyTerms.KeyIdOf(terms.Key), terms.Key.Pan, terms.Key.BaseDate.Year, tid,
            0, order.Command.Amount.MinorUnits, held.EntryId, default, default);
        wish = new TokenWish<CurrencyCreditToken>(line, terms.Key, new CurrencyCreditToken(CreditSubClass.ElectricityCurrency, tid, amount));
        return null;
    }

    /// <inheritdoc cref="Of(VendOrder, HeldEntry, RecordedEntry?, EntryKind?, out TokenWish{CreditToken})"/>
    public static string? Of(ILedgerReader ledger, ManagementIssue issue, HeldEntry posted, out TokenWish<ManagementToken> wish)
    {
        wish = default;
        if (ledger.FindEntry(posted.EntryId) is { Entry: var approved } && MakerEntries.MakeIn(approved) is not null) return VendingCodes.MadeByMaker;
        if (CommittedSale.Check(ledger, issue, posted) is { } code) return code;
        if (!ManagementTokenCodec.CarriesTid(issue.Request.Kind)) return VendingCodes.TokenKindNotOffered;
        if (issue.Key.KeyExpiry.IsExpiredAt(issue.Tid)) return VendingCodes.KeyExpired;
        var line = new SignatureRecord(
            0, issue.Id, SignatureKind.Management, SigningKeyTerms.KeyIdOf(issue.Key), issue.Key.Pan, issue.Key.BaseDate.Year, issue.Tid,
            0, 0, posted.EntryId, default, default);
        wish = new TokenWish<ManagementToken>(line, issue.Key, new ManagementToken(issue.Request.Kind, RandomOf(issue.Id), issue.Tid, issue.Request.Value));
        return null;
    }

    /// <inheritdoc cref="Of(VendOrder, HeldEntry, RecordedEntry?, EntryKind?, out TokenWish{CreditToken})"/>
    public static string? Of(ILedgerReader ledger, KeyChange change, HeldEntry posted, out SignatureRecord? line)
    {
        line = null;
        (RecordedEntry? found, EntryKind? end) = ledger.FindWithEnd(posted.EntryId);
        if (posted.EntryId != change.EntryId || change.Tid is not { } tid || found is not { Entry: var entry } || found.Hash != posted.Hash) return VendingCodes.EntryMissing;
        if (end is not null) return VendingCodes.EntryVoided;
        if (entry.Kind != EntryKind.Post || entry.Memo != KeyChangeDesk.MemoOf(change) || !entry.Postings.Contains(KeyChangeDesk.LegOf(change))) return VendingCodes.EntryMismatch;
        line = new SignatureRecord(
            0, change.Id, SignatureKind.Management, SigningKeyTerms.KeyIdOf(change.To), change.Pan, change.To.BaseDate.Year, tid, 0, 0,
            posted.EntryId, default, default);
        return null;
    }

    public static byte[] HashOf(TokenNumber token)
    {
        Span<byte> bytes = stackalloc byte[TokenNumber.ByteCount];
        token.WriteBytes(bytes);
        return SHA256.HashData(bytes);
    }

    public static byte[] HashOf(IReadOnlyList<TokenNumber> tokens)
    {
        byte[] bytes = new byte[TokenNumber.ByteCount * tokens.Count];
        for (int i = 0; i < tokens.Count; i++) tokens[i].WriteBytes(bytes.AsSpan(i * TokenNumber.ByteCount));
        return SHA256.HashData(bytes);
    }

    /// <summary>Four bits that spread over orders but are the same whenever this order is signed again.</summary>
    private static byte RandomOf(Guid orderId)
    {
        Span<byte> input = stackalloc byte[16];
        orderId.TryWriteBytes(input, bigEndian: true, out _);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        return (byte)(hash[0] & 0xF);
    }
}
