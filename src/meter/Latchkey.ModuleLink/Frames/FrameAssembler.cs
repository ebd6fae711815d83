using System.Buffers;

namespace Latchkey.ModuleLink.Frames;

/// <summary>Puts frames together from bytes as they come; holds at most one frame's length and never more.</summary>
public sealed class FrameAssembler
{
    private readonly byte[] _buffer = new byte[FrameCodec.MaxLength];
    private int _start;
    private int _end;

    /// <summary>Bytes that belonged to no frame, since the start.</summary>
    public long GarbageBytes { get; private set; }

    /// <summary>Bytes run through the CRC, since the start: what looking for frames has cost.</summary>
    public long CheckedBytes { get; private set; }

    /// <summary>How many bytes the assembler can take now.</summary>
    public int Free => _buffer.Length - (_end - _start);

    /// <summary>Takes as many bytes as fit and returns how many; call <see cref="TryTake(out ModuleFrame)"/> until false, then push the rest.</summary>
    public int Push(ReadOnlySpan<byte> bytes)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        int taken = Math.Min(bytes.Length, _buffer.Length - _end);
        bytes[..taken].CopyTo(_buffer.AsSpan(_end));
        _end += taken;
        return taken;
    }

    /// <summary>The next whole frame; its payload is valid until the next <see cref="Push"/>.</summary>
    public bool TryTake(out ModuleFrame frame) => TryTake(long.MaxValue, out frame);

    /// <summary>The next whole frame, unless looking for it would take <see cref="CheckedBytes"/> past a mark: then false, and the search goes on at the next call.</summary>
    /// <remarks>Garbage in which every byte begins a frame would else be checked hundreds of times over in one go.</remarks>
    public bool TryTake(long checkedBytesMark, out ModuleFrame frame)
    {
        frame = default;
        while (CheckedBytes < checkedBytesMark)
        {
            OperationStatus status = FrameCodec.Read(_buffer.AsSpan(_start, _end - _start), out frame, out int consumed, out int examined);
            CheckedBytes += examined;
            _start += consumed;
            if (status == OperationStatus.Done) return true;
            if (status == OperationStatus.NeedMoreData) return false;
            GarbageBytes += consumed;
        }

        return false;
    }

    /// <summary>Drops a frame that was begun and not finished: the host calls it when the line was silent for longer than a byte may take.</summary>
    public void Reset()
    {
        GarbageBytes += _end - _start;
        (_start, _end) = (0, 0);
    }
}
