using System.Buffers.Text;
using System.Text;

namespace Latchkey.Vending;

/// <summary>What checking a sealed statement came to; in the order in which it is found.</summary>
public enum ReceiptCheckResult
{
    /// <summary>The seller's key made it.</summary>
    Genuine = 0,

    /// <summary>Not a sealed statement, or cut short.</summary>
    FormatError = 1,

    /// <summary>None of the given keys has its key id: ask for the seller's published key.</summary>
    UnknownKey = 2,

    /// <summary>Forged or altered: the seal does not belong to the text.</summary>
    WrongSeal = 3,
}

/// <summary>Checks sealed statements, offline.</summary>
public static class ReceiptCheck
{
    private const int SealLength = 64;

    /// <param name="text">As read from the code on the paper; an address before the mark # is passed over.</param>
    /// <param name="keys">The seller's published keys.</param>
    /// <param name="statement">What it says, null when it is no statement. To be believed only when the result is Genuine.</param>
    /// <remarks>Never throws: anybody may write such a text.</remarks>
    public static ReceiptCheckResult Verify(string text, IReadOnlyCollection<ReceiptKey> keys, out ReceiptStatement? statement)
    {
        statement = null;
        string sealedText = text[(text.LastIndexOf('#') + 1)..].Trim();
        int cut = sealedText.LastIndexOf('|');
        if (cut < 0 || sealedText.Length > ReceiptStatement.MaxLength || !TryReadSeal(sealedText.AsSpan(cut + 1), out byte[] seal)) return ReceiptCheckResult.FormatError;
        if (!ReceiptStatement.TryParse(sealedText[..cut], out statement)) return ReceiptCheckResult.FormatError;
        string keyId = statement!.KeyId;
        if (keys.FirstOrDefault(k => k.Id == keyId) is not { } key) return ReceiptCheckResult.UnknownKey;
        return key.Verifies(Encoding.UTF8.GetBytes(sealedText[..cut]), seal) ? ReceiptCheckResult.Genuine : ReceiptCheckResult.WrongSeal;
    }

    private static bool TryReadSeal(ReadOnlySpan<char> text, out byte[] seal)
    {
        seal = new byte[SealLength];
        return Base64Url.IsValid(text, out int length) && length == SealLength && Base64Url.TryDecodeFromChars(text, seal, out _);
    }
}
