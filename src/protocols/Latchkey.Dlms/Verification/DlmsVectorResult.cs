namespace Latchkey.Dlms.Verification;

/// <summary>What became of one vector.</summary>
public enum DlmsVectorVerdict
{
    /// <summary>Computed and equal.</summary>
    Passed = 0,
    /// <summary>Computed and different, or not computable though it should be.</summary>
    Failed = 1,
    /// <summary>Not computed.</summary>
    Skipped = 2,
}

/// <summary>One vector's outcome.</summary>
/// <param name="Id">The vector's own id.</param>
/// <param name="Verdict">Passed, failed or skipped.</param>
/// <param name="Reason">What differed, or why it was skipped; null when it passed.</param>
public sealed record DlmsVectorResult(string Id, DlmsVectorVerdict Verdict, string? Reason);
