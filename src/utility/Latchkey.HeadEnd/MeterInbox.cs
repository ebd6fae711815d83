using System.Security.Cryptography;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Events;
using Latchkey.HeadEnd.Meters;
using Latchkey.HeadEnd.Readings;
using Latchkey.ModuleLink.Envelope;
using Latchkey.ModuleLink.Messages;
using Latchkey.Sts;

namespace Latchkey.HeadEnd;

/// <summary>Opens what arrives and hands each message to its reader.</summary>
internal sealed class MeterInbox(DeliveryEngine engine, MessageKeyVault vault, HeadEndOptions options)
{
    private readonly ProofReader _proofs = new(engine);
    private readonly ReadingIntake _readings = new(options);

    public ReceiveOutcome Take(HeadEndWork work, MeterPan pan, ReadOnlySpan<byte> datagram, string channel)
    {
        if (work.FindMeter(pan) is not { } meter) return ReceiveOutcome.UnknownMeter;
        if (!vault.TryUnwrap(pan, meter.WrappedKey.Span, out MessageKey? key) || key is null) return ReceiveOutcome.KeyUnavailable;
        using (key)
        {
            if (MessageEnvelope.TryOpen(key, MessageDirection.FromMeter, datagram, out uint counter, out ReadOnlySpan<byte> body) != EnvelopeResult.Opened)
                return ReceiveOutcome.NotAuthentic;
            if (!meter.Inbound.TryAccept(counter, out ReplayWindow window)) return ReceiveOutcome.Replayed;

            work.Evidence = Convert.ToHexStringLower(SHA256.HashData(datagram));

            // The counter is written in the same step as what the message does: neither without the other.
            work.Put(meter with { Inbound = window, LastContactAt = work.Now, LastChannel = channel });
            ReceiveOutcome outcome = MeterMessageCodec.TryDecode(body, out MeterMessage? message) && message is not null
                ? Apply(work, pan, message)
                : ReceiveOutcome.NotUnderstood;
            engine.Contact(work, pan);
            return outcome;
        }
    }

    private ReceiveOutcome Apply(HeadEndWork work, MeterPan pan, MeterMessage message)
    {
        switch (message)
        {
            case MeterMessage.TokenResult m:
                TakeBalance(work, pan, m.BalanceMilli);
                _proofs.Read(work, pan, m);
                return ReceiveOutcome.Accepted;
            case MeterMessage.KeyChangeSetResult m:
                _proofs.Read(work, pan, m);
                return ReceiveOutcome.Accepted;
            case MeterMessage.CommandResult m:
                TakeRelay(work, pan, m.Relay);
                _proofs.Read(work, pan, m);
                return ReceiveOutcome.Accepted;
            case MeterMessage.Hello m:
                TakeLink(work, pan, m);
                _proofs.Read(work, pan, m);
                return ReceiveOutcome.Accepted;
            case MeterMessage.Reading m:
                if (_readings.Take(work, pan, m) is not { } state) return ReceiveOutcome.Implausible;
                _proofs.Read(work, pan, state);
                return ReceiveOutcome.Accepted;
            case MeterMessage.EventReport m:
                TakeEvents(work, pan, m);
                return ReceiveOutcome.Accepted;
            default:
                return ReceiveOutcome.NotUnderstood; // a message that only we send
        }
    }

    // An answer carries no time of its own, so it corrects the newest report without moving its time.
    private static void TakeBalance(HeadEndWork work, MeterPan pan, long balanceMilli)
    {
        RegisteredMeter meter = work.Meter(pan);
        if (meter.Reported is { } reported) work.Put(meter with { Reported = reported with { CreditMilli = balanceMilli } });
    }

    private static void TakeRelay(HeadEndWork work, MeterPan pan, RelayReport relay)
    {
        RegisteredMeter meter = work.Meter(pan);
        if (meter.Reported is { } reported) work.Put(meter with { Reported = reported with { Relay = relay } });
    }

    private static void TakeLink(HeadEndWork work, MeterPan pan, MeterMessage.Hello hello)
    {
        CoverageClass coverage = hello.CoverageClass switch
        {
            0 => CoverageClass.Normal,
            1 => CoverageClass.Extended,
            2 => CoverageClass.Extreme,
            _ => CoverageClass.Unknown,
        };
        work.Put(work.Meter(pan) with { Coverage = coverage, RssiDbm = hello.RssiDbm });
        TakeBalance(work, pan, hello.BalanceMilli);
    }

    private static void TakeEvents(HeadEndWork work, MeterPan pan, MeterMessage.EventReport report)
    {
        foreach (EventEntry entry in report.Entries)
        {
            // A time outside the calendar is kept as "unknown", which the epoch stands for: the event itself matters more.
            bool inCalendar = entry.Timestamp is >= 0 and <= 253_402_300_799;
            DateTimeOffset at = inCalendar ? DateTimeOffset.FromUnixTimeSeconds(entry.Timestamp) : DateTimeOffset.UnixEpoch;
            work.Put(new MeterEvent(pan, at, entry.Code, entry.Detail, work.Now));
        }
    }
}
