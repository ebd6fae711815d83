using System.Text;

namespace Latchkey.Meter.Ciu;

/// <summary>The split keypad in the flat: sends keys, shows what the meter says, knows nothing.</summary>
/// <param name="send">The wire.</param>
/// <param name="session">A number that differs from the last one, as a counter in the unit gives it at every start.</param>
public sealed class CiuUnit(Action<byte[]> send, byte session)
{
    public const int Columns = 20;
    private const int QueueLimit = 64;
    private const int RepeatMs = 400;
    private const int SilentMs = 5_000;
    private readonly CiuReader _reader = new();
    private readonly Queue<char> _keys = new();
    private bool _begun;
    private byte _sequence = 1;
    private byte _shown;
    private long _sentMs = long.MinValue / 2;
    private long _heardMs = long.MinValue / 2;

    /// <summary>The two lines of the display.</summary>
    public string Line1 { get; private set; } = "NO LINK";

    public string Line2 { get; private set; } = string.Empty;

    /// <summary>Keys that the meter has not confirmed.</summary>
    public int Waiting => _keys.Count;

    /// <summary>The lamp: lit while the meter is heard.</summary>
    public bool IsLinked(long nowMs) => nowMs - _heardMs < SilentMs;

    /// <summary>Takes a key. False when so many wait that another would only be forgotten: the unit clicks no more.</summary>
    public bool Press(char key)
    {
        if (_keys.Count == QueueLimit) return false;
        _keys.Enqueue(key);
        return true;
    }

    public void Receive(ReadOnlySpan<byte> bytes, long nowMs)
    {
        foreach (CiuFrame frame in _reader.Push(bytes))
        {
            if (frame.Session != session) continue;
            _heardMs = nowMs;
            if (frame.Type == CiuFrameType.Taken) Confirmed(frame.Sequence);
            else if (frame.Type == CiuFrameType.Show) Show(frame);
        }
    }

    /// <summary>Sends the key that is next, again and again until it is confirmed.</summary>
    public void Poll(long nowMs)
    {
        if (!IsLinked(nowMs) && _begun) (Line1, Line2) = ("NO LINK", string.Empty);
        if (nowMs - _sentMs < RepeatMs) return;
        if (_begun && _keys.Count == 0 && nowMs - _sentMs < SilentMs / 2) return;
        _sentMs = nowMs;
        if (!_begun || _keys.Count == 0) send(new CiuFrame(CiuFrameType.Begin, session, 0, ReadOnlyMemory<byte>.Empty).Encode());
        else send(new CiuFrame(CiuFrameType.Key, session, _sequence, new[] { (byte)_keys.Peek() }).Encode());
    }

    private void Confirmed(byte sequence)
    {
        if (!_begun)
        {
            _begun = true;
            _sequence = unchecked((byte)(sequence + 1));
        }
        else if (_keys.Count > 0 && sequence == _sequence)
        {
            _keys.Dequeue();
            _sequence = unchecked((byte)(_sequence + 1));
            // The next need not wait for its turn.
            _sentMs = long.MinValue / 2;
        }
    }

    // An older display that was held up on the way must not come after a newer one.
    private void Show(in CiuFrame frame)
    {
        if (frame.Payload.Length != 2 * Columns || unchecked((sbyte)(frame.Sequence - _shown)) < 0) return;
        _shown = frame.Sequence;
        string text = Encoding.ASCII.GetString(frame.Payload.Span);
        (Line1, Line2) = (text[..Columns].TrimEnd(), text[Columns..].TrimEnd());
    }
}
