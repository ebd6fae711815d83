using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Link.Wrapper;
using Latchkey.Dlms.Services;
using Latchkey.Meter.Cosem;

namespace Latchkey.Cli.Meters;

/// <summary>Sends what a running meter pushes, as often as its push setup says. Pushes leave ciphered.</summary>
internal sealed class PushSender(RunningMeter meter)
{
    private const int MaxWaiting = 32;
    private const int MaxApdu = 16_384;
    private const ushort Device = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private readonly List<Attempt> _waiting = [];
    private uint _invoke;

    /// <summary>Takes what the meter has pushed since the last look and sends what is due.</summary>
    public async Task SendDueAsync(CancellationToken cancellationToken)
    {
        lock (meter.Gate)
        {
            while (_waiting.Count < MaxWaiting && meter.Meter.Cosem is { } cosem && cosem.TryTakePush(out CosemPush? push))
            {
                TimeSpan delay = TimeSpan.FromSeconds(push!.Randomisation == 0 ? 0 : RandomNumberGenerator.GetInt32(push.Randomisation + 1));
                _waiting.Add(new Attempt(push, ++_invoke & 0xFF_FFFF, meter.Now + delay, 0));
            }
        }

        foreach (Attempt attempt in _waiting.Where(a => a.Due <= meter.Now).ToArray())
        {
            _waiting.Remove(attempt);
            if (await TrySendAsync(attempt, cancellationToken).ConfigureAwait(false)) continue;
            if (attempt.Tries < attempt.Push.Retries) _waiting.Add(attempt.Again(meter.Now));
        }
    }

    private async Task<bool> TrySendAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        byte[] frame = new byte[WrapperFrame.HeaderSize + MaxApdu];
        int size = Write(attempt, frame);
        if (size == 0 || !TryDestination(attempt.Push.Destination, out string host, out int port)) return true;
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(host, patience.Token).ConfigureAwait(false);
            if (addresses.Length == 0) return false;
            bool stream = attempt.Push.Transport == PushTransport.Tcp;
            using var socket = new Socket(addresses[0].AddressFamily, stream ? SocketType.Stream : SocketType.Dgram, stream ? ProtocolType.Tcp : ProtocolType.Udp);
            await socket.ConnectAsync(addresses[0], port, patience.Token).ConfigureAwait(false);
            await socket.SendAsync(frame.AsMemory(0, size), patience.Token).ConfigureAwait(false);
            if (!attempt.Push.IsConfirmed) return true;
            int answered = await socket.ReceiveAsync(frame, patience.Token).ConfigureAwait(false);
            return Confirms(frame.AsSpan(0, answered), attempt);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private int Write(Attempt attempt, byte[] frame)
    {
        byte[] plain = new byte[MaxApdu];
        if (!DataView.TryReadWhole(attempt.Push.Body.Span, out DataView body)) return 0;
        int size = new DataNotification { Invoke = new LongInvokeId(attempt.Invoke | (attempt.Push.IsConfirmed ? 0x4000_0000u : 0)), Body = body }.Write(plain);
        lock (meter.Gate) size = meter.Meter.Cosem is { } cosem && size > 0 ? cosem.Protect(plain.AsSpan(0, size), frame.AsSpan(WrapperFrame.HeaderSize)) : 0;
        if (size == 0) return 0;
        WrapperFrame.WriteHeader(frame, Device, attempt.Push.Client, size);
        return WrapperFrame.HeaderSize + size;
    }

    private bool Confirms(ReadOnlySpan<byte> answer, Attempt attempt)
    {
        bool read = WrapperFrame.Read(answer, MaxApdu, out WrapperFrame frame, out _) == OperationStatus.Done
            && DataNotificationConfirm.TryRead(frame.Apdu, out DataNotificationConfirm confirm) && (confirm.Invoke.Value & 0xFF_FFFF) == attempt.Invoke;
        if (!read) return false;
        lock (meter.Gate) meter.Meter.Cosem?.PushConfirmed(attempt.Push.Setup);
        return true;
    }

    private static bool TryDestination(string text, out string host, out int port)
    {
        int colon = text.LastIndexOf(':');
        host = colon > 0 ? text[..colon].Trim('[', ']') : string.Empty;
        port = 0;
        return colon > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue;
    }

    private sealed record Attempt(CosemPush Push, uint Invoke, DateTimeOffset Due, int Tries)
    {
        // The delay grows from try to try, up to the longest.
        public Attempt Again(DateTimeOffset now)
        {
            double seconds = Push.FirstDelay;
            for (int i = 0; i < Tries; i++) seconds = Math.Min(Push.LongestDelay, seconds * Push.DelayGrowth / 100);
            return this with { Due = now.AddSeconds(seconds), Tries = Tries + 1 };
        }
    }
}
