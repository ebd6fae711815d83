using System.Buffers.Binary;
using Latchkey.ModuleLink;

namespace Latchkey.Meter.Ciu;

/// <summary>What a frame between the meter and its split keypad carries.</summary>
public enum CiuFrameType : byte
{
    /// <summary>Unit to meter: it has just begun, and numbers its keys anew. One byte: the number of this session.</summary>
    Begin = 1,

    /// <summary>Unit to meter: one key.</summary>
    Key = 2,

    /// <summary>Meter to unit: the key with this sequence number was taken, now or before.</summary>
    Taken = 3,

    /// <summary>Meter to unit: what the display shows.</summary>
    Show = 4,
}

/// <summary>One frame on the two-core wire.</summary>
/// <remarks>
/// <c>C5 | type:1 | session:1 | sequence:1 | length:1 | payload | CRC-32C:4</c>. At 2400 baud a key is 42 ms and a display of two lines 0.3 s. The unit
/// is a dumb terminal: no digit is judged in it, and nothing that it is sent is a secret.
/// </remarks>
public readonly record struct CiuFrame(CiuFrameType Type, byte Session, byte Sequence, ReadOnlyMemory<byte> Payload)
{
    public const byte Mark = 0xC5;
    public const int MaxPayload = 64;
    public const int Overhead = 9;
    public const int MaxLength = Overhead + MaxPayload;
    private const int HeaderLength = 5;

    public byte[] Encode()
    {
        byte[] bytes = new byte[Overhead + Payload.Length];
        (bytes[0], bytes[1], bytes[2], bytes[3], bytes[4]) = (Mark, (byte)Type, Session, Sequence, (byte)Payload.Length);
        Payload.Span.CopyTo(bytes.AsSpan(HeaderLength));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(HeaderLength + Payload.Length), Crc32C.Compute(bytes.AsSpan(1, HeaderLength - 1 + Payload.Length)));
        return bytes;
    }

    /// <summary>Whether the bytes are one whole frame.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out CiuFrame frame, out int length)
    {
        frame = default;
        length = 0;
        if (bytes.Length < Overhead || bytes[0] != Mark || bytes[4] > MaxPayload || bytes.Length < Overhead + bytes[4]) return false;
        int covered = HeaderLength + bytes[4];
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes[covered..]) != Crc32C.Compute(bytes[1..covered])) return false;
        if (bytes[1] is 0 or > (byte)CiuFrameType.Show) return false;
        length = covered + sizeof(uint);
        frame = new CiuFrame((CiuFrameType)bytes[1], bytes[2], bytes[3], bytes[HeaderLength..covered].ToArray());
        return true;
    }
}

/// <summary>Finds frames in what comes over the wire; holds at most one frame's bytes.</summary>
public sealed class CiuReader
{
    private readonly byte[] _held = new byte[CiuFrame.MaxLength];
    private int _count;

    /// <summary>Takes bytes and gives the frames in them.</summary>
    public IReadOnlyList<CiuFrame> Push(ReadOnlySpan<byte> bytes)
    {
        var frames = new List<CiuFrame>();
        foreach (byte b in bytes)
        {
            if (_count == _held.Length) Drop(1);
            _held[_count++] = b;
            while (_count > 0 && !Wants()) Take(frames);
        }

        return frames;
    }

    // More bytes may make a frame of what is held.
    private bool Wants() => _held[0] == CiuFrame.Mark && (_count < 5 || (_held[4] <= CiuFrame.MaxPayload && _count < CiuFrame.Overhead + _held[4]));

    private void Take(List<CiuFrame> frames)
    {
        if (CiuFrame.TryRead(_held.AsSpan(0, _count), out CiuFrame frame, out int length)) frames.Add(frame);
        Drop(Math.Max(1, length));
    }

    private void Drop(int count)
    {
        Array.Copy(_held, count, _held, 0, _count - count);
        _count -= count;
    }
}
