using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Latchkey.Vending;

/// <summary>What the seal of a receipt says, and all that it says: enough to hold a paper against the books, not enough to use a token.</summary>
/// <param name="KeyId">Which of the seller's published keys sealed it.</param>
/// <param name="Tokens">A fingerprint of the tokens in their order: the paper's tokens can be checked, a picture of the code alone gives none away.</param>
/// <param name="LedgerHash">The first 16 hexadecimal digits of the chain's hash at the sale.</param>
public sealed record ReceiptStatement(
    string KeyId, string Number, Guid OrderId, string MeterNumber, string IssuedAt, string Currency, long AmountMinorUnits, long TenthsGranted, string Tokens, string LedgerHash)
{
    /// <summary>The longest statement that is read, its seal included.</summary>
    public const int MaxLength = 512;

    internal const string Version = "LKR1";
    private const int Fields = 11;
    private const int HashDigits = 16;

    internal static ReceiptStatement Of(OrderReceipt receipt, string keyId) => new(
        keyId, receipt.Number, receipt.OrderId, receipt.MeterNumber, receipt.IssuedAt, receipt.Currency, receipt.AmountMinorUnits, receipt.TenthsGranted,
        FingerprintOf(receipt.Tokens.Select(t => t.Number)), receipt.LedgerHash[..HashDigits]);

    /// <summary>True when the paper says what the seal says.</summary>
    public bool Matches(OrderReceipt receipt) => this == Of(receipt, KeyId);

    /// <summary>True when these are the tokens of the receipt, in its order; blanks and dashes between the digits do not count.</summary>
    public bool HasTokens(IEnumerable<string> tokens) => Tokens == FingerprintOf(tokens);

    /// <summary>The sealed text without its seal.</summary>
    public override string ToString() => string.Join('|',
        Version, KeyId, Number, OrderId.ToString("N"), MeterNumber, IssuedAt, Currency,
        AmountMinorUnits.ToString(CultureInfo.InvariantCulture), TenthsGranted.ToString(CultureInfo.InvariantCulture), Tokens, LedgerHash);

    internal static bool TryParse(string text, out ReceiptStatement? statement)
    {
        statement = null;
        string[] parts = text.Split('|', Fields + 1);
        if (parts.Length != Fields || parts[0] != Version) return false;
        if (!Guid.TryParseExact(parts[3], "N", out Guid order)) return false;
        if (!long.TryParse(parts[7], NumberStyles.None, CultureInfo.InvariantCulture, out long amount)) return false;
        if (!long.TryParse(parts[8], NumberStyles.None, CultureInfo.InvariantCulture, out long tenths)) return false;
        statement = new ReceiptStatement(parts[1], parts[2], order, parts[4], parts[5], parts[6], amount, tenths, parts[9], parts[10]);
        return true;
    }

    private static string FingerprintOf(IEnumerable<string> tokens)
    {
        string digits = string.Join(',', tokens.Select(t => string.Concat(t.Where(char.IsAsciiDigit))));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(digits)).AsSpan(0, HashDigits / 2));
    }
}
