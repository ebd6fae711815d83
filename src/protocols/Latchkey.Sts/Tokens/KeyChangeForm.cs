namespace Latchkey.Sts;

/// <summary>How many tokens a key change takes, and so what it can carry. Which one a meter needs is part of its record.</summary>
/// <remarks>Source: IEC 62055-41:2018, key-change tokens.</remarks>
public enum KeyChangeForm
{
    /// <summary>Two tokens: a 64-bit key, the supply group code is not told.</summary>
    TwoTokens = 2,

    /// <summary>Three tokens: a 64-bit key and the supply group code.</summary>
    ThreeTokens = 3,

    /// <summary>Four tokens: a 128-bit key and the supply group code.</summary>
    FourTokens = 4,
}
