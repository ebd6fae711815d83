namespace Latchkey.Meter.Journal;

/// <summary>The kinds of durable records. The numbers are stored; none is ever reused.</summary>
public enum RecordType : byte
{
    None = 0,
    SnapshotPart = 1,
    SnapshotEnd = 2,
    Checkpoint = 3,
    Event = 4,
    BlockPart = 5,
    Freeze = 6,
    Boot = 16,
    TokenAccepted = 17,
    KeyChangeToken = 18,
    Control = 19,
    TamperLatched = 20,
    Parameter = 21,
    CounterReserve = 22,
    LockOut = 23,
    SwitchLearning = 24,

    /// <summary>No longer written: emergency credit is in the book's lines.</summary>
    Emergency = 25,

    /// <summary>Lines of the book of account, credits and charges.</summary>
    Posting = 30,
    BlockAdopted = 31,
    BlockMoved = 32,

    /// <summary>A step of a firmware update.</summary>
    UpdateStep = 33,

    /// <summary>From 64 on: records of the communication store, which has a memory of its own.</summary>
    Setting = 64,
    ProfileRow = 65,
    /// <summary>What the meter saw of a tamper.</summary>
    TamperEvidence = 40,
}
