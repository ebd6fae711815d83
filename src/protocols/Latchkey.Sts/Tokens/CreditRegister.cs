namespace Latchkey.Sts;

/// <summary>Which credit a ClearCredit token clears.</summary>
/// <remarks>Source: IEC 62055-41:2018, Register of ClearCredit.</remarks>
public enum CreditRegister
{
    /// <summary>Electricity in units.</summary>
    Electricity = 0,

    /// <summary>Water in units.</summary>
    Water = 1,

    /// <summary>Gas in units.</summary>
    Gas = 2,

    /// <summary>Connection time in units.</summary>
    Time = 3,

    /// <summary>Electricity in money.</summary>
    ElectricityCurrency = 4,

    /// <summary>Water in money.</summary>
    WaterCurrency = 5,

    /// <summary>Gas in money.</summary>
    GasCurrency = 6,

    /// <summary>Connection time in money.</summary>
    TimeCurrency = 7,

    /// <summary>Every register the meter has.</summary>
    All = 0xFFFF,
}
