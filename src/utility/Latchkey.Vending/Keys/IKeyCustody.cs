using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Keeps vending keys and the signer's own MAC key. What it holds never leaves it but as a token.</summary>
public interface IKeyCustody : IJournalMac
{
    /// <summary>True where the keys are in this program's memory.</summary>
    bool IsDevelopment { get; }

    /// <summary>Seals a key for the store. <paramref name="terms"/> are bound to it: it opens for no others.</summary>
    byte[] Wrap(ReadOnlySpan<byte> vendingKey, SigningKeyTerms terms);

    /// <summary>The key of a record, or null when the record does not open: spoiled, of another custody, or of one that lets no key out.</summary>
    VendingKey? Open(SigningKeyRecord record);

    /// <summary>Makes a meter's key. Null and the key, which the caller disposes, or the code of why there is none.</summary>
    /// <remarks>What a custody overrides that never lets a vending key out.</remarks>
    string? Derive(SigningKeyRecord record, in DecoderKeyAttributes meter, out DecoderKey? key)
    {
        key = null;
        if (Open(record) is not { } vendingKey) return VendingCodes.KeyDamaged;
        if (!SoftwareSigner.Fits(vendingKey, meter.Algorithm)) return VendingCodes.KeyAlgorithmMismatch;
        key = DecoderKeyGeneration.Derive(vendingKey, meter);
        return null;
    }
}
