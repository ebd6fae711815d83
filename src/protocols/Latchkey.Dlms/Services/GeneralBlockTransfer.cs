namespace Latchkey.Dlms.Services;

/// <summary>What a block transfer made of a block.</summary>
public enum BlockTransferEvent
{
    /// <summary>Taken, or a repetition: nothing to send yet.</summary>
    None = 0,
    /// <summary>The other side waits: call <see cref="GeneralBlockTransfer.WriteNext"/> until it returns 0.</summary>
    Send = 1,
    /// <summary>The whole APDU of the other side is there.</summary>
    Completed = 2,
    /// <summary>The transfer cannot go on: a block that does not belong, or too much.</summary>
    Aborted = 3,
}

/// <summary>One side of a general block transfer: sends its APDU in streams of blocks and puts the other side's together. Lost blocks are
/// asked for by acknowledging the last good one.</summary>
/// <remarks>Source: IEC 62056-5-3, general block transfer mechanism.</remarks>
public sealed class GeneralBlockTransfer
{
    /// <summary>The most blocks in one stream.</summary>
    public const int MaxWindow = 8;

    private readonly byte[] _incoming;
    private readonly int _ownWindow;
    private byte[] _outgoing = [];
    private int _outgoingLength;
    private int _blockSize = 1;
    private int _peerWindow = 1;
    private ushort _next = 1;
    private ushort _confirmed;
    private int _streamLeft;
    private int _incomingLength;
    private ushort _received;
    private bool _complete;
    private bool _owesAcknowledgement;

    /// <summary>A side that takes an APDU of at most <paramref name="maxApdu"/> octets, in streams of at most <paramref name="window"/> blocks.</summary>
    public GeneralBlockTransfer(int maxApdu, int window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 1);
        _incoming = new byte[maxApdu];
        _ownWindow = Math.Min(window, MaxWindow);
    }

    /// <summary>The APDU of the other side, once it is complete.</summary>
    public ReadOnlySpan<byte> Received => _complete ? _incoming.AsSpan(0, _incomingLength) : default;

    /// <summary>Whether the other side's APDU was longer than this side takes.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Whether every block of this side was confirmed.</summary>
    public bool IsSent => _confirmed >= BlockCount;

    private int BlockCount => Math.Max(1, (_outgoingLength + _blockSize - 1) / _blockSize);

    /// <summary>Takes the APDU to send and how much of it goes into one block; the peer's window is learnt from its blocks.</summary>
    public void Start(ReadOnlySpan<byte> apdu, int maxPdu, int peerWindow)
    {
        int blockSize = maxPdu - GeneralBlock.MaxOverhead;
        ArgumentOutOfRangeException.ThrowIfLessThan(blockSize, 1);
        _outgoing = apdu.ToArray();
        (_outgoingLength, _blockSize) = (apdu.Length, blockSize);
        _peerWindow = Math.Clamp(peerWindow, 1, MaxWindow);
        (_next, _confirmed) = (1, 0);
        _streamLeft = _peerWindow;
    }

    /// <summary>Forgets what was received, so that the next APDU can come.</summary>
    public void ExpectNew() => (_incomingLength, _received, _complete, _owesAcknowledgement) = (0, 0, false, false);

    /// <summary>Writes the next block of the stream; 0 when the stream is over and the other side has the word, or when the output is too small.</summary>
    public int WriteNext(Span<byte> output)
    {
        bool hasBlock = _outgoingLength > 0 && _next <= BlockCount && _streamLeft > 0;
        if (!hasBlock) return WriteAcknowledgement(output);

        int offset = (_next - 1) * _blockSize;
        int size = Math.Min(_blockSize, _outgoingLength - offset);
        bool last = _next == BlockCount;
        var block = new GeneralBlock
        {
            IsLast = last,
            IsStreaming = !last && _streamLeft > 1,
            Window = (byte)_ownWindow,
            Number = _next,
            Acknowledged = _received,
            Raw = _outgoing.AsSpan(offset, size),
        };
        int written = block.Write(output);
        if (written == 0) return 0;
        _next++;
        _streamLeft--;
        _owesAcknowledgement = false;
        return written;
    }

    /// <summary>After a silence: the last stream is sent again from the first block that was not confirmed.</summary>
    public void Repeat()
    {
        _next = (ushort)(_confirmed + 1);
        _streamLeft = _peerWindow;
        _owesAcknowledgement = true;
    }

    /// <summary>Whether this first block is the one that the other side's APDU began with; if not, another APDU begins.</summary>
    public bool BeganWith(GeneralBlock block) =>
        block.Raw.Length <= _incomingLength && block.Raw.SequenceEqual(_incoming.AsSpan(0, block.Raw.Length));

    /// <summary>Takes one block.</summary>
    public BlockTransferEvent Receive(GeneralBlock block)
    {
        if (block.Acknowledged > BlockCount || block.Acknowledged >= _next) return BlockTransferEvent.Aborted;
        if (block.Acknowledged > _confirmed) _confirmed = block.Acknowledged;
        if (block.Window > 0) _peerWindow = Math.Min((int)block.Window, MaxWindow);

        bool carries = !block.Raw.IsEmpty || block.IsLast;
        if (carries && !_complete && block.Number == _received + 1)
        {
            if (block.Raw.Length > _incoming.Length - _incomingLength)
            {
                IsTooLong = true;
                return BlockTransferEvent.Aborted;
            }

            block.Raw.CopyTo(_incoming.AsSpan(_incomingLength));
            _incomingLength += block.Raw.Length;
            _received++;
            _complete = block.IsLast;
            if (_complete) return BlockTransferEvent.Completed;
        }

        if (block.IsStreaming) return BlockTransferEvent.None;

        // The other side has stopped: whatever it has not confirmed by now was lost, and it goes out again.
        _next = (ushort)(_confirmed + 1);
        _streamLeft = _peerWindow;
        _owesAcknowledgement = carries;
        return BlockTransferEvent.Send;
    }

    private int WriteAcknowledgement(Span<byte> output)
    {
        if (!_owesAcknowledgement) return 0;
        _owesAcknowledgement = false;
        return new GeneralBlock { Window = (byte)_ownWindow, Number = _next, Acknowledged = _received }.Write(output);
    }
}
