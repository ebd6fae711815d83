using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using Latchkey.Dlms.Link.Wrapper;

namespace Latchkey.Dlms.Transport.Serving;

/// <summary>One TCP connection with the wrapper. While nothing comes it holds no buffer; of an APDU that is not complete it holds that APDU alone.</summary>
internal sealed class WrapperPeer(DlmsHost host, Socket socket) : HostPeer(host)
{
    private const int ScratchSize = 2_048;
    private readonly byte[] _header = new byte[WrapperFrame.HeaderSize];
    private int _headerFill;
    private byte[]? _body;
    private int _bodyLength;
    private int _bodyFill;

    public override int Buffered => _headerFill + (_body?.Length ?? 0);

    public override async Task RunAsync()
    {
        try
        {
            do
            {
                // Waits until something is there, without a buffer for it.
                await socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None).ConfigureAwait(false);
            }
            while (await ServeAsync().ConfigureAwait(false));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer went, or the sweep closed the connection.
        }
        finally
        {
            Close();
        }
    }

    public override void Abort() => socket.Dispose();

    private async ValueTask<bool> ServeAsync()
    {
        byte[] scratch = ArrayPool<byte>.Shared.Rent(ScratchSize);
        try
        {
            int size = await socket.ReceiveAsync(scratch.AsMemory(0, ScratchSize), SocketFlags.None).ConfigureAwait(false);
            if (size == 0) return false;
            Heard();
            return await TakeAsync(scratch.AsMemory(0, size)).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch);
        }
    }

    private async ValueTask<bool> TakeAsync(ReadOnlyMemory<byte> input)
    {
        while (!input.IsEmpty)
        {
            if (!TryFill(ref input)) return false;
            if (_bodyLength == 0 || _bodyFill < _bodyLength)
            {
                Owes();
                continue;
            }

            OwesNothing();
            if (!await AnswerAsync().ConfigureAwait(false)) return false;
        }

        return true;
    }

    // Takes what belongs to the frame under way; false when the header is not one, or announces more than may come now.
    private bool TryFill(ref ReadOnlyMemory<byte> input)
    {
        if (_headerFill < _header.Length)
        {
            int head = Math.Min(_header.Length - _headerFill, input.Length);
            input.Span[..head].CopyTo(_header.AsSpan(_headerFill));
            _headerFill += head;
            input = input[head..];
            OperationStatus read = WrapperFrame.Read(_header.AsSpan(0, _headerFill), ushort.MaxValue, out _, out _);
            if (read == OperationStatus.InvalidData) return false;
            if (_headerFill < _header.Length) return true;
            int announced = BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(6));
            int allowed;
            lock (Host.Gate) allowed = Connection.MaxReceivePdu(Client);
            if (announced > allowed) return false;
            (_bodyLength, _bodyFill) = (announced, 0);
            _body = ArrayPool<byte>.Shared.Rent(announced);
        }

        int size = Math.Min(_bodyLength - _bodyFill, input.Length);
        input.Span[..size].CopyTo(_body.AsSpan(_bodyFill));
        _bodyFill += size;
        input = input[size..];
        return true;
    }

    private ushort Client => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(2));

    private ushort Device => BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(4));

    private async ValueTask<bool> AnswerAsync()
    {
        byte[]? answer = Serve(_body.AsSpan(0, _bodyLength), out int size);
        Drop();
        while (answer is not null)
        {
            try
            {
                Owes();
                ReadOnlyMemory<byte> rest = answer.AsMemory(0, size);
                while (!rest.IsEmpty) rest = rest[await socket.SendAsync(rest, SocketFlags.None).ConfigureAwait(false)..];
                OwesNothing();
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(answer, clearArray: true);
            }

            answer = Next(out size);
        }

        return true;
    }

    private byte[]? Serve(ReadOnlySpan<byte> apdu, out int size)
    {
        lock (Host.Gate)
        {
            size = Device == WrapperPorts.ManagementDevice ? Connection.Process(Client, apdu, Host.Output.AsSpan(WrapperFrame.HeaderSize, ushort.MaxValue)) : 0;
            NoteAssociation();
            return Take(ref size);
        }
    }

    private byte[]? Next(out int size)
    {
        lock (Host.Gate)
        {
            size = Connection.Continue(Client, Host.Output.AsSpan(WrapperFrame.HeaderSize, ushort.MaxValue));
            return Take(ref size);
        }
    }

    // Copies the answer out of the host's buffer, which the next connection needs.
    private byte[]? Take(ref int size)
    {
        if (size == 0) return null;
        WrapperFrame.WriteHeader(Host.Output, Device, Client, size);
        size += WrapperFrame.HeaderSize;
        byte[] answer = ArrayPool<byte>.Shared.Rent(size);
        Host.Output.AsSpan(0, size).CopyTo(answer);
        return answer;
    }

    private void Drop()
    {
        if (_body is not null) ArrayPool<byte>.Shared.Return(_body, clearArray: true);
        _body = null;
        (_headerFill, _bodyLength, _bodyFill) = (0, 0, 0);
    }

    private void Close()
    {
        socket.Dispose();
        Host.Remove(this);
        Drop();
        lock (Host.Gate) Connection.Close();
    }
}
