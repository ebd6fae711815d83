using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Latchkey.Sts;

/// <summary>Makes a meter's key from its supply group's vending key: DKGA02 for keys of 8 bytes, DKGA04 for keys of 20.</summary>
/// <remarks>Source: IEC 62055-41, decoder key generation algorithms.</remarks>
public static class DecoderKeyGeneration
{
    /// <summary>Derives a new key object.</summary>
    /// <exception cref="ArgumentException">The vending key is one for the withdrawn DKGA03, or an 8-byte one is asked for an EA11 key.</exception>
    /// <remarks>Source: IEC 62055-41, decoder key generation algorithms.</remarks>
    public static DecoderKey Derive(VendingKey vendingKey, in DecoderKeyAttributes attributes)
    {
        var key = new DecoderKey();
        DeriveInto(vendingKey, attributes, key);
        return key;
    }

    /// <summary>Derives into a key object that exists, for going through many meters without allocation.</summary>
    /// <exception cref="ArgumentException">The vending key is one for the withdrawn DKGA03, or an 8-byte one is asked for an EA11 key.</exception>
    /// <remarks>Source: IEC 62055-41, decoder key generation algorithms.</remarks>
    public static void DeriveInto(VendingKey vendingKey, in DecoderKeyAttributes attributes, DecoderKey destination)
    {
        if (vendingKey.Length == VendingKey.HmacLength) Dkga04(vendingKey.MacPads, attributes, destination);
        else if (vendingKey.Length == VendingKey.SingleDesLength) Dkga02(vendingKey.Bytes, attributes, destination);
        else throw new ArgumentException("DKGA03 is withdrawn; see ExperimentalDecoderKeyGeneration.", nameof(vendingKey));
    }

    private static void Dkga02(ReadOnlySpan<byte> vendingKey, in DecoderKeyAttributes attributes, DecoderKey destination)
    {
        RequireShortKey(attributes.Algorithm);
        ulong block = KeyBlocks.Mixed(attributes);
        ulong vending = BinaryPrimitives.ReadUInt64BigEndian(vendingKey);
        BinaryPrimitives.WriteUInt64BigEndian(
            destination.Refill(DecoderKey.ShortLength),
            Des.EncryptOnce(vendingKey, block) ^ block ^ vending);
    }

    private static void Dkga04(ReadOnlySpan<uint> macPads, in DecoderKeyAttributes attributes, DecoderKey destination)
    {
        Span<byte> data = stackalloc byte[Dkga04DataBlock.Length];
        Dkga04DataBlock.Write(attributes, data);
        Span<byte> mac = stackalloc byte[SHA256.HashSizeInBytes];
        HmacSha256.Compute(macPads, data, mac);
        int length = DecoderKey.LengthFor(attributes.Algorithm);
        mac[..length].CopyTo(destination.Refill(length));
        CryptographicOperations.ZeroMemory(mac);
    }

    private static void RequireShortKey(EncryptionAlgorithm algorithm)
    {
        if (algorithm == EncryptionAlgorithm.Ea11) throw new ArgumentException("DKGA02 makes keys of 8 bytes; EA11 takes 16.", nameof(algorithm));
    }
}
