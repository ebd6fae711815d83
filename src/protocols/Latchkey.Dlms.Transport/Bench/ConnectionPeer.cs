using System.Net.Sockets;
using Latchkey.Dlms.Bench;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Transport.Bench;

/// <summary>The other process of <see cref="ConnectionBench"/>: makes associations and reads over each of them when it is told to.</summary>
public static class ConnectionPeer
{
    private static readonly AttributeDescriptor Register = new(InterfaceClass.Register, SampleMeter.Energy, 2);

    /// <summary>Does what the words on the input say: go, read, end.</summary>
    public static async Task<int> RunAsync(int port, int count, TextReader words, TextWriter answers, CancellationToken cancellationToken)
    {
        using var key = new CipherKey(SecuritySuite.Suite0, SampleMeter.Encryption, SampleMeter.Authentication);
        var transmit = new TransmitCounter();
        var receive = new ReceiveCounter();
        var lines = new List<(DlmsClient Client, Socket Socket)>(count);
        try
        {
            using (Socket first = await OpenAsync(port, NewClient(key, transmit, receive), cancellationToken).ConfigureAwait(false))
                await SayAsync(answers, "warm").ConfigureAwait(false);
            while (await words.ReadLineAsync(cancellationToken).ConfigureAwait(false) is string word)
            {
                switch (word)
                {
                    case "go":
                        for (int i = 0; i < count; i++)
                        {
                            DlmsClient client = NewClient(key, transmit, receive);
                            lines.Add((client, await OpenAsync(port, client, cancellationToken).ConfigureAwait(false)));
                        }

                        await SayAsync(answers, "ready").ConfigureAwait(false);
                        break;
                    case "read":
                        await SayAsync(answers, $"read {await ReadAllAsync(lines, cancellationToken).ConfigureAwait(false)}").ConfigureAwait(false);
                        break;
                    default:
                        return 0;
                }
            }

            return 0;
        }
        finally
        {
            foreach ((_, Socket socket) in lines) socket.Dispose();
        }
    }

    private static async Task<int> ReadAllAsync(List<(DlmsClient Client, Socket Socket)> lines, CancellationToken cancellationToken)
    {
        byte[] request = new byte[512];
        int good = 0;
        foreach ((DlmsClient client, Socket socket) in lines)
        {
            int size = client.Read(Register, default, request);
            if (await ExchangeAsync(client, socket, request, size, cancellationToken).ConfigureAwait(false) == ClientStep.Done) good++;
        }

        return good;
    }

    private static async Task<Socket> OpenAsync(int port, DlmsClient client, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", port, cancellationToken).ConfigureAwait(false);
        byte[] request = new byte[512];
        ClientStep step = await ExchangeAsync(client, socket, request, client.Associate(request), cancellationToken).ConfigureAwait(false);
        if (step != ClientStep.Done) throw new InvalidOperationException("no association: " + client.Failure);
        return socket;
    }

    private static async Task<ClientStep> ExchangeAsync(DlmsClient client, Socket socket, byte[] request, int size, CancellationToken cancellationToken)
    {
        byte[] answer = new byte[512];
        ClientStep step = ClientStep.Failed;
        while (size > 0)
        {
            await socket.SendAsync(WrapperStream.Frame(request.AsSpan(0, size)), SocketFlags.None, cancellationToken).ConfigureAwait(false);
            int received = await WrapperStream.ReceiveAsync(socket, answer, cancellationToken).ConfigureAwait(false);
            step = client.Take(answer.AsSpan(0, received), request, out size);
        }

        return step;
    }

    private static async Task SayAsync(TextWriter answers, string word)
    {
        await answers.WriteLineAsync(word).ConfigureAwait(false);
        await answers.FlushAsync().ConfigureAwait(false);
    }

    private static DlmsClient NewClient(CipherKey key, TransmitCounter transmit, ReceiveCounter receive) =>
        new(SampleMeter.Management(key, transmit, receive, maxPdu: 512));
}
