namespace Latchkey.Meter.Journal;

/// <summary>The kinds of durable records. The numbers are stored; none is ever reused.</summary>
public enum RecordType : byte
{
    None = 0,
    SnapshotPart = 1,
    SnapshotEnd = 2,
    Checkpoint = 3,
    Event = 4,
    Boot = 16,
    TokenAccepted = 17,
    KeyChangeToken = 18,
    Control = 19,
    TamperLatched = 20,
    Parameter = 21,
    CounterReserve = 22,
    LockOut = 23,
    SwitchLearning = 24,
    Emergency = 25,

    /// <summary>What the meter saw of a tamper.</summary>
    TamperEvidence = 40,
}
