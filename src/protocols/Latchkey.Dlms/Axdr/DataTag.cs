namespace Latchkey.Dlms.Axdr;

/// <summary>The tag octet in front of every COSEM data value.</summary>
/// <remarks>Source: IEC 62056-5-3, Data; IEC 62056-6-2, common data types.</remarks>
public enum DataTag : byte
{
    /// <summary>No content.</summary>
    NullData = 0,
    /// <summary>Count, then elements of one type.</summary>
    Array = 1,
    /// <summary>Count, then elements of any type.</summary>
    Structure = 2,
    /// <summary>One octet; zero is false.</summary>
    Boolean = 3,
    /// <summary>Bit count, then the bits; bit 0 is the most significant of the first octet.</summary>
    BitString = 4,
    /// <summary>32 bits, signed.</summary>
    DoubleLong = 5,
    /// <summary>32 bits, unsigned.</summary>
    DoubleLongUnsigned = 6,
    /// <summary>Length, then octets.</summary>
    OctetString = 9,
    /// <summary>Length, then ASCII.</summary>
    VisibleString = 10,
    /// <summary>Length, then UTF-8.</summary>
    Utf8String = 12,
    /// <summary>One octet of binary coded decimal.</summary>
    Bcd = 13,
    /// <summary>8 bits, signed.</summary>
    Integer = 15,
    /// <summary>16 bits, signed.</summary>
    Long = 16,
    /// <summary>8 bits, unsigned.</summary>
    Unsigned = 17,
    /// <summary>16 bits, unsigned.</summary>
    LongUnsigned = 18,
    /// <summary>A type description, then values without tags.</summary>
    CompactArray = 19,
    /// <summary>64 bits, signed.</summary>
    Long64 = 20,
    /// <summary>64 bits, unsigned.</summary>
    Long64Unsigned = 21,
    /// <summary>One octet.</summary>
    Enum = 22,
    /// <summary>IEEE 754 binary32.</summary>
    Float32 = 23,
    /// <summary>IEEE 754 binary64.</summary>
    Float64 = 24,
    /// <summary>Twelve octets.</summary>
    DateTime = 25,
    /// <summary>Five octets.</summary>
    Date = 26,
    /// <summary>Four octets.</summary>
    Time = 27,
    /// <summary>Difference to the value before, 8 bits, signed.</summary>
    DeltaInteger = 28,
    /// <summary>Difference to the value before, 16 bits, signed.</summary>
    DeltaLong = 29,
    /// <summary>Difference to the value before, 32 bits, signed.</summary>
    DeltaDoubleLong = 30,
    /// <summary>Difference to the value before, 8 bits, unsigned.</summary>
    DeltaUnsigned = 31,
    /// <summary>Difference to the value before, 16 bits, unsigned.</summary>
    DeltaLongUnsigned = 32,
    /// <summary>Difference to the value before, 32 bits, unsigned.</summary>
    DeltaDoubleLongUnsigned = 33,
    /// <summary>No content; the receiver ignores the value.</summary>
    DontCare = 255,
}
