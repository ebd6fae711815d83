namespace Latchkey.Meter.Payment;

/// <summary>What the meter says to somebody who asks for emergency credit; the numbers are shown.</summary>
public enum EmergencyAnswer : byte
{
    Granted = 0,

    /// <summary>The last one is not repaid.</summary>
    AlreadyUsed = 1,

    /// <summary>There is credit enough.</summary>
    NotNeeded = 2,

    /// <summary>This meter has none to give.</summary>
    NotOffered = 3,

    /// <summary>The memory does not take it.</summary>
    NotReady = 4,
}
