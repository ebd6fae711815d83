using Latchkey.ModuleLink.Messages;

namespace Latchkey.HeadEnd.Deliveries;

/// <summary>What a status from the meter means for a delivery.</summary>
internal enum Verdict
{
    /// <summary>It took effect, now or before.</summary>
    Proven,

    /// <summary>It did not and will not.</summary>
    Rejected,

    /// <summary>It did not yet; ask again later.</summary>
    Later,
}

/// <summary>The tables from the meter's statuses to verdicts.</summary>
internal static class MeterVerdicts
{
    public static Verdict Of(TokenStatus status) => status switch
    {
        TokenStatus.Accepted or TokenStatus.UsedError => Verdict.Proven,
        TokenStatus.FirstKeyChangeToken or TokenStatus.SecondKeyChangeToken => Verdict.Proven,
        TokenStatus.ThirdKeyChangeToken or TokenStatus.FourthKeyChangeToken => Verdict.Proven,
        TokenStatus.Lockout or TokenStatus.NotReady => Verdict.Later,
        _ => Verdict.Rejected,
    };

    public static Verdict Of(CommandStatus status) => status switch
    {
        CommandStatus.Done or CommandStatus.Deferred => Verdict.Proven,
        CommandStatus.StorageFailure => Verdict.Later,
        _ => Verdict.Rejected,
    };

    /// <summary>A set is proven when every part is, rejected when any part is.</summary>
    public static Verdict Of(IEnumerable<TokenStatus> statuses)
    {
        var worst = Verdict.Proven;
        foreach (TokenStatus status in statuses)
        {
            Verdict verdict = Of(status);
            if (verdict == Verdict.Rejected) return verdict;
            if (verdict == Verdict.Later) worst = verdict;
        }

        return worst;
    }
}
