using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Meters;
using Latchkey.Sts;

namespace Latchkey.HeadEnd;

/// <summary>A meter to be known to the head-end.</summary>
/// <param name="Pan">Its number.</param>
/// <param name="MessageKey">16 to 64 bytes, shared with the meter alone; stored wrapped only.</param>
/// <param name="Model">Maker's model name, for people.</param>
/// <param name="Coverage">As measured at installation.</param>
public sealed record MeterRegistration(MeterPan Pan, ReadOnlyMemory<byte> MessageKey, string Model, CoverageClass Coverage = CoverageClass.Unknown)
{
    /// <summary>Never the key: text reaches logs.</summary>
    public override string ToString() => $"{nameof(MeterRegistration)} {Pan}";
}

/// <summary>Something to be delivered.</summary>
/// <param name="Id">Made by the caller; for credit the order's id. The same id and content again changes nothing.</param>
/// <param name="Pan">The meter.</param>
/// <param name="Content">What is to reach it.</param>
/// <param name="Lifetime">How long to try; null for the default of its kind.</param>
public sealed record DeliveryRequest(Guid Id, MeterPan Pan, DeliveryContent Content, TimeSpan? Lifetime = null);

/// <summary>What became of a request for delivery: a closed set.</summary>
public abstract record SubmitOutcome
{
    private SubmitOutcome()
    {
    }

    /// <summary>It is on its way, or was before: then nothing changed.</summary>
    public sealed record Accepted(Delivery Delivery, bool IsReplay) : SubmitOutcome;

    /// <summary>The id belongs to a delivery with other content.</summary>
    public sealed record IdReused : SubmitOutcome;

    public sealed record UnknownMeter : SubmitOutcome;

    /// <summary>The meter's queue is full.</summary>
    public sealed record TooManyOpen : SubmitOutcome;
}

/// <summary>What became of a datagram that arrived, in the order of the checks.</summary>
public enum ReceiveOutcome
{
    Accepted = 0,
    UnknownMeter = 1,

    /// <summary>The stored key does not open under this head-end's master key.</summary>
    KeyUnavailable = 2,

    /// <summary>Not sealed by this meter for us, or damaged.</summary>
    NotAuthentic = 3,

    /// <summary>Seen before, or too old to tell.</summary>
    Replayed = 4,

    /// <summary>Authentic, but no message this build knows. It still counts as a contact.</summary>
    NotUnderstood = 5,

    /// <summary>Authentic, but the reading's time or amounts cannot be believed. It still counts as a contact.</summary>
    Implausible = 6,
}
