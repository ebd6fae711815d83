namespace Latchkey.Sts;

/// <summary>How the 64-bit block of a token is encrypted; the numbers are the standard's codes.</summary>
/// <remarks>Source: IEC 62055-41, EncryptionAlgorithm (EA).</remarks>
public enum EncryptionAlgorithm
{
    /// <summary>STA: a 64-bit key, sixteen rounds of substitution and permutation with licensed tables.</summary>
    Ea07 = 7,

    /// <summary>DEA: single DES. Withdrawn for new products.</summary>
    Ea09 = 9,

    /// <summary>MISTY1 with a 128-bit key (RFC 2994).</summary>
    Ea11 = 11,
}
