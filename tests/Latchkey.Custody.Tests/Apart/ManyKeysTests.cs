using System.Globalization;
using System.Net.Sockets;
using Latchkey.Custody.Apart;
using Latchkey.Ledger;
using Latchkey.Sts;
using Latchkey.Testing;
using Latchkey.Vending;
using Latchkey.Vending.Reconciliation;
using Latchkey.Vending.Apart;
using Microsoft.Extensions.Logging.Abstractions;

namespace Latchkey.Custody.Tests.Apart;

/// <summary>A signer with more keys than one answer names.</summary>
public sealed class ManyKeysTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(1_024)]
    [InlineData(1_300)]
    public async Task Keys_OfAnyNumber_AreAllNamed(int count)
    {
        using var directory = new TemporaryDirectory();
        var keys = new ManyKeys(count);
        await using SignerServer server = SignerServer.Start(keys, new SignerServerOptions(directory.File("s")), TimeProvider.System, NullLogger.Instance);
        using var signer = new RemoteSigner(new RemoteSignerOptions(directory.File("s")), TimeProvider.System);
        IReadOnlyList<SignerKey> named = (await signer.KeysAsync(CancellationToken.None))!;
        Assert.Equal(keys.All.Select(k => k.KeyId).Order(StringComparer.Ordinal), named.Select(k => k.KeyId));
        Assert.Equal(keys.All.Sum(k => k.Counters.Tokens), named.Sum(k => k.Counters.Tokens));
        Assert.Equal((count / SignerWire.MaxKeys) + 1, keys.Asked);
    }

    // A page that begins again would be asked for without an end.
    [Fact]
    public async Task Keys_OfASignerThatNamesTheFirstPageAgain_AreNotBelieved()
    {
        using var directory = new TemporaryDirectory();
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(directory.File("s")));
        socket.Listen();
        SignerKey[] page = [.. new ManyKeys(SignerWire.MaxKeys).All.OrderBy(k => k.KeyId, StringComparer.Ordinal)];
        Task<int> repeating = RepeatAsync(socket, page);
        using (var signer = new RemoteSigner(new RemoteSignerOptions(directory.File("s")), TimeProvider.System)) Assert.Null(await signer.KeysAsync(CancellationToken.None));
        Assert.Equal(2, await repeating);
    }

    private static async Task<int> RepeatAsync(Socket socket, SignerKey[] page)
    {
        using Socket client = await socket.AcceptAsync();
        byte[] buffer = new byte[SignerFrame.HeaderLength + SignerFrame.MaxPayload];
        int pages = 0;
        while (true)
        {
            int length = await client.ReceiveAsync(buffer);
            if (length == 0) return pages;
            (byte kind, byte[] payload) = Answer(buffer.AsSpan(0, length), page, out uint number);
            if (kind == 136) pages++;
            await client.SendAsync(SignerFrame.Write(kind, number, payload));
        }
    }

    private static (byte Kind, byte[] Payload) Answer(ReadOnlySpan<byte> input, SignerKey[] page, out uint number)
    {
        Assert.Equal(System.Buffers.OperationStatus.Done, SignerFrame.Read(input, out SignerFrame frame, out _));
        number = frame.Number;
        Assert.True(SignerWire.TryDecode(frame.Kind, frame.Payload, out SignerRequest? request));
        return SignerWire.Encode(request is SignerRequest.Hello ? new SignerAnswer.Welcome(true) : new SignerAnswer.HeldKeys(page));
    }

    private sealed class ManyKeys(int count) : IOutsideSigner
    {
        public SignerKey[] All { get; } =
        [
            .. Enumerable.Range(0, count).Select(i => new SignerKey(
                string.Create(CultureInfo.InvariantCulture, $"{(i * 7_919) % 1_000_000:D6}-{(i % 9) + 1}-2-2014"), "ABCDEF", DateTimeOffset.UnixEpoch, null, 5, new KeyCounters(i, 0, 0), null)),
        ];

        public int Asked { get; private set; }

        public bool IsDevelopment => true;

        public string? Ailment => null;

        public Task<IReadOnlyList<SignerKey>?> KeysAsync(CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult<IReadOnlyList<SignerKey>?>(All);
        }

        public Task<IReadOnlySet<Guid>?> SignedAsync(IReadOnlyList<Guid> orders, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<DailyReconciliation> ReconcileAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<SignOutcome> SignAsync(VendOrder order, HeldEntry held, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<SignOutcome>> SignAsync(IReadOnlyList<(VendOrder Order, HeldEntry Held)> orders, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<SignOutcome> SignAsync(ManagementIssue issue, HeldEntry posted, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<KeyChangeSigned> SignAsync(KeyChange change, HeldEntry posted, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<NoTokenPromise> CancelAsync(Guid orderId, Guid entryId, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task StopAsync(string keyId, string reason, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
