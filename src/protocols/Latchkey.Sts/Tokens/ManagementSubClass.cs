namespace Latchkey.Sts;

/// <summary>What a meter-specific management token does.</summary>
/// <remarks>Source: IEC 62055-41:2018, SubClass of class 2.</remarks>
public enum ManagementSubClass
{
    /// <summary>The value is the highest load in watts, coded as <see cref="TransferAmount"/>.</summary>
    SetMaximumPowerLimit = 0,

    /// <summary>The value names the register to clear, see <see cref="CreditRegister"/>.</summary>
    ClearCredit = 1,

    /// <summary>The value is a rate; reserved for future use.</summary>
    SetTariffRate = 2,

    /// <summary>First key-change token.</summary>
    FirstKeyChange = 3,

    /// <summary>Second key-change token.</summary>
    SecondKeyChange = 4,

    /// <summary>The value is 0.</summary>
    ClearTamperCondition = 5,

    /// <summary>The value is the highest difference between phases in watts, coded as <see cref="TransferAmount"/>.</summary>
    SetMaximumPhasePowerUnbalanceLimit = 6,

    /// <summary>The value is a factor; reserved.</summary>
    SetWaterMeterFactor = 7,

    /// <summary>Third key-change token.</summary>
    ThirdKeyChange = 8,

    /// <summary>Fourth key-change token.</summary>
    FourthKeyChange = 9,

    /// <summary>The value is an index (6 bits) and a number (10 bits), see <see cref="ExtendedParameter"/>.</summary>
    ExtendedSet = 10,

    /// <summary>The maker's own, the first of five.</summary>
    Proprietary11 = 11,

    /// <summary>The maker's own.</summary>
    Proprietary12 = 12,

    /// <summary>The maker's own.</summary>
    Proprietary13 = 13,

    /// <summary>The maker's own.</summary>
    Proprietary14 = 14,

    /// <summary>The maker's own, the last.</summary>
    Proprietary15 = 15,
}
