using System.Net;
using Latchkey.Dlms.Link.Hdlc;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Transport.Serving;

namespace Latchkey.Cli.Meters;

/// <summary>A running meter on the network. Every start of the meter brings a new server; the addresses stay.</summary>
internal sealed class MeterLine(RunningMeter meter, MeterRunOptions options) : IAsyncDisposable
{
    private const byte ManagementDevice = 1;
    private const byte PhysicalAddress = 17;
    private DlmsHost? _host;
    private DlmsServer? _served;

    public IPEndPoint? Dlms { get; private set; } = options.Dlms;

    public IPEndPoint? Hdlc { get; private set; } = options.Hdlc;

    public IPEndPoint? Udp { get; private set; } = options.Udp;

    /// <summary>Puts the server that is there now on the network, and takes one that has gone off it.</summary>
    public async Task FollowAsync()
    {
        DlmsServer? now;
        lock (meter.Gate) now = meter.Meter.DlmsServer;
        if (ReferenceEquals(now, _served)) return;
        await DisposeAsync().ConfigureAwait(false);
        _served = now;
        if (now is null) return;
        var host = new DlmsHost(now, TimeProvider.System, new DlmsHostLimits { MaxConnections = 64 }, meter.Gate);
        _host = host;
        if (Dlms is not null) Dlms = host.ListenTcp(Dlms);
        if (Hdlc is not null) Hdlc = host.ListenHdlc(Hdlc, HdlcAddress.Server(ManagementDevice, PhysicalAddress));
        if (Udp is not null) Udp = host.ListenUdp(Udp);
    }

    public async ValueTask DisposeAsync()
    {
        if (_host is not null) await _host.DisposeAsync().ConfigureAwait(false);
        _host = null;
    }
}
