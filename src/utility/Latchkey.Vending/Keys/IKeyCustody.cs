using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Keeps vending keys and the signer's own MAC key. What it holds never leaves it but as a token.</summary>
public interface IKeyCustody
{
    /// <summary>True where the keys are in this program's memory.</summary>
    bool IsDevelopment { get; }

    /// <summary>Seals a key for the store. <paramref name="terms"/> are bound to it: it opens for no others.</summary>
    byte[] Wrap(ReadOnlySpan<byte> vendingKey, SigningKeyTerms terms);

    /// <summary>The key of a record, or null when the record does not open: spoiled, or of another custody.</summary>
    VendingKey? Open(SigningKeyRecord record);

    /// <summary>HMAC-SHA256 under the custody's own key.</summary>
    byte[] Mac(ReadOnlySpan<byte> previous, ReadOnlySpan<byte> content);
}
