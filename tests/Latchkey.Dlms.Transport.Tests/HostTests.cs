using System.Net;
using System.Net.Sockets;
using Latchkey.Dlms.Bench;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Link.Hdlc;
using Latchkey.Dlms.Link.Wrapper;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;
using Latchkey.Dlms.Transport.Serving;
using Microsoft.Extensions.Time.Testing;

namespace Latchkey.Dlms.Transport.Tests;

public sealed class HostTests
{
    private static readonly IPEndPoint Loopback = new(IPAddress.Loopback, 0);
    private static readonly AttributeDescriptor Register = new(InterfaceClass.Register, SampleMeter.Energy, 2);

    [Fact]
    public async Task Tcp_ARegisterRead_IsAnswered()
    {
        await using var host = new DlmsHost(new SampleMeter(TimeProvider.System).Server, TimeProvider.System);
        using var line = new RawTcp(host.ListenTcp(Loopback));
        Assert.True(line.Associate());
        Assert.Equal("c401c1000600", Convert.ToHexStringLower(line.Exchange(32, "c001c100030100010800ff0200")[..6]));
    }

    [Fact]
    public async Task Tcp_AnyAnnouncementAbove2KiB_BeforeAssociation_ClosesBeforeABufferIsTaken()
    {
        await using var host = new DlmsHost(new SampleMeter(TimeProvider.System).Server, TimeProvider.System);
        using var line = new RawTcp(host.ListenTcp(Loopback));
        line.Send(Convert.FromHexString("0001002000010801"));
        Assert.True(line.IsClosed());

        // The far side may see the end before this one has dropped the header; a body was never taken.
        Assert.InRange(host.BufferedOctets, 0, WrapperFrame.HeaderSize);
        await WaitUntil(() => host.BufferedOctets == 0);
    }

    [Fact]
    public async Task Tcp_AFrameInSingleOctets_IsPutTogether()
    {
        await using var host = new DlmsHost(new SampleMeter(TimeProvider.System).Server, TimeProvider.System);
        using var line = new RawTcp(host.ListenTcp(Loopback));
        byte[] frame = line.Wrap(32, line.AssociateRequest());
        foreach (byte octet in frame) line.Send([octet]);
        Assert.Equal(0x61, line.Receive()[0]);
        await WaitUntil(() => host.BufferedOctets == 0);
    }

    [Fact]
    public async Task Tcp_TwoKiBOfAnUnfinishedFrame_IsAllThatIsHeld()
    {
        await using var host = new DlmsHost(new SampleMeter(TimeProvider.System).Server, TimeProvider.System);
        using var line = new RawTcp(host.ListenTcp(Loopback));
        line.Send([.. Convert.FromHexString("0001002000010800"), .. new byte[2047]]);
        await WaitUntil(() => host.BufferedOctets > 0);
        Assert.InRange(host.BufferedOctets, 2048, 2048 + WrapperFrame.HeaderSize);
    }

    [Fact]
    public async Task Tcp_SeveralRequestsInOneSegment_AreAnsweredInOrder()
    {
        await using var host = new DlmsHost(new SampleMeter(TimeProvider.System).Server, TimeProvider.System);
        using var line = new RawTcp(host.ListenTcp(Loopback));
        Assert.True(line.Associate());
        byte[] one = line.Wrap(32, Convert.FromHexString("c001c100030100010800ff0200"));
        byte[] two = line.Wrap(32, Convert.FromHexString("c001c200030100010800ff0200"));
        line.Send([.. one, .. two, .. one]);
        Assert.Equal([0xC1, 0xC2, 0xC1], new[] { line.Receive()[2], line.Receive()[2], line.Receive()[2] });
    }

    [Fact]
    public async Task Tcp_PipelinedGarbage_ClosesTheConnection_AndNotTheHost()
    {
        await using var host = new DlmsHost(new SampleMeter(TimeProvider.System).Server, TimeProvider.System);
        IPEndPoint at = host.ListenTcp(Loopback);
        using (var line = new RawTcp(at))
        {
            byte[] garbage = new byte[100_000];
            Array.Fill(garbage, (byte)0xA5);
            line.TrySend(garbage);
            Assert.True(line.IsClosed());
        }

        await WaitUntil(() => host.ConnectionCount == 0);
        using var next = new RawTcp(at);
        Assert.True(next.Associate());
    }

    [Fact]
    public async Task SlowLoris_OneOctetEverySecond_IsCutAfterTenSeconds()
    {
        var time = new FakeTimeProvider();
        await using var host = new DlmsHost(new SampleMeter(time).Server, time);
        using var line = new RawTcp(host.ListenTcp(Loopback));
        byte[] frame = line.Wrap(32, line.AssociateRequest());
        line.Send([frame[0]]);
        await WaitUntil(() => host.BufferedOctets == 1);
        for (int second = 1; second <= 9; second++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            line.Send([frame[second]]);
        }

        Assert.False(line.IsClosed(waitMs: 50));
        await Pass(time, seconds: 3);
        Assert.True(line.IsClosed());
    }

    [Fact]
    public async Task HalfOpenHls_IsCutAfterTenSeconds()
    {
        var time = new FakeTimeProvider();
        await using var host = new DlmsHost(new SampleMeter(time).Server, time);
        using var key = new CipherKey(SecuritySuite.Suite0, SampleMeter.Encryption, SampleMeter.Authentication);
        using var line = new RawTcp(host.ListenTcp(Loopback));
        var client = new DlmsClient(SampleMeter.Management(key, new TransmitCounter(), new ReceiveCounter()));
        byte[] request = new byte[512];
        line.Send(line.Wrap(1, request.AsSpan(0, client.Associate(request))));
        Assert.Equal(0x61, line.Receive()[0]);
        await Pass(time, seconds: 9);
        Assert.False(line.IsClosed(waitMs: 50));
        await Pass(time, seconds: 3);
        Assert.True(line.IsClosed());
    }

    [Fact]
    public async Task AnAssociationThatIsSilentForTwoMinutes_IsOver()
    {
        var time = new FakeTimeProvider();
        await using var host = new DlmsHost(new SampleMeter(time).Server, time);
        using var line = new RawTcp(host.ListenTcp(Loopback));
        Assert.True(line.Associate());
        await Pass(time, seconds: 110);
        Assert.False(line.IsClosed(waitMs: 50));
        await Pass(time, seconds: 15);
        Assert.True(line.IsClosed());
    }

    [Fact]
    public async Task AtTheLimit_TheOldestWithoutAssociation_MakesRoom()
    {
        var limits = new DlmsHostLimits { MaxConnections = 2 };
        await using var host = new DlmsHost(new SampleMeter(TimeProvider.System).Server, TimeProvider.System, limits);
        IPEndPoint at = host.ListenTcp(Loopback);
        using var associated = new RawTcp(at);
        Assert.True(associated.Associate());
        using var idle = new RawTcp(at);
        await WaitUntil(() => host.ConnectionCount == 2);
        using var third = new RawTcp(at);
        Assert.True(third.Associate());
        Assert.True(idle.IsClosed());
        Assert.False(associated.IsClosed(waitMs: 50));
        using var fourth = new RawTcp(at);
        Assert.True(fourth.IsClosed());
    }

    [Fact]
    public async Task Udp_EachSenderHasItsOwnAssociation()
    {
        await using var host = new DlmsHost(new SampleMeter(TimeProvider.System).Server, TimeProvider.System);
        IPEndPoint at = host.ListenUdp(Loopback);
        using var one = new RawUdp(at);
        using var two = new RawUdp(at);
        Assert.Equal(0x61, one.Exchange(32, one.AssociateRequest())[0]);
        byte[] read = Convert.FromHexString("c001c100030100010800ff0200");
        Assert.Equal(0xC4, one.Exchange(32, read)[0]);
        Assert.Equal("d80101", Convert.ToHexStringLower(two.Exchange(32, read)));
    }

    [Fact]
    public async Task Udp_ForgedSenders_AreRememberedWithinTheLimit()
    {
        var limits = new DlmsHostLimits { MaxDatagramPeers = 4 };
        await using var host = new DlmsHost(new SampleMeter(TimeProvider.System).Server, TimeProvider.System, limits);
        IPEndPoint at = host.ListenUdp(Loopback);
        using var good = new RawUdp(at);
        Assert.Equal(0x61, good.Exchange(32, good.AssociateRequest())[0]);
        for (int i = 0; i < 20; i++)
        {
            using var other = new RawUdp(at);
            _ = other.Exchange(32, [0xC0]);
            Assert.InRange(host.ConnectionCount, 1, 4);
        }

        Assert.Equal(0xC4, good.Exchange(32, Convert.FromHexString("c001c100030100010800ff0200"))[0]);
    }

    [Fact]
    public async Task Hdlc_OverTcp_AProfileIsRead()
    {
        await using var host = new DlmsHost(new SampleMeter(TimeProvider.System).Server, TimeProvider.System);
        using var socket = new TcpClient();
        await socket.ConnectAsync(host.ListenHdlc(Loopback, HdlcAddress.Server(1)));
        await using NetworkStream stream = socket.GetStream();
        var link = new RawHdlc(stream);
        Assert.True(link.Connect());
        var client = new DlmsClient(new DlmsClientOptions { Mechanism = Acse.AuthenticationMechanism.Low, Secret = SampleMeter.Password });
        byte[] request = new byte[4096];
        ClientStep step = link.Exchange(client, request, client.Associate(request));
        Assert.Equal(ClientStep.Done, step);
        step = link.Exchange(client, request, client.Read(new(InterfaceClass.ProfileGeneric, SampleMeter.Profile, 2), default, request));
        Assert.Equal((ClientStep.Done, SampleMeter.RowCount), (step, client.Value.Count));
    }

    [Fact]
    public async Task Hdlc_AFrameThatClaimsMoreThanTheBuffer_IsSteppedOver()
    {
        await using var host = new DlmsHost(new SampleMeter(TimeProvider.System).Server, TimeProvider.System);
        using var socket = new TcpClient();
        await socket.ConnectAsync(host.ListenHdlc(Loopback, HdlcAddress.Server(1)));
        await using NetworkStream stream = socket.GetStream();
        byte[] noise = new byte[700];
        (noise[0], noise[1], noise[2]) = (0x7E, 0xA7, 0xFF);
        await stream.WriteAsync(noise);
        Assert.True(new RawHdlc(stream).Connect());
        Assert.InRange(host.BufferedOctets, 0, 2048);
    }

    [Fact]
    public async Task AnIdleAssociation_CostsNoMoreThanEightKiB()
    {
        const int Count = 200;
        await using var host = new DlmsHost(new SampleMeter(TimeProvider.System).Server, TimeProvider.System);
        IPEndPoint at = host.ListenTcp(Loopback);
        using (var warm = new RawTcp(at)) Assert.True(warm.Associate());
        await WaitUntil(() => host.ConnectionCount == 0);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var lines = new List<RawTcp>();
        for (int i = 0; i < Count; i++)
        {
            lines.Add(new RawTcp(at));
            Assert.True(lines[^1].Associate());
        }

        // Both ends live in this process here; the bench measures the host alone.
        long perPair = (GC.GetTotalMemory(forceFullCollection: true) - before) / Count;
        Assert.InRange(perPair, 1, 8_192);
        Assert.Equal((Count, 0L), (host.ConnectionCount, host.BufferedOctets));
        foreach (RawTcp line in lines) line.Dispose();
    }

    internal static async Task WaitUntil(Func<bool> holds)
    {
        for (int i = 0; i < 500 && !holds(); i++) await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        Assert.True(holds());
    }

    // The sweep runs on another thread after every second that passes.
    private static async Task Pass(FakeTimeProvider time, int seconds)
    {
        for (int i = 0; i < seconds; i++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }
}
