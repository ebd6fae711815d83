using Latchkey.Sts;

namespace Latchkey.HeadEnd.Channels;

/// <summary>One way to meters: a network, a gateway, a platform's API. It carries sealed datagrams and understands none of them.</summary>
/// <remarks>
/// What comes back goes to <see cref="HeadEndDesk.Receive"/>; a link acknowledgement to <see cref="HeadEndDesk.LinkAcknowledged"/>.
/// A link acknowledgement says that a modem or a platform took the datagram. It is never proof of credit.
/// </remarks>
public interface IDeviceChannel
{
    /// <summary>A stable name; stored with contacts and attempts.</summary>
    string Name { get; }

    /// <summary>Whether this channel knows a way to the meter at all.</summary>
    bool Reaches(MeterPan pan);

    /// <summary>Takes one datagram and returns at once. A peer that cannot be reached is an outcome, not an exception.</summary>
    SubmitResult Submit(DeliveryAttempt attempt);
}

/// <summary>What a channel did with a datagram. The numbers are stored with attempts.</summary>
public enum SubmitResult
{
    /// <summary>Sent or queued by the channel.</summary>
    Taken = 0,

    /// <summary>The channel has no way to this meter now.</summary>
    NoRoute = 1,

    /// <summary>The channel or its platform asks for less (429, 4.29, a full duty cycle).</summary>
    Busy = 2,
}

/// <summary>One datagram on its way.</summary>
/// <param name="DeliveryId">For the link acknowledgement.</param>
/// <param name="Pan">The meter.</param>
/// <param name="Exchange">Counts the exchanges of this delivery, from 1.</param>
/// <param name="Transmission">Counts the datagrams of this exchange, from 1.</param>
/// <param name="Datagram">Sealed for the meter.</param>
/// <param name="TimeToLive">After this the datagram is of no use; a platform that queues must drop it.</param>
/// <param name="Priority">0 is the most urgent.</param>
public sealed record DeliveryAttempt(
    Guid DeliveryId, MeterPan Pan, int Exchange, int Transmission, ReadOnlyMemory<byte> Datagram, TimeSpan TimeToLive, int Priority);
