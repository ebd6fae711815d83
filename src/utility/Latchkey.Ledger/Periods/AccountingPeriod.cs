namespace Latchkey.Ledger;

/// <summary>A closed stretch of the books. It begins where the one before it ended; the first one at the first entry.</summary>
/// <param name="Number">1 for the first, without gaps.</param>
/// <param name="Sequence">The entry that closed it.</param>
/// <param name="Through">Its last moment; what is dated later belongs to the next.</param>
/// <param name="OpenFrom">The first entry that is dated later than its end; none before it is.</param>
/// <param name="ClosedBy">Who closed it.</param>
/// <param name="Root">The signed root of its closing entry, as published; null until it is signed.</param>
public sealed record AccountingPeriod(
    int Number, long Sequence, DateTimeOffset Through, long OpenFrom, string ClosedBy, DateTimeOffset ClosedAt, string? Root = null)
{
    public const int MaxNameLength = 80;

    /// <summary>The smallest difference of two times in the books.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMicroseconds(1);

    /// <summary>The first moment after it.</summary>
    public DateTimeOffset End => Through + Step;

    /// <summary>True where <paramref name="at"/> is closed with everything through <paramref name="closed"/>, to the step in which the books keep times.</summary>
    public static bool Covers(DateTimeOffset closed, DateTimeOffset at) => EntryCodec.ToMicroseconds(at) <= EntryCodec.ToMicroseconds(closed);
}
