using System.Buffers;
using System.Net.Sockets;
using Latchkey.Vending.Apart;

namespace Latchkey.Custody.Apart;

/// <summary>Frames on a socket. One reader and one writer at a time.</summary>
internal sealed class SignerLine(Socket socket) : IDisposable
{
    private byte[] _buffer = new byte[4096];
    private int _filled;

    public void Dispose() => socket.Dispose();

    public async Task SendAsync(byte kind, uint number, byte[] payload, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> rest = SignerFrame.Write(kind, number, payload);
        while (!rest.IsEmpty) rest = rest[await socket.SendAsync(rest, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
    }

    /// <summary>The next frame; null at the end of the line, or where what comes is no frame: nothing after it can be believed.</summary>
    public async Task<(byte Kind, uint Number, byte[] Payload)?> ReceiveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            OperationStatus status = TakeFrame(out (byte, uint, byte[]) frame);
            if (status == OperationStatus.Done) return frame;
            if (status == OperationStatus.InvalidData) return null;
            MakeRoom();
            int read = await socket.ReceiveAsync(_buffer.AsMemory(_filled), SocketFlags.None, cancellationToken).ConfigureAwait(false);
            if (read == 0) return null;
            _filled += read;
        }
    }

    private OperationStatus TakeFrame(out (byte Kind, uint Number, byte[] Payload) taken)
    {
        taken = default;
        OperationStatus status = SignerFrame.Read(_buffer.AsSpan(0, _filled), out SignerFrame frame, out int consumed);
        if (status != OperationStatus.Done) return status;
        taken = (frame.Kind, frame.Number, frame.Payload.ToArray());
        _filled -= consumed;
        _buffer.AsSpan(consumed, _filled).CopyTo(_buffer);
        return status;
    }

    /// <summary>Grows with what has come, at most to one frame: a length that somebody only claims costs nothing.</summary>
    private void MakeRoom()
    {
        if (_filled == _buffer.Length) Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, SignerFrame.HeaderLength + SignerFrame.MaxPayload));
    }
}
