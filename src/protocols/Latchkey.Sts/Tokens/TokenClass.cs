namespace Latchkey.Sts;

/// <summary>The two class bits of a token.</summary>
/// <remarks>Source: IEC 62055-41, Class.</remarks>
public enum TokenClass
{
    /// <summary>Credit for one meter; encrypted.</summary>
    CreditTransfer = 0,

    /// <summary>Tests and displays for any meter; not encrypted.</summary>
    NonMeterSpecificManagement = 1,

    /// <summary>Limits, clearing and keys for one meter; encrypted.</summary>
    MeterSpecificManagement = 2,

    /// <summary>Reserved.</summary>
    Reserved = 3,
}
