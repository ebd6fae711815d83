using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Latchkey.Sts;

/// <summary>The withdrawn derivations DKGA01 and DKGA03. No published vector covers them: believed right, never proven, and nothing in this library calls them by itself.</summary>
/// <remarks>Source: IEC 62055-41 Ed1 and Ed2, DKGA01 and DKGA03, as known from one public program each.</remarks>
[Experimental("LATCHKEYSTS01")]
public static class ExperimentalDecoderKeyGeneration
{
    private const ulong IssuerOfShortReferences = 600_727;
    private const ulong PanAfterIssuer = 1_000_000_000_000;

    // First ten digits of the reference numbers that were made before DKGA02.
    private static readonly (ulong First, ulong Last)[] OldMeters =
    [
        (1_000_000_000, 1_004_999_999), (1_090_000_000, 1_090_004_999), (3_000_000_000, 3_114_000_009),
        (4_000_000_000, 4_059_999_999), (6_010_000_000, 6_039_999_999), (6_400_000_000, 6_419_999_999),
        (6_660_000_000, 6_699_999_999), (6_990_000_010, 6_990_009_999), (7_000_000_000, 7_020_999_999),
    ];

    /// <summary>Whether a meter is one of the oldest, whose keys DKGA01 makes: revision 1, EA07, and its number or its group in the published ranges.</summary>
    /// <remarks>Source: IEC 62055-41 Ed1, DKGA01.</remarks>
    public static bool IsDkga01Meter(in DecoderKeyAttributes attributes)
    {
        if (attributes.Algorithm != EncryptionAlgorithm.Ea07 || attributes.KeyRevision.Value != 1) return false;
        if (attributes.Pan.Value / PanAfterIssuer != IssuerOfShortReferences) return false;
        if (attributes.KeyType == KeyType.Common) return attributes.SupplyGroup.Value is 100_702 or (>= 990_400 and <= 990_405);

        ulong tenDigits = attributes.Pan.Value % PanAfterIssuer / 100;
        return attributes.KeyType is KeyType.Default or KeyType.Unique && Array.Exists(OldMeters, range => tenDigits >= range.First && tenDigits <= range.Last);
    }

    /// <summary>DKGA01: DES with key and data the other way round from DKGA02. Eight bytes of vending key.</summary>
    /// <exception cref="ArgumentException">The vending key is not 8 bytes.</exception>
    /// <remarks>The block that serves as key has no right parity and may be weak; our DES takes it. Source: IEC 62055-41 Ed1, DKGA01.</remarks>
    public static DecoderKey DeriveDkga01(VendingKey vendingKey, in DecoderKeyAttributes attributes)
    {
        Require(vendingKey, VendingKey.SingleDesLength);
        Span<byte> block = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(block, KeyBlocks.Mixed(attributes));
        ulong vending = BinaryPrimitives.ReadUInt64BigEndian(vendingKey.Bytes);
        return FromBlock(Des.EncryptOnce(block, vending) ^ vending);
    }

    /// <summary>DKGA03: triple DES with two keys. Sixteen bytes of vending key.</summary>
    /// <exception cref="ArgumentException">The vending key is not 16 bytes.</exception>
    /// <remarks>Source: IEC 62055-41 Ed2, DKGA03; withdrawn in Ed3.</remarks>
    public static DecoderKey DeriveDkga03(VendingKey vendingKey, in DecoderKeyAttributes attributes)
    {
        Require(vendingKey, VendingKey.DoubleDesLength);
        ulong block = KeyBlocks.Mixed(attributes);
        return FromBlock(TripleDes.Encrypt(vendingKey.Bytes, block) ^ block);
    }

    private static DecoderKey FromBlock(ulong key)
    {
        var made = new DecoderKey();
        BinaryPrimitives.WriteUInt64BigEndian(made.Refill(DecoderKey.ShortLength), key);
        return made;
    }

    private static void Require(VendingKey key, int length)
    {
        if (key.Length != length) throw new ArgumentException($"A vending key of {length} bytes is needed.", nameof(key));
    }
}
