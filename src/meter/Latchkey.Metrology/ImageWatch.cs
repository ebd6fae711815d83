using System.Numerics;

namespace Latchkey.Metrology;

/// <summary>Reads the image of the legally relevant software over and over, a piece a frame, and compares its CRC-32C with the one at start.</summary>
/// <remarks>A round begins every 24 hours of samples; the pieces are small enough that no frame notices.</remarks>
internal sealed class ImageWatch
{
    private const long RoundSamples = 24L * 3600 * RawSample.RateHz;
    private const int Piece = 4096;
    private readonly ReadOnlyMemory<byte> _image;
    private readonly uint _expected;
    private uint _crc = Crc32C.Start;
    private int _read;
    private long _nextRound = RoundSamples;

    /// <summary>Takes the image's checksum as it is now.</summary>
    public ImageWatch(ReadOnlyMemory<byte> image)
    {
        _image = image;
        _expected = Crc32C.Of(image.Span);
    }

    /// <summary>Rounds completed.</summary>
    public int Rounds { get; private set; }

    /// <summary>Reads on; false when a completed round gave another checksum.</summary>
    public bool Look(long samples)
    {
        if (samples < _nextRound) return true;
        ReadOnlySpan<byte> piece = _image.Span.Slice(_read, Math.Min(Piece, _image.Length - _read));
        _crc = Crc32C.Add(_crc, piece);
        _read += piece.Length;
        if (_read < _image.Length) return true;
        bool same = Crc32C.End(_crc) == _expected;
        (_crc, _read, _nextRound) = (Crc32C.Start, 0, _nextRound + RoundSamples);
        Rounds++;
        return same;
    }
}

/// <summary>CRC-32C (Castagnoli), as the display shows it and the parameter block carries it.</summary>
internal static class Crc32C
{
    public const uint Start = 0xFFFF_FFFF;

    public static uint Of(ReadOnlySpan<byte> bytes) => End(Add(Start, bytes));

    public static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes) crc = BitOperations.Crc32C(crc, b);
        return crc;
    }

    public static uint End(uint crc) => ~crc;
}
