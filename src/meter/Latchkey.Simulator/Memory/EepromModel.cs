using Latchkey.Meter.Hal;

namespace Latchkey.Simulator.Memory;

/// <summary>A serial EEPROM of 2 Mbit: pages of 256 bytes, 10 ms to program one, cells that wear in groups of four bytes.</summary>
/// <remarks>
/// Power can be cut at any of its steps: one for each byte clocked in, and <see cref="ProgramSteps"/> inside the internal write.
/// A cut ends the caller by <see cref="PowerLostException"/>; what the cells hold then is the torn-write model's say.
/// </remarks>
public sealed class EepromModel(INvmImage image, ulong seed = 1, int size = EepromModel.StandardSize) : INonVolatileMemory
{
    public const int StandardSize = 256 * 1024;
    public const int ProgramSteps = 16;

    /// <summary>What an image holds: the cells, and a little room for what is no memory but stays too.</summary>
    public const int ImageSize = StandardSize + 256;

    /// <summary>Internal write time, microseconds.</summary>
    public const int ProgramUs = 10_000;

    /// <summary>Nine clocks a byte at 400 kHz, microseconds times 2.</summary>
    private const int HalfUsPerByte = 45;
    private const int GroupSize = 4;
    private readonly uint[] _groupWrites = new uint[size / GroupSize];
    private readonly Dictionary<int, byte[]> _weak = [];
    private readonly byte[] _old = new byte[256];
    private ulong _random = seed;
    private long _stepsLeft = long.MaxValue;
    private TornWrite _torn;
    private long _busyUsLeft = long.MaxValue;

    public int Size => size;

    public int PageSize => 256;

    /// <summary>Steps taken so far: the points at which power could have been cut.</summary>
    public long Steps { get; private set; }

    /// <summary>Page programs so far.</summary>
    public long Programs { get; private set; }

    /// <summary>Time spent writing so far, microseconds.</summary>
    public long BusyUs { get; private set; }

    /// <summary>Programs of the group that was programmed most.</summary>
    public uint WornMost => _groupWrites.Max();

    /// <summary>Programs of each group of four bytes.</summary>
    public ReadOnlySpan<uint> GroupWrites => _groupWrites;

    /// <summary>Arms a cut after so many more steps.</summary>
    public void CutAfter(long steps, TornWrite torn = TornWrite.Scrambled) => (_stepsLeft, _torn) = (steps, torn);

    /// <summary>Arms a cut after so much more time spent writing: the hold-up charge.</summary>
    public void CutAfterTime(long busyUs, TornWrite torn = TornWrite.Scrambled) => (_busyUsLeft, _torn) = (busyUs, torn);

    /// <summary>Takes back every armed cut: power is there.</summary>
    public void PowerOn() => (_stepsLeft, _busyUsLeft) = (long.MaxValue, long.MaxValue);

    public void Read(int address, Span<byte> destination)
    {
        image.Read(address, destination);
        if (_weak.Count == 0) return;
        for (int group = address / GroupSize; group <= (address + destination.Length - 1) / GroupSize; group++)
        {
            if (_weak.TryGetValue(group, out byte[]? other) && (Next() & 1) == 1) Overlay(address, destination, group, other);
        }
    }

    public bool TryWrite(int address, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length == 0 || (address % PageSize) + bytes.Length > PageSize) throw new ArgumentException("A write stays inside one page.", nameof(bytes));
        // Clocking in changes no cell: the memory programs only after the stop condition.
        Spend(bytes.Length, bytes.Length * HalfUsPerByte / 2, address, default);
        Spend(ProgramSteps, ProgramUs, address, bytes);
        image.Write(address, bytes);
        for (int group = address / GroupSize; group <= (address + bytes.Length - 1) / GroupSize; group++)
        {
            _groupWrites[group]++;
            _weak.Remove(group);
        }

        Programs++;
        return true;
    }

    private void Spend(int steps, long us, int address, ReadOnlySpan<byte> bytes)
    {
        if (_stepsLeft < steps || _busyUsLeft < us)
        {
            long done = Math.Min(_stepsLeft, _busyUsLeft < us ? _busyUsLeft * steps / us : steps);
            Steps += done;
            if (!bytes.IsEmpty) Tear(address, bytes, (int)Math.Clamp(done, 0, steps));
            throw new PowerLostException();
        }

        Steps += steps;
        BusyUs += us;
        if (_stepsLeft != long.MaxValue) _stepsLeft -= steps;
        if (_busyUsLeft != long.MaxValue) _busyUsLeft -= us;
    }

    private void Tear(int address, ReadOnlySpan<byte> bytes, int stepsDone)
    {
        Span<byte> old = _old.AsSpan(0, bytes.Length);
        image.Read(address, old);
        switch (_torn)
        {
            case TornWrite.Clean: return;
            case TornWrite.Prefix: image.Write(address, bytes[..(bytes.Length * stepsDone / ProgramSteps)]); return;
            case TornWrite.WrongPage:
                int page = (int)(Next() % (ulong)(Size / PageSize));
                image.Write((page * PageSize) + (address % PageSize), bytes);
                return;
            case TornWrite.Weak:
                for (int at = 0; at < bytes.Length; at += GroupSize) _weak[(address + at) / GroupSize] = bytes.Slice(at, Math.Min(GroupSize, bytes.Length - at)).ToArray();
                return;
            default:
                for (int at = 0; at < bytes.Length; at += GroupSize) Scramble(address + at, bytes.Slice(at, Math.Min(GroupSize, bytes.Length - at)));
                return;
        }
    }

    private void Scramble(int address, ReadOnlySpan<byte> wanted)
    {
        Span<byte> found = stackalloc byte[GroupSize];
        found = found[..wanted.Length];
        switch (Next() % 4)
        {
            case 0: return;
            case 1: wanted.CopyTo(found); break;
            case 2: found.Fill(0xFF); break;
            default:
                for (int i = 0; i < found.Length; i++) found[i] = (byte)(Next() & 0xFF);
                break;
        }

        image.Write(address, found);
    }

    private static void Overlay(int address, Span<byte> destination, int group, byte[] other)
    {
        for (int i = 0; i < other.Length; i++)
        {
            int at = (group * GroupSize) + i - address;
            if (at >= 0 && at < destination.Length) destination[at] = other[i];
        }
    }

    // SplitMix64: a stream that is the same everywhere and may be seeded anew for each cut.
    private ulong Next()
    {
        unchecked
        {
            _random += 0x9E3779B97F4A7C15;
            ulong z = _random;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
