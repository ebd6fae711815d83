using System.Buffers;

namespace Latchkey.HeadEnd.Readings;

/// <summary>Packs one meter's readings of one channel and one UTC day into one small block.</summary>
/// <remarks>
/// Version 1: a byte 1, the count, then the times as delta of delta, then the values as delta, each a zigzag LEB128 number.
/// Regular readings cost one byte for the time. The block is a function of the set of points alone, so equal sets are equal bytes.
/// </remarks>
public static class DayCodec
{
    private const byte Version = 1;
    private const int MaxNumberBytes = 10;

    /// <summary>Packs points that are in rising order of distinct seconds.</summary>
    /// <exception cref="ArgumentException">The points are not in order, or a second is outside the day.</exception>
    public static byte[] Encode(ReadOnlySpan<DayPoint> points)
    {
        var writer = new ArrayBufferWriter<byte>(8 + (points.Length * 4));
        WriteByte(writer, Version);
        WriteNumber(writer, (ulong)points.Length);
        int previous = -1, step = 0;
        foreach (DayPoint point in points)
        {
            if (point.SecondOfDay <= previous || point.SecondOfDay >= DayPoint.SecondsPerDay)
                throw new ArgumentException("Points must rise within one day.", nameof(points));
            int delta = point.SecondOfDay - previous;
            WriteNumber(writer, ZigZag(delta - step));
            (previous, step) = (point.SecondOfDay, delta);
        }

        long last = 0;
        foreach (DayPoint point in points)
        {
            WriteNumber(writer, ZigZag(unchecked(point.Value - last)));
            last = point.Value;
        }

        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Unpacks a block; false for anything that <see cref="Encode"/> would not have written. Never throws.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> block, out DayPoint[] points)
    {
        points = [];
        if (block.IsEmpty || block[0] != Version) return false;
        block = block[1..];

        // Each point takes at least two bytes, so a count beyond that is refused before it allocates anything.
        if (!TryReadNumber(ref block, out ulong count) || count > (ulong)block.Length / 2) return false;
        var decoded = new DayPoint[count];
        if (!TryReadTimes(ref block, decoded) || !TryReadValues(ref block, decoded) || !block.IsEmpty) return false;
        points = decoded;
        return true;
    }

    private static bool TryReadTimes(ref ReadOnlySpan<byte> block, DayPoint[] points)
    {
        long previous = -1, step = 0;
        for (int i = 0; i < points.Length; i++)
        {
            if (!TryReadNumber(ref block, out ulong number)) return false;
            long change = UnZigZag(number);
            if (Int128.Abs((Int128)change) > DayPoint.SecondsPerDay) return false;
            step += change;
            previous += step;
            if (step <= 0 || previous >= DayPoint.SecondsPerDay) return false;
            points[i] = new DayPoint((int)previous, 0);
        }

        return true;
    }

    private static bool TryReadValues(ref ReadOnlySpan<byte> block, DayPoint[] points)
    {
        long last = 0;
        for (int i = 0; i < points.Length; i++)
        {
            if (!TryReadNumber(ref block, out ulong number)) return false;
            last = unchecked(last + UnZigZag(number));
            points[i] = points[i] with { Value = last };
        }

        return true;
    }

    private static void WriteByte(ArrayBufferWriter<byte> writer, byte value)
    {
        writer.GetSpan(1)[0] = value;
        writer.Advance(1);
    }

    private static void WriteNumber(ArrayBufferWriter<byte> writer, ulong value)
    {
        Span<byte> target = writer.GetSpan(MaxNumberBytes);
        int length = 0;
        for (; value >= 0x80; value >>= 7) target[length++] = (byte)(0x80 | (value & 0x7F));
        target[length++] = (byte)value;
        writer.Advance(length);
    }

    // Only the shortest form of a number is accepted: one set of points has one block.
    private static bool TryReadNumber(ref ReadOnlySpan<byte> block, out ulong value)
    {
        value = 0;
        for (int i = 0; i < block.Length && i < MaxNumberBytes; i++)
        {
            byte next = block[i];
            if (i == MaxNumberBytes - 1 && next > 1) return false;
            value |= (ulong)(next & 0x7F) << (7 * i);
            if ((next & 0x80) != 0) continue;
            if (next == 0 && i > 0) return false;
            block = block[(i + 1)..];
            return true;
        }

        return false;
    }

    private static ulong ZigZag(long value) => unchecked((ulong)((value << 1) ^ (value >> 63)));

    private static long UnZigZag(ulong value) => unchecked((long)(value >> 1) ^ -(long)(value & 1));
}
