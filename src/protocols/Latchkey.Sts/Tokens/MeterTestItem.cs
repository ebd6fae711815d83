namespace Latchkey.Sts;

/// <summary>What a bit of a test token's control field asks for. A meter answers only what it supports; every meter supports all ones, the test of everything.</summary>
/// <remarks>The order is the one manuals give; the list of the 2018 edition was not available. Source: IEC 62055-41, InitiateMeterTest/Display, test numbers.</remarks>
public enum MeterTestItem
{
    /// <summary>Load switch.</summary>
    LoadSwitch = 0,

    /// <summary>Display.</summary>
    Display = 1,

    /// <summary>Total energy register.</summary>
    EnergyRegister = 2,

    /// <summary>Key revision number.</summary>
    KeyRevision = 3,

    /// <summary>Tariff index.</summary>
    TariffIndex = 4,

    /// <summary>Token reader.</summary>
    TokenReader = 5,

    /// <summary>Maximum power limit.</summary>
    MaximumPowerLimit = 6,

    /// <summary>Tamper status.</summary>
    TamperStatus = 7,

    /// <summary>Power now.</summary>
    Power = 8,

    /// <summary>Software version.</summary>
    SoftwareVersion = 9,

    /// <summary>Phase power unbalance limit.</summary>
    PhaseUnbalanceLimit = 10,

    /// <summary>Water meter factor.</summary>
    WaterFactor = 11,

    /// <summary>Tariff rate.</summary>
    TariffRate = 12,

    /// <summary>Encryption algorithm.</summary>
    EncryptionAlgorithm = 13,

    /// <summary>How many key-change tokens the meter takes.</summary>
    KeyChangeTokens = 14,

    /// <summary>Supply group code.</summary>
    SupplyGroup = 15,

    /// <summary>Key expiry number.</summary>
    KeyExpiry = 16,

    /// <summary>Decoder reference number.</summary>
    DecoderReferenceNumber = 17,
}
