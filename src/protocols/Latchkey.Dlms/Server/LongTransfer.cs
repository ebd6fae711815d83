using System.Buffers;

namespace Latchkey.Dlms.Server;

/// <summary>A value that goes out or comes in in blocks. It holds rented memory only while it runs.</summary>
internal sealed class LongTransfer
{
    private byte[]? _buffer;

    /// <summary>The number of the last block sent or taken.</summary>
    public uint Block { get; private set; }

    public bool IsActive => _buffer is not null;

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Value => _buffer.AsSpan(0, Length);

    private int BlockSize { get; set; }

    /// <summary>Takes a snapshot of a value, so that every block comes from the same state.</summary>
    public void StartSending(ReadOnlySpan<byte> value, int blockSize)
    {
        Stop();
        _buffer = ArrayPool<byte>.Shared.Rent(value.Length);
        value.CopyTo(_buffer);
        (Length, BlockSize, Block) = (value.Length, blockSize, 1);
    }

    public ReadOnlySpan<byte> Current => Value.Slice((int)((Block - 1) * BlockSize), (int)Math.Min(BlockSize, Length - ((Block - 1) * BlockSize)));

    public bool IsLast => Block * (long)BlockSize >= Length;

    /// <summary>The client has block <paramref name="received"/>: go to the next, or stay for a repeated request. False for any other number.</summary>
    public bool TryAdvance(uint received)
    {
        if (!IsActive) return false;
        if (received + 1UL == Block) return true;
        if (received != Block || IsLast) return false;
        Block++;
        return true;
    }

    public void StartReceiving(int capacity)
    {
        Stop();
        _buffer = ArrayPool<byte>.Shared.Rent(capacity);
        (Length, Block, BlockSize) = (0, 0, capacity);
    }

    public bool TryAppend(uint number, ReadOnlySpan<byte> raw)
    {
        if (!IsActive) return false;

        // The client did not hear our receipt and sends the same block again: it is here already.
        if (number == Block && number > 0) return true;
        if (number != Block + 1 || raw.Length > BlockSize - Length) return false;
        raw.CopyTo(_buffer.AsSpan(Length));
        Length += raw.Length;
        Block = number;
        return true;
    }

    public void Stop()
    {
        if (_buffer is not null) ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = null;
        (Length, Block) = (0, 0);
    }
}
