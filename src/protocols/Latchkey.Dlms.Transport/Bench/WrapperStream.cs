using System.Buffers.Binary;
using System.Net.Sockets;
using Latchkey.Dlms.Link.Wrapper;

namespace Latchkey.Dlms.Transport.Bench;

/// <summary>The least that a wrapper over TCP needs: thousands of sockets with the buffers of a real link would measure those.</summary>
internal static class WrapperStream
{
    public static byte[] Frame(ReadOnlySpan<byte> apdu)
    {
        byte[] frame = new byte[apdu.Length + WrapperFrame.HeaderSize];
        new WrapperFrame { SourcePort = 1, DestinationPort = 1, Apdu = apdu }.Write(frame);
        return frame;
    }

    public static async Task<int> ReceiveAsync(Socket socket, byte[] apdu, CancellationToken cancellationToken)
    {
        await FillAsync(socket, apdu.AsMemory(0, WrapperFrame.HeaderSize), cancellationToken).ConfigureAwait(false);
        int size = BinaryPrimitives.ReadUInt16BigEndian(apdu.AsSpan(6));
        await FillAsync(socket, apdu.AsMemory(0, size), cancellationToken).ConfigureAwait(false);
        return size;
    }

    private static async Task FillAsync(Socket socket, Memory<byte> target, CancellationToken cancellationToken)
    {
        while (!target.IsEmpty)
        {
            int read = await socket.ReceiveAsync(target, SocketFlags.None, cancellationToken).ConfigureAwait(false);
            if (read == 0) throw new EndOfStreamException("the host closed the connection");
            target = target[read..];
        }
    }
}
