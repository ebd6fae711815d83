namespace Latchkey.Dlms.Services;

/// <summary>What became of reading or writing one attribute.</summary>
/// <remarks>Source: IEC 62056-5-3, Data-Access-Result.</remarks>
public enum DataAccessResult : byte
{
    /// <summary>Done.</summary>
    Success = 0,
    /// <summary>The hardware failed.</summary>
    HardwareFault = 1,
    /// <summary>Not now.</summary>
    TemporaryFailure = 2,
    /// <summary>This association may not do that.</summary>
    ReadWriteDenied = 3,
    /// <summary>There is no such object or attribute.</summary>
    ObjectUndefined = 4,
    /// <summary>The object is of another class.</summary>
    ObjectClassInconsistent = 9,
    /// <summary>The object is not available.</summary>
    ObjectUnavailable = 11,
    /// <summary>The value has another type.</summary>
    TypeUnmatched = 12,
    /// <summary>Outside the scope of this association.</summary>
    ScopeOfAccessViolated = 13,
    /// <summary>The block is not available.</summary>
    DataBlockUnavailable = 14,
    /// <summary>A long get was given up.</summary>
    LongGetAborted = 15,
    /// <summary>There is no long get in progress.</summary>
    NoLongGetInProgress = 16,
    /// <summary>A long set was given up.</summary>
    LongSetAborted = 17,
    /// <summary>There is no long set in progress.</summary>
    NoLongSetInProgress = 18,
    /// <summary>The block has the wrong number.</summary>
    DataBlockNumberInvalid = 19,
    /// <summary>Any other reason, a value out of range among them.</summary>
    OtherReason = 250,
}

/// <summary>What became of calling a method.</summary>
/// <remarks>Source: IEC 62056-5-3, Action-Result.</remarks>
public enum ActionResult : byte
{
    /// <summary>Done, or taken to be done.</summary>
    Success = 0,
    /// <summary>The hardware failed.</summary>
    HardwareFault = 1,
    /// <summary>Not now.</summary>
    TemporaryFailure = 2,
    /// <summary>This association may not do that.</summary>
    ReadWriteDenied = 3,
    /// <summary>There is no such object or method.</summary>
    ObjectUndefined = 4,
    /// <summary>The object is of another class.</summary>
    ObjectClassInconsistent = 9,
    /// <summary>The object is not available.</summary>
    ObjectUnavailable = 11,
    /// <summary>The parameter has another type.</summary>
    TypeUnmatched = 12,
    /// <summary>Outside the scope of this association.</summary>
    ScopeOfAccessViolated = 13,
    /// <summary>The block is not available.</summary>
    DataBlockUnavailable = 14,
    /// <summary>A long action was given up.</summary>
    LongActionAborted = 15,
    /// <summary>There is no long action in progress.</summary>
    NoLongActionInProgress = 16,
    /// <summary>Any other reason, a parameter out of range among them.</summary>
    OtherReason = 250,
}
