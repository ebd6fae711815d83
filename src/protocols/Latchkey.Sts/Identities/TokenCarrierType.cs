namespace Latchkey.Sts;

/// <summary>What carries a token to the meter; the numbers are the standard's codes.</summary>
/// <remarks>Source: IEC 62055-41, TokenCarrierType (TCT).</remarks>
public enum TokenCarrierType
{
    /// <summary>Erasable magnetic card, IEC 62055-51.</summary>
    MagneticCard = 1,

    /// <summary>Twenty digits for the keypad, IEC 62055-51.</summary>
    Numeric = 2,

    /// <summary>Virtual carrier over a direct local connection, IEC 62055-52.</summary>
    VirtualLocal = 7,

    /// <summary>Virtual carrier over DLMS/COSEM.</summary>
    VirtualCosem = 8,
}
