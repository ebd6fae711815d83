using CsCheck;
using Latchkey.HeadEnd.Readings;

namespace Latchkey.HeadEnd.Tests;

public sealed class DayCodecTests
{
    private static readonly Gen<DayPoint> Point = Gen.Select(Gen.Int[0, DayPoint.SecondsPerDay - 1], Gen.Long, (s, v) => new DayPoint(s, v));
    private static readonly Gen<DayPoint[]> Points = Point.Array[0, 200];

    [Fact]
    public void Decode_OfEncode_GivesThePointsBack() => Points.Sample(points =>
    {
        DayPoint[] day = DayMerge.Join([], points);
        return DayCodec.TryDecode(DayCodec.Encode(day), out DayPoint[] decoded) && decoded.AsSpan().SequenceEqual(day);
    });

    [Fact]
    public void Join_InAnyGrouping_IsTheSame() => Gen.Select(Points, Points, Points).Sample((a, b, c) =>
        DayMerge.Join(DayMerge.Join(a, b), c).AsSpan().SequenceEqual(DayMerge.Join(a, DayMerge.Join(c, b)))
        && DayMerge.Join(a, a).AsSpan().SequenceEqual(DayMerge.Join([], a)));

    [Fact]
    public void Decode_OfAnyBytes_ReturnsOrRefusesAndReencodesExactly() => Gen.Byte.Array[0, 60].Sample(bytes =>
        !DayCodec.TryDecode(bytes, out DayPoint[] points) || DayCodec.Encode(points).AsSpan().SequenceEqual(bytes));

    [Fact]
    public void Decode_OfEveryPrefix_IsRefused()
    {
        byte[] block = DayCodec.Encode(DayMerge.Join([], [new DayPoint(0, 5), new DayPoint(900, -70_000), new DayPoint(86_399, long.MinValue)]));
        for (int length = 0; length < block.Length; length++) Assert.False(DayCodec.TryDecode(block.AsSpan(0, length), out _));
    }

    [Fact]
    public void Encode_OutOfOrder_IsRefused() =>
        Assert.Throws<ArgumentException>(() => DayCodec.Encode([new DayPoint(5, 1), new DayPoint(5, 2)]));

    [Fact]
    public void Encode_AQuarterHourlyRegister_TakesAboutThreeBytesAReading()
    {
        // A household's register: between 20 and 600 Wh a quarter of an hour.
        long register = 1_234_567;
        DayPoint[] day = [.. Enumerable.Range(0, 96).Select(i => new DayPoint(i * 900, register += 20 + (i * 37 % 581)))];
        Assert.InRange(DayCodec.Encode(day).Length / 96.0, 1, 3.2);
    }

    [Fact]
    public void EnumNumbers_AreWhatIsStored() => Assert.Equal(
        [1, 2, 3, 4, 5, 6], Enum.GetValues<ReadingChannel>().Select(c => (int)c));
}
