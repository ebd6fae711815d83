namespace Latchkey.Dlms.Services;

/// <summary>The services that a party offers: 24 bits, of which bit 0 of the standard is the most significant.</summary>
/// <remarks>Source: IEC 62056-5-3, Conformance.</remarks>
[Flags]
public enum Conformance
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>Bit 23: Action.</summary>
    Action = 1 << 0,
    /// <summary>Bit 22: EventNotification.</summary>
    EventNotification = 1 << 1,
    /// <summary>Bit 21: selective access.</summary>
    SelectiveAccess = 1 << 2,
    /// <summary>Bit 20: Set.</summary>
    Set = 1 << 3,
    /// <summary>Bit 19: Get.</summary>
    Get = 1 << 4,
    /// <summary>Bit 18: parameterised access (short names).</summary>
    ParameterisedAccess = 1 << 5,
    /// <summary>Bit 17: Access.</summary>
    Access = 1 << 6,
    /// <summary>Bit 16: DataNotification.</summary>
    DataNotification = 1 << 7,
    /// <summary>Bit 15: InformationReport (short names).</summary>
    InformationReport = 1 << 8,
    /// <summary>Bit 14: several attributes or methods in one request.</summary>
    MultipleReferences = 1 << 9,
    /// <summary>Bit 13: Action in blocks.</summary>
    BlockTransferWithAction = 1 << 10,
    /// <summary>Bit 12: Set in blocks.</summary>
    BlockTransferWithSet = 1 << 11,
    /// <summary>Bit 11: Get in blocks.</summary>
    BlockTransferWithGet = 1 << 12,
    /// <summary>Bit 10: attribute 0 in Get.</summary>
    AttributeZeroWithGet = 1 << 13,
    /// <summary>Bit 9: priorities.</summary>
    Priority = 1 << 14,
    /// <summary>Bit 8: attribute 0 in Set.</summary>
    AttributeZeroWithSet = 1 << 15,
    /// <summary>Bit 6: delta values.</summary>
    DeltaValueEncoding = 1 << 17,
    /// <summary>Bit 5: unconfirmed Write (short names).</summary>
    UnconfirmedWrite = 1 << 18,
    /// <summary>Bit 4: Write (short names).</summary>
    Write = 1 << 19,
    /// <summary>Bit 3: Read (short names).</summary>
    Read = 1 << 20,
    /// <summary>Bit 2: general block transfer.</summary>
    GeneralBlockTransfer = 1 << 21,
    /// <summary>Bit 1: general protection.</summary>
    GeneralProtection = 1 << 22,
}
