namespace Latchkey.Meter.Events;

/// <summary>What the event logs tell. Codes up to 255 are those of the DLMS/IDIS standard logs; from 300 on they are ours.</summary>
public enum EventCode : ushort
{
    None = 0,
    PowerDown = 1,
    PowerUp = 2,

    /// <summary>The clock jumped. Detail: by how many seconds.</summary>
    ClockStep = 4,
    /// <summary>The image that should run is damaged. Detail: the verdict.</summary>
    ProgramMemoryFault = 12,
    MemoryFault = 14,

    /// <summary>The watchdog restarted the meter.</summary>
    WatchdogReset = 15,

    /// <summary>Metrology image or calibration are not those that were sealed.</summary>
    IntegrityFault = 16,

    /// <summary>Detail: the verdict, 1 when it may be activated.</summary>
    FirmwareReady = 17,

    /// <summary>Detail: the version.</summary>
    FirmwareActivated = 18,
    PhaseSequence = 21,
    PhaseSequenceEnded = 22,
    TerminalCoverOpened = 40,
    TerminalCoverClosed = 41,
    StrongFieldFound = 42,
    StrongFieldGone = 43,
    MeterCoverOpened = 44,
    MeterCoverClosed = 45,
    CurrentReversed = 51,
    CurrentReversedEnded = 52,
    MissingCurrent = 57,
    MissingCurrentEnded = 58,
    ManualDisconnection = 60,
    ManualConnection = 61,
    RemoteDisconnection = 62,
    RemoteConnection = 63,
    LocalDisconnection = 64,
    LimiterExceeded = 65,
    LimiterOk = 66,
    LocalConnection = 67,

    MissingVoltage = 71,
    MissingVoltageEnded = 72,
    LoadSideVoltage = 94,
    LoadSideVoltageEnded = 95,
    Bypass = 165,
    BypassEnded = 166,
    NeutralDisturbance = 203,
    NeutralDisturbanceEnded = 204,

    /// <summary>The first entry of a log that was cleared. Detail: entries that were in it.</summary>
    LogCleared = 255,

    /// <summary>Detail: the granted credit in watt-hours.</summary>
    CreditGranted = 300,

    /// <summary>Detail: the level.</summary>
    CreditLevelChanged = 301,
    TamperCleared = 302,
    CreditCleared = 303,

    /// <summary>Detail: the result number.</summary>
    TokenRefused = 304,

    /// <summary>Detail: seconds.</summary>
    KeypadLocked = 305,
    KeyChanged = 306,

    /// <summary>Detail: watts.</summary>
    PowerLimitSet = 307,

    /// <summary>Detail: parameter number.</summary>
    ParameterSet = 308,

    /// <summary>Detail: watt-hours that may be borrowed.</summary>
    EmergencyAccepted = 309,

    /// <summary>Detail: the module's kind.</summary>
    ModuleInserted = 310,
    ModuleRemoved = 311,

    /// <summary>The module drew too much, or spoke garbage for too long. Detail: milliampere, or 0.</summary>
    ModuleFault = 312,
    SwitchFailed = 320,

    /// <summary>Detail: which records recovery had to repair.</summary>
    JournalRepaired = 321,

    /// <summary>An image did not come up, and the one before it runs again. Detail: the version that runs.</summary>
    FirmwareRolledBack = 322,

    /// <summary>Detail: the block's kind in the upper bits, its version in the lower sixteen.</summary>
    BlockAdopted = 330,

    /// <summary>Detail: the kind of the block that cannot be read.</summary>
    BlockUnreadable = 331,

    /// <summary>Detail: the charge.</summary>
    PricesChanged = 332,

    /// <summary>Detail: the credit.</summary>
    CreditInvoked = 333,

    /// <summary>An amount is beyond what 32 bits in the account's scale can show.</summary>
    AmountSaturated = 334,
    AccountActivated = 335,

    /// <summary>Detail: what was left or, negative, owed, in thousandths of the unit.</summary>
    AccountClosed = 336,
    AccountReset = 337,

    /// <summary>Detail: by how much, in thousandths of the unit.</summary>
    CreditAdjusted = 338,

    /// <summary>Detail: what remains, in thousandths of the unit.</summary>
    DebtSet = 339,
    AlternatingField = 350,
    AlternatingFieldGone = 351,
    CurrentWithoutVoltage = 352,
    CurrentWithoutVoltageEnded = 353,
    PhaseLoss = 354,
    PhaseLossEnded = 355,
    ShiftedNeutral = 356,
    ShiftedNeutralEnded = 357,
    Jamming = 358,
    JammingEnded = 359,
    SwitchWelded = 360,
    SwitchWeldedEnded = 361,
    IntegrityFaultEnded = 362,
    TokenGuessing = 363,
    TokenGuessingEnded = 364,
    HostileModule = 365,
    HostileModuleEnded = 366,
}
