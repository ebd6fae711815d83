using System.Collections.Immutable;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.ModuleLink.Envelope;
using Latchkey.Sts;

namespace Latchkey.HeadEnd.Meters;

/// <summary>One registered meter: what the head-end holds of it between two contacts. Stored as one row.</summary>
public sealed record RegisteredMeter
{
    public required MeterPan Pan { get; init; }

    /// <summary>The message key, wrapped by <see cref="MessageKeyVault"/> for this meter alone.</summary>
    public required ReadOnlyMemory<byte> WrappedKey { get; init; }

    /// <summary>Maker's model name, for people.</summary>
    public string Model { get; init; } = string.Empty;

    public CoverageClass Coverage { get; init; }

    public ModuleState? Module { get; init; }

    public DateTimeOffset? LastContactAt { get; init; }

    /// <summary>The channel that carried the last authenticated contact; tried first.</summary>
    public string? LastChannel { get; init; }

    /// <summary>Signal strength of the last hello in dBm.</summary>
    public int? RssiDbm { get; init; }

    /// <summary>Counters of the meter's messages that were accepted.</summary>
    public ReplayWindow Inbound { get; init; }

    /// <summary>Counters below this may have been used toward the meter. After a restart sending goes on from here.</summary>
    public uint OutboundReserved { get; init; } = 1;

    /// <summary>The sequence number that the next delivery takes.</summary>
    public uint NextSequence { get; init; } = 1;

    public RoundTripEstimate RoundTrip { get; init; }

    public ReportedState? Reported { get; init; }

    /// <summary>What the utility wants; null where nothing was asked for.</summary>
    public RelayPosition? DesiredRelay { get; init; }

    /// <summary>Parameters asked for, by their number, as last confirmed or still to be delivered.</summary>
    public ImmutableSortedDictionary<int, long> DesiredParameters { get; init; } = ImmutableSortedDictionary<int, long>.Empty;

    /// <summary>Parameters the meter confirmed.</summary>
    public ImmutableSortedDictionary<int, long> ConfirmedParameters { get; init; } = ImmutableSortedDictionary<int, long>.Empty;
}
