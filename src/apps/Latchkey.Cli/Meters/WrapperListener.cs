using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Latchkey.Dlms.Link.Wrapper;
using Latchkey.Dlms.Server;

namespace Latchkey.Cli.Meters;

/// <summary>Takes the wrapper over TCP for one running meter.</summary>
internal sealed class WrapperListener : IDisposable
{
    private const int MaxConnections = 16;
    private readonly RunningMeter _meter;
    private readonly TcpListener _listener;
    private int _open;

    public WrapperListener(RunningMeter meter, IPEndPoint at)
    {
        _meter = meter;
        _listener = new TcpListener(at);
        _listener.Start();
    }

    public IPEndPoint Address => (IPEndPoint)_listener.LocalEndpoint;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(cancellationToken).ConfigureAwait(false);
                if (Interlocked.Increment(ref _open) <= MaxConnections) _ = ServeAsync(client, cancellationToken);
                else Close(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The listener was stopped.
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Close(TcpClient client)
    {
        Interlocked.Decrement(ref _open);
        client.Dispose();
    }

    private async Task ServeAsync(TcpClient client, CancellationToken cancellationToken)
    {
        ServerConnection? connection = null;
        try
        {
            lock (_meter.Gate) connection = _meter.Meter.DlmsServer?.Open();
            if (connection is null) return;
            NetworkStream stream = client.GetStream();
            byte[] input = new byte[WrapperFrame.HeaderSize + ushort.MaxValue];
            byte[] output = new byte[WrapperFrame.HeaderSize + ushort.MaxValue];
            int filled = 0;
            int size;
            while ((size = await stream.ReadAsync(input.AsMemory(filled), cancellationToken).ConfigureAwait(false)) > 0)
            {
                filled += size;
                while (TryServe(connection, input, ref filled, output, out int written))
                {
                    if (written < 0) return;
                    await stream.WriteAsync(output.AsMemory(0, written), cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The peer went, or the meter stops.
        }
        finally
        {
            if (connection is not null)
            {
                lock (_meter.Gate) connection.Close();
            }

            Close(client);
        }
    }

    // One frame from the start of the input; negative when the connection must be closed.
    private bool TryServe(ServerConnection connection, byte[] input, ref int filled, byte[] output, out int written)
    {
        written = 0;
        lock (_meter.Gate)
        {
            ReadOnlySpan<byte> arrived = input.AsSpan(0, filled);
            ushort client = filled >= 4 ? (ushort)((input[2] << 8) | input[3]) : (ushort)0;
            OperationStatus status = WrapperFrame.Read(arrived, connection.MaxReceivePdu(client), out WrapperFrame frame, out int consumed);
            if (status == OperationStatus.NeedMoreData) return false;
            if (status != OperationStatus.Done)
            {
                written = -1;
                return true;
            }

            int answer = frame.DestinationPort == 1 ? connection.Process(client, frame.Apdu, output.AsSpan(WrapperFrame.HeaderSize)) : 0;
            ushort device = frame.DestinationPort;
            input.AsSpan(consumed, filled - consumed).CopyTo(input);
            filled -= consumed;
            if (answer == 0) return true;
            WrapperFrame.WriteHeader(output, device, client, answer);
            written = WrapperFrame.HeaderSize + answer;
            return true;
        }
    }
}
