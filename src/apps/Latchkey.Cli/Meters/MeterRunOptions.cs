using System.Net;
using Latchkey.Meter;

namespace Latchkey.Cli.Meters;

/// <summary>What <c>latchkey meter run</c> was asked for.</summary>
internal sealed record MeterRunOptions
{
    public required MeterProfile Model { get; init; }

    public required MeterKeys Keys { get; init; }

    /// <summary>Where the wrapper over TCP is taken; null for nowhere.</summary>
    public IPEndPoint? Dlms { get; init; }

    /// <summary>Where HDLC over TCP is taken.</summary>
    public IPEndPoint? Hdlc { get; init; }

    /// <summary>Where the wrapper over UDP is taken.</summary>
    public IPEndPoint? Udp { get; init; }

    /// <summary>Where the meter's memories are kept; null keeps them in this process.</summary>
    public string? DataDirectory { get; init; }

    public int LoadWatts { get; init; }

    /// <summary>Meter seconds per second.</summary>
    public double Speed { get; init; } = 1;
}
