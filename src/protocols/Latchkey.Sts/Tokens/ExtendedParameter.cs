namespace Latchkey.Sts;

/// <summary>The 16-bit value of an extended set token: a parameter's index and a number for it.</summary>
/// <param name="Index">0 to 63; 63 addresses flags, whose new state is bit 0 of the number.</param>
/// <param name="Number">0 to 1023.</param>
/// <remarks>Source: STS 202-5, extended token set. Where a flag's own number lies is not settled by any published vector.</remarks>
public readonly record struct ExtendedParameter(int Index, int Number)
{
    /// <summary>The index that addresses flags.</summary>
    /// <remarks>Source: STS 202-5.</remarks>
    public const int FlagsIndex = 63;

    private const int NumberBits = 10;
    private const int MaxNumber = (1 << NumberBits) - 1;

    /// <summary>The parts of a value read from a token; every value has them.</summary>
    /// <remarks>Source: STS 202-5.</remarks>
    public static ExtendedParameter FromField(ushort field) => new(field >> NumberBits, field & MaxNumber);

    /// <summary>The 16-bit value for a token; false when the index or the number is out of range.</summary>
    /// <remarks>Source: STS 202-5.</remarks>
    public bool TryToField(out ushort field)
    {
        bool valid = Index is >= 0 and <= FlagsIndex && Number is >= 0 and <= MaxNumber;
        field = valid ? (ushort)((Index << NumberBits) | Number) : (ushort)0;
        return valid;
    }
}
