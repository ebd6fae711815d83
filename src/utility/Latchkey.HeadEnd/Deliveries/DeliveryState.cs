namespace Latchkey.HeadEnd.Deliveries;

/// <summary>Where a delivery stands. The numbers are stored: never renumber.</summary>
public enum DeliveryState
{
    /// <summary>Waits for its turn, for the next contact or for the timer.</summary>
    Pending = 1,

    /// <summary>An exchange is open: a datagram was sent and the meter may still answer.</summary>
    InFlight = 2,

    /// <summary>The meter's own word, or a read-back, says it took effect.</summary>
    Proven = 3,

    /// <summary>The meter's own word says it did not take effect and will not.</summary>
    RejectedByMeter = 4,

    /// <summary>Nobody knows; the time is over. A proof that arrives later still counts.</summary>
    Expired = 5,

    /// <summary>A newer intent took its place before it was proven.</summary>
    Superseded = 6,
}

/// <summary>How sure it is that the meter acted. Only the last two close a delivery. The numbers are stored.</summary>
public enum ProofLevel
{
    None = 0,

    /// <summary>A modem, gateway or platform took it. Says nothing about credit.</summary>
    LinkAcknowledged = 1,

    /// <summary>The meter's authenticated result for this very token or command.</summary>
    MeterResult = 2,

    /// <summary>A later authenticated report of the meter shows the effect.</summary>
    ReadBack = 3,
}

/// <summary>How the proof came about. The numbers are stored.</summary>
public enum ProofSource
{
    /// <summary>The meter accepted what this head-end sent.</summary>
    Channel = 1,

    /// <summary>The meter had the token already: typed at its keypad, or an answer to an earlier datagram was lost.</summary>
    AlreadyUsed = 2,

    /// <summary>The meter reported the token as typed at its keypad.</summary>
    Keypad = 3,

    /// <summary>The meter's newest token identifier, or its relay, shows it.</summary>
    ReadBack = 4,
}

/// <summary>The two positions of the load switch that may be asked for. The numbers are stored.</summary>
public enum RelayPosition
{
    Off = 0,
    On = 1,
}
