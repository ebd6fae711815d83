namespace Latchkey.Sts;

/// <summary>One of the two to four tokens that together bring a new decoder key: the 44 bits that are in it, without its check value.</summary>
/// <remarks>
/// It holds a part of a key and is treated as one: <see cref="ToString"/> does not show the bits. It carries no identifier.
/// Source: IEC 62055-41, Set1stSectionDecoderKey to Set4thSectionDecoderKey.
/// </remarks>
public readonly record struct KeyChangeSection
{
    private const ulong MaxBody = (1UL << 44) - 1;
    private const int PartBits = 32;
    private readonly byte _number;

    private KeyChangeSection(int number, ulong body)
    {
        _number = (byte)number;
        Body = body;
    }

    /// <summary>1 to 4; 0 for the default value, which is no section.</summary>
    /// <remarks>Source: IEC 62055-41, class 2, sub-classes 3, 4, 8 and 9.</remarks>
    public int Number => _number;

    /// <summary>The 44 bits, secret: left out of JSON.</summary>
    /// <remarks>Source: IEC 62055-41, Set1stSectionDecoderKey to Set4thSectionDecoderKey.</remarks>
    [System.Text.Json.Serialization.JsonIgnore]
    public ulong Body { get; }

    internal uint KeyPart => unchecked((uint)Body);

    internal int UpperTwelve => (int)(Body >> PartBits);

    /// <summary>From its parts; false for a number other than 1 to 4 or more than 44 bits.</summary>
    /// <remarks>Source: IEC 62055-41, class 2, sub-classes 3, 4, 8 and 9.</remarks>
    public static bool TryCreate(int number, ulong body, out KeyChangeSection section)
    {
        bool valid = number is >= 1 and <= 4 && body <= MaxBody;
        section = valid ? new KeyChangeSection(number, body) : default;
        return valid;
    }

    /// <summary>Reads a decrypted class 2 block and checks its CRC.</summary>
    /// <param name="dataBlock">SubClass:4 | Body:44 | CRC:16, most significant bit first.</param>
    /// <param name="section">The section, or the default when the result is not Accept.</param>
    /// <returns>Accept; CrcError; FunctionError for a block that is not a key-change token.</returns>
    /// <remarks>Never throws. Source: IEC 62055-41, class 2, sub-classes 3, 4, 8 and 9.</remarks>
    public static TokenResult Decode(ulong dataBlock, out KeyChangeSection section)
    {
        section = default;
        if (!BlockFields.HasValidCrc(TokenClass.MeterSpecificManagement, dataBlock)) return TokenResult.CrcError;
        int number = NumberOf((ManagementSubClass)BlockFields.SubClass(dataBlock));
        return TryCreate(number, BlockFields.Body(dataBlock), out section) ? TokenResult.Accept : TokenResult.FunctionError;
    }

    /// <summary>The plain block, to be encrypted under the meter's old key.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    /// <remarks>Source: IEC 62055-41, class 2, sub-classes 3, 4, 8 and 9.</remarks>
    public ulong Encode() => BlockFields.WithBody(TokenClass.MeterSpecificManagement, (int)SubClass, Body);

    /// <summary>The sub-class of the token that carries this section.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    /// <remarks>Source: IEC 62055-41, class 2, sub-classes 3, 4, 8 and 9.</remarks>
    public ManagementSubClass SubClass => _number switch
    {
        1 => ManagementSubClass.FirstKeyChange,
        2 => ManagementSubClass.SecondKeyChange,
        3 => ManagementSubClass.ThirdKeyChange,
        4 => ManagementSubClass.FourthKeyChange,
        _ => throw new InvalidOperationException("The default value is no section."),
    };

    /// <summary>Which section it is, without its bits.</summary>
    /// <remarks>Source: IEC 62055-41, Set1stSectionDecoderKey to Set4thSectionDecoderKey.</remarks>
    public override string ToString() => $"key-change section {_number}";

    private static int NumberOf(ManagementSubClass subClass) => subClass switch
    {
        ManagementSubClass.FirstKeyChange => 1,
        ManagementSubClass.SecondKeyChange => 2,
        ManagementSubClass.ThirdKeyChange => 3,
        ManagementSubClass.FourthKeyChange => 4,
        _ => 0,
    };
}
