namespace Latchkey.ModuleLink.Messages;

/// <summary>The first number of a message. Values below 128 go to the meter, the others come from it.</summary>
public enum MessageType : byte
{
    TokenPush = 1,
    KeyChangeSetPush = 2,
    RelayCommand = 3,
    ParameterSet = 4,
    ReadingRequest = 5,
    TokenResult = 0x81,
    KeyChangeSetResult = 0x82,
    CommandResult = 0x83,
    Hello = 0x90,
    EventReport = 0x91,

    /// <summary>A reading is a map, not an array, so its type is never written.</summary>
    Reading = 0xFF,
}

/// <summary>What the meter says about a token: the result numbers of IEC 62055-41 meters, with 0 for accepted.</summary>
/// <remarks>2 to 16 are the numbers of the STS token result register as meters in the field show it.</remarks>
public enum TokenStatus : byte
{
    Accepted = 0,
    FirstKeyChangeToken = 2,
    SecondKeyChangeToken = 3,
    OverflowError = 4,
    KeyTypeError = 5,
    FormatError = 6,
    RangeError = 7,
    FunctionError = 8,
    OldError = 9,

    /// <summary>The meter holds this token's identifier already. For a token that we sent this proves the credit.</summary>
    UsedError = 10,
    KeyExpiredError = 11,
    DdtkError = 12,
    CrcError = 13,
    MfrCodeError = 14,
    Lockout = 15,
    NotReady = 16,
    ThirdKeyChangeToken = 17,
    FourthKeyChangeToken = 18,
}

public enum RelayAction : byte
{
    Disconnect = 0,
    Reconnect = 1,
}

/// <summary>The state of the supply as a reading tells it; the numbers are the control_state of COSEM class 70.</summary>
public enum RelayReport : byte
{
    Disconnected = 0,
    Connected = 1,
    ReadyForReconnection = 2,
}

public enum CommandStatus : byte
{
    Done = 0,

    /// <summary>The control mode forbids the transition.</summary>
    RefusedByMode = 1,
    OutOfRange = 2,
    UnknownParameter = 3,

    /// <summary>Taken and durable, but an off-reason or an interlock still holds the switch.</summary>
    Deferred = 4,
    StorageFailure = 5,
}

/// <summary>What a head-end may set over the air. Nothing here touches metrology, keys or credit.</summary>
public enum MeterParameter : byte
{
    /// <summary>First low-credit alarm, in the milli-units of the balance.</summary>
    LowCreditAlarm1 = 1,

    /// <summary>Second low-credit alarm, in the milli-units of the balance.</summary>
    LowCreditAlarm2 = 2,

    /// <summary>COSEM class 70 control_mode, 0 to 7.</summary>
    ControlMode = 3,

    /// <summary>Seconds between readings sent unasked; 0 sends none.</summary>
    ReadingIntervalSeconds = 4,

    /// <summary>Load limit in watts; 0 takes the limit off.</summary>
    LoadLimitWatts = 5,

    /// <summary>Emergency credit, in the milli-units of the balance; 0 offers none.</summary>
    EmergencyLimit = 6,

    /// <summary>Emergency credit is offered below this balance, in its milli-units.</summary>
    EmergencyThreshold = 7,

    /// <summary>When an empty credit does not switch off: bits 16 to 22 whole days from Monday, bits 8 to 15 first hour, bits 0 to 7 hour after the last; 0 for never.</summary>
    FriendlyPeriod = 8,

    /// <summary>Minutes from UTC to local time, for the friendly period only.</summary>
    UtcOffsetMinutes = 9,

    /// <summary>0 prepaid, 1 postpaid: an empty credit never switches off.</summary>
    PaymentMode = 10,

    /// <summary>First low-credit alarm by days left at the pace of the last week; 0 for none.</summary>
    LowCreditDays1 = 11,

    /// <summary>Second low-credit alarm by days left; 0 for none.</summary>
    LowCreditDays2 = 12,

    /// <summary>0 automatic, 1 on whatever credit and limits say, 2 off.</summary>
    ForceSupply = 13,

    /// <summary>0 decommissioned: no supply, and open covers are no tamper; 1 commissioned.</summary>
    Commissioned = 14,

    /// <summary>Seconds of the one reminding trip at the first alarm; 0 for none.</summary>
    RemindTripSeconds = 15,

    /// <summary>0 an overload switches off, 1 it is counted apart.</summary>
    OverloadAction = 16,

    /// <summary>Seconds for which an overload of up to a tenth is tolerated.</summary>
    LimiterDelaySeconds = 17,

    /// <summary>Seconds from the first overload trip to the first reclosing; doubles with every trip.</summary>
    LimiterWaitSeconds = 18,

    /// <summary>Overload trips until the customer must act.</summary>
    LimiterTrips = 19,

    /// <summary>Minutes without a trip after which the count starts anew.</summary>
    LimiterForgetMinutes = 20,

    /// <summary>The least step of power that is looked at for a malignant load; 0 for none.</summary>
    MalignantStepWatts = 21,

    /// <summary>The least power factor of such a step, thousandths.</summary>
    MalignantPowerFactor = 22,

    /// <summary>1: after credit has come back the supply waits for somebody at the meter.</summary>
    ReconnectByHand = 23,

    /// <summary>1: after an outage the supply waits for somebody at the meter.</summary>
    ArmAfterOutage = 24,

    /// <summary>0 closes the account: the tenant moves out; 1 opens it for the next.</summary>
    AccountState = 25,
}
