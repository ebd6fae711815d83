using System.Net;
using System.Net.Sockets;
using Latchkey.Cli.Meters;
using Latchkey.Dlms;
using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Link.Hdlc;
using Latchkey.Dlms.Link.Wrapper;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;
using Latchkey.Dlms.Transport.Links;
using Latchkey.Meter;

namespace Latchkey.Cli.Tests.Meters;

/// <summary>A running meter on real sockets: TCP, UDP and HDLC, several clients at once, pushes that arrive.</summary>
public sealed class MeterLineTests
{
    private static readonly LogicalName Gateway = new(0, 0, 19, 40, 0);
    private static readonly LogicalName Credit = new(0, 0, 19, 10, 0);
    private static readonly SystemTitle HeadEnd = new(0x4C4B_5948_4553_0001);
    private static readonly MeterKeys Keys = new();

    [Theory]
    [InlineData("tcp")]
    [InlineData("udp")]
    [InlineData("hdlc")]
    public async Task AToken_OverEveryTransport_IsCredited(string transport)
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using var meter = new RunningMeter(Options(), TimeProvider.System);
        await using var line = new MeterLine(meter, Options());
        await line.FollowAsync();
        using CipherKey key = new(SecuritySuite.Suite0, Convert.FromHexString(Keys.Encryption), Convert.FromHexString(Keys.Authentication));
        await using DlmsSession session = await Management(transport, line, key, stop);
        Assert.Equal(default, await session.AssociateAsync(stop));
        byte[] digits = Token();
        Assert.Equal(default, await session.InvokeAsync(new MethodDescriptor(InterfaceClass.TokenGateway, Gateway, 1), View((ref AxdrWriter w) => w.OctetString(digits)), stop));
        Assert.Equal(default, await session.ReadAsync(new AttributeDescriptor(InterfaceClass.CosemCredit, Credit, 2), default, stop));
        Assert.True(session.Client.Value.TryGetInteger(out long credit));
        Assert.Equal(12_300, credit);
        Assert.Equal(default, await session.ReadAsync(new AttributeDescriptor(InterfaceClass.Association, new LogicalName(0, 0, 40, 0, 0), 2), default, stop));
        Assert.InRange(session.Client.Value.Count, 100, 300);
        Assert.Equal(default, await session.ReleaseAsync(stop));
    }

    [Fact]
    public async Task SeveralClients_ReadAtOnce()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using var meter = new RunningMeter(Options(), TimeProvider.System);
        await using var line = new MeterLine(meter, Options());
        await line.FollowAsync();
        int[] counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReadTwenty(line, stop)));
        Assert.All(counts, count => Assert.Equal(20, count));
    }

    [Fact]
    public async Task APush_ReachesItsReceiver_Ciphered()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        using var meter = new RunningMeter(Options(), TimeProvider.System);
        await using var line = new MeterLine(meter, Options());
        await line.FollowAsync();
        using var receiver = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        receiver.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using CipherKey key = new(SecuritySuite.Suite0, Convert.FromHexString(Keys.Encryption), Convert.FromHexString(Keys.Authentication));
        await using DlmsSession session = await Management("tcp", line, key, stop);
        await session.AssociateAsync(stop);
        var push = new LogicalName(0, 0, 25, 9, 2);
        byte[] address = System.Text.Encoding.ASCII.GetBytes(receiver.LocalEndPoint!.ToString()!);
        await session.WriteAsync(
            new AttributeDescriptor(InterfaceClass.PushSetup, push, 3),
            View((ref AxdrWriter w) =>
            {
                w.Structure(3);
                w.Enum((byte)PushTransport.Udp);
                w.OctetString(address);
                w.Enum(0);
            }),
            stop);

        // A token pushes what became of it.
        byte[] digits = Token();
        await session.InvokeAsync(new MethodDescriptor(InterfaceClass.TokenGateway, Gateway, 1), View((ref AxdrWriter w) => w.OctetString(digits)), stop);
        await new PushSender(meter).SendDueAsync(stop);
        byte[] datagram = new byte[2_048];
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(TimeSpan.FromSeconds(10));
        int size = await receiver.ReceiveAsync(datagram, patience.Token);
        Assert.Equal((48, 3, 12_300), Open(datagram.AsSpan(0, size), meter, key));
    }

    private static (int Client, int Status, long Available) Open(ReadOnlySpan<byte> datagram, RunningMeter meter, CipherKey key)
    {
        Assert.True(WrapperFrame.TryReadDatagram(datagram, 2_048, out WrapperFrame frame));
        Assert.True(ProtectedApdu.TryRead(frame.Apdu, out ProtectedApdu read));
        Assert.Equal(meter.Meter.Cosem!.Title, read.Sender);
        byte[] plain = new byte[2_048];
        var session = new CipherSession(HeadEnd, read.Sender, key, new TransmitCounter(), new ReceiveCounter());
        Assert.Equal(UnprotectResult.Success, session.TryUnprotect(read, plain, out int size));
        Assert.True(DataNotification.TryRead(plain.AsSpan(0, size), PeerTolerance.None, out DataNotification notification));
        DataItems body = notification.Body.Items;
        Assert.True(body.MoveNext() && body.MoveNext() && body.MoveNext());
        Assert.True(body.TryTake(out DataView status) & body.MoveNext() & body.TryTake(DataTag.DoubleLong, out long available));
        DataItems fields = status.Items;
        Assert.True(fields.TryTake(DataTag.Enum, out long code));
        return (frame.DestinationPort, (int)code, available);
    }

    private static async Task<int> ReadTwenty(MeterLine line, CancellationToken stop)
    {
        var options = new DlmsClientOptions { Mechanism = AuthenticationMechanism.Low, Secret = System.Text.Encoding.ASCII.GetBytes(Keys.Password) };
        TcpWrapperLink link = await TcpWrapperLink.ConnectAsync("127.0.0.1", line.Dlms!.Port, new LinkAddresses(32), TimeProvider.System, stop);
        await using var session = new DlmsSession(new DlmsClient(options), link, SessionPatience.Usual);
        if (await session.AssociateAsync(stop) != default) return 0;
        int count = 0;
        for (int i = 0; i < 20; i++)
        {
            if (await session.ReadAsync(new AttributeDescriptor(InterfaceClass.Clock, new LogicalName(0, 0, 1, 0, 0), 2), default, stop) == default) count++;
        }

        return count;
    }

    private static async Task<DlmsSession> Management(string transport, MeterLine line, CipherKey key, CancellationToken stop)
    {
        var client = new DlmsClient(new DlmsClientOptions
        {
            Context = ApplicationContext.LogicalNameCiphered, Mechanism = AuthenticationMechanism.Gmac, Challenge = "0123456789abcdef"u8.ToArray(), Title = HeadEnd,
            Key = key, Transmit = new TransmitCounter(), Receive = new ReceiveCounter(), MaxReceivePdu = 512,
        });
        var addresses = new LinkAddresses(1);
        return new DlmsSession(client, transport switch
        {
            "tcp" => await TcpWrapperLink.ConnectAsync("127.0.0.1", line.Dlms!.Port, addresses, TimeProvider.System, stop),
            "udp" => await UdpWrapperLink.ConnectAsync("127.0.0.1", line.Udp!.Port, addresses, TimeProvider.System, stop),
            _ => await Hdlc(line.Hdlc!, stop),
        }, SessionPatience.Usual);
    }

    private static async Task<IDlmsLink> Hdlc(IPEndPoint at, CancellationToken stop)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(at, stop);
        return new HdlcLink(
            new NetworkStream(socket, ownsSocket: true), 1, HdlcAddress.Server(1, 17), HdlcParameters.Default, TimeSpan.FromSeconds(5), 2_048, TimeProvider.System);
    }

    // 12.3 kWh for the demo meter, made as a shop would make it.
    private static byte[] Token()
    {
        using Latchkey.Sts.DecoderKey key = Keys.Derive();
        using var cipher = Latchkey.Sts.TokenCipher.Create(Latchkey.Sts.EncryptionAlgorithm.Ea11, key);
        Assert.True(Latchkey.Sts.TransferAmount.TryFromEnergy(Latchkey.Quantities.Energy.FromWattHours(12_300), out Latchkey.Sts.TransferAmount amount));
        var credit = new Latchkey.Sts.CreditToken(Latchkey.Sts.CreditSubClass.Electricity, 5, Latchkey.Sts.TokenIdentifier.FromMinutes(6_000_000), amount);
        string digits = cipher.Seal(Latchkey.Sts.TokenClass.CreditTransfer, Latchkey.Sts.CreditTokenCodec.Encode(credit)).ToString();
        return System.Text.Encoding.ASCII.GetBytes(digits);
    }

    private static DataView View(ValueWriter value)
    {
        var writer = new AxdrWriter(new byte[256]);
        value(ref writer);
        Assert.True(DataView.TryReadWhole(writer.Written.ToArray(), out DataView view));
        return view;
    }

    private static MeterRunOptions Options() => new()
    {
        Model = MeterProfile.Kpm31, Keys = Keys, Dlms = new IPEndPoint(IPAddress.Loopback, 0), Hdlc = new IPEndPoint(IPAddress.Loopback, 0), Udp = new IPEndPoint(IPAddress.Loopback, 0),
    };
}
