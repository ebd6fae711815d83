using System.Text;
using Latchkey.Meter.Face;

namespace Latchkey.Meter.Ciu;

/// <summary>The meter's end of a split keypad: takes each key once and in order, whatever the wire loses or repeats, and sends what the display shows.</summary>
/// <remarks>
/// Keys are numbered within a session; the meter takes the next number and no other, and confirms what it has taken already. So an old frame that
/// comes again does nothing, and a token typed over a bad wire is entered once. Without a unit the meter goes on as ever.
/// </remarks>
/// <param name="press">Where keys go.</param>
/// <param name="face">What is shown.</param>
/// <param name="send">The wire.</param>
public sealed class CiuHost(Action<char> press, Func<FaceSnapshot> face, Action<byte[]> send)
{
    private const int RefreshMs = 2_000;
    private const int LostMs = 10_000;
    private const string Keys = "0123456789*#";
    private readonly CiuReader _reader = new();
    private byte? _session;
    private byte _taken;
    private byte _shown;
    private string _last = string.Empty;
    private long _sentMs = long.MinValue / 2;
    private long _heardMs = long.MinValue / 2;

    /// <summary>Keys taken so far.</summary>
    public long KeysTaken { get; private set; }

    /// <summary>True while a unit has been heard lately.</summary>
    public bool IsLinked(long nowMs) => nowMs - _heardMs < LostMs;

    public void Receive(ReadOnlySpan<byte> bytes, long nowMs)
    {
        foreach (CiuFrame frame in _reader.Push(bytes))
        {
            if (frame.Type == CiuFrameType.Begin) Begin(frame, nowMs);
            else if (frame.Type == CiuFrameType.Key && frame.Session == _session) Key(frame, nowMs);
        }
    }

    /// <summary>Sends the display when it has changed, and now and then again, since a frame may have been lost.</summary>
    public void Poll(long nowMs)
    {
        if (_session is not { } session || !IsLinked(nowMs)) return;
        FaceSnapshot now = face();
        string text = now.Line1.PadRight(CiuUnit.Columns) + now.Line2.PadRight(CiuUnit.Columns);
        if (string.Equals(text, _last, StringComparison.Ordinal) && nowMs - _sentMs < RefreshMs) return;
        (_last, _sentMs) = (text, nowMs);
        _shown = unchecked((byte)(_shown + 1));
        send(new CiuFrame(CiuFrameType.Show, session, _shown, Encoding.ASCII.GetBytes(text)).Encode());
    }

    private void Begin(in CiuFrame frame, long nowMs)
    {
        _heardMs = nowMs;
        // Begin is repeated until it is confirmed: the same session again must not make the meter forget what it took.
        if (_session != frame.Session) (_session, _taken, _last) = (frame.Session, 0, string.Empty);
        send(new CiuFrame(CiuFrameType.Taken, frame.Session, _taken, ReadOnlyMemory<byte>.Empty).Encode());
    }

    private void Key(in CiuFrame frame, long nowMs)
    {
        if (frame.Payload.Length != 1) return;
        _heardMs = nowMs;
        char key = (char)frame.Payload.Span[0];
        if (frame.Sequence == unchecked((byte)(_taken + 1)))
        {
            _taken = frame.Sequence;
            KeysTaken++;
            if (Keys.Contains(key, StringComparison.Ordinal)) press(key);
        }

        send(new CiuFrame(CiuFrameType.Taken, frame.Session, _taken, ReadOnlyMemory<byte>.Empty).Encode());
    }
}
