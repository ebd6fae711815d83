namespace Latchkey.Sts;

/// <summary>Everything that a meter's key is made from besides the vending key, and until when it may be used.</summary>
/// <param name="Pan">The meter.</param>
/// <param name="SupplyGroup">The group whose vending key is used.</param>
/// <param name="TariffIndex">The tariff.</param>
/// <param name="KeyRevision">The revision of the vending key.</param>
/// <param name="KeyType">Initial, default, unique or common.</param>
/// <param name="KeyExpiry">Not part of the derivation; the end of the key's use.</param>
/// <param name="BaseDate">Hashed by DKGA04; DKGA02 does not know it.</param>
/// <param name="Algorithm">Hashed by DKGA04, and settles the key's length.</param>
/// <remarks>Source: IEC 62055-41, decoder key generation.</remarks>
public readonly record struct DecoderKeyAttributes(
    MeterPan Pan,
    SupplyGroupCode SupplyGroup,
    TariffIndex TariffIndex,
    KeyRevisionNumber KeyRevision,
    KeyType KeyType,
    KeyExpiryNumber KeyExpiry,
    BaseDate BaseDate,
    EncryptionAlgorithm Algorithm);
