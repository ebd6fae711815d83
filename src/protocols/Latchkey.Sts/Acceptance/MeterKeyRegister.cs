namespace Latchkey.Sts;

/// <summary>What a meter holds about its key besides the key itself.</summary>
/// <param name="KeyType">Initial, default, unique or common.</param>
/// <param name="KeyRevision">The revision of the vending key it was made from.</param>
/// <param name="TariffIndex">The tariff.</param>
/// <param name="KeyExpiry">The end of its use.</param>
/// <param name="SupplyGroup">The supply group; 000000 after a key change of two tokens, which does not tell it.</param>
/// <param name="BaseDate">From when identifiers count.</param>
/// <remarks>Source: IEC 62055-41, DecoderKeyRegister.</remarks>
public readonly record struct MeterKeyRegister(
    KeyType KeyType,
    KeyRevisionNumber KeyRevision,
    TariffIndex TariffIndex,
    KeyExpiryNumber KeyExpiry,
    SupplyGroupCode SupplyGroup,
    BaseDate BaseDate)
{
    /// <summary>The part of a key's attributes that a meter holds.</summary>
    /// <remarks>Source: IEC 62055-41, DecoderKeyRegister.</remarks>
    public static MeterKeyRegister From(in DecoderKeyAttributes attributes) => new(
        attributes.KeyType,
        attributes.KeyRevision,
        attributes.TariffIndex,
        attributes.KeyExpiry,
        attributes.SupplyGroup,
        attributes.BaseDate);
}
