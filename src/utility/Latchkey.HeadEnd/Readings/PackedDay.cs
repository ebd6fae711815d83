using Latchkey.Sts;

namespace Latchkey.HeadEnd.Readings;

/// <summary>The stored row: one meter, one channel, one UTC day.</summary>
/// <param name="Pan">The meter.</param>
/// <param name="Channel">What is measured.</param>
/// <param name="Day">UTC.</param>
/// <param name="Block">As <see cref="DayCodec"/> packs it.</param>
public sealed record PackedDay(MeterPan Pan, ReadingChannel Channel, DateOnly Day, ReadOnlyMemory<byte> Block)
{
    /// <summary>The row with more points joined in.</summary>
    /// <exception cref="InvalidDataException">The stored block is damaged; it is never overwritten silently.</exception>
    public PackedDay Join(ReadOnlySpan<DayPoint> arrived) => this with { Block = DayCodec.Encode(DayMerge.Join(Points(), arrived)) };

    /// <summary>The points, in rising order.</summary>
    /// <exception cref="InvalidDataException">The stored block is damaged.</exception>
    public DayPoint[] Points()
    {
        if (Block.IsEmpty) return [];
        return DayCodec.TryDecode(Block.Span, out DayPoint[] points)
            ? points
            : throw new InvalidDataException($"The stored readings of {Channel} on {Day:O} are damaged.");
    }
}
