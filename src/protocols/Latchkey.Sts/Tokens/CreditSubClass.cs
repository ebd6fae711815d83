namespace Latchkey.Sts;

/// <summary>What a credit token credits.</summary>
/// <remarks>Source: IEC 62055-41:2018, SubClass of class 0.</remarks>
public enum CreditSubClass
{
    /// <summary>Electricity in steps of 0.1 kWh.</summary>
    Electricity = 0,

    /// <summary>Water in steps of 0.1 m³.</summary>
    Water = 1,

    /// <summary>Gas in steps of 0.1 m³.</summary>
    Gas = 2,

    /// <summary>Connection time in steps of 0.1 minute.</summary>
    Time = 3,

    /// <summary>Electricity in money, in steps of 10⁻⁵ of the base currency.</summary>
    ElectricityCurrency = 4,

    /// <summary>Water in money, in steps of 10⁻⁵ of the base currency.</summary>
    WaterCurrency = 5,

    /// <summary>Gas in money, in steps of 10⁻⁵ of the base currency.</summary>
    GasCurrency = 6,

    /// <summary>Connection time in money, in steps of 10⁻⁵ of the base currency.</summary>
    TimeCurrency = 7,
}
