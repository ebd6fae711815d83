using System.Collections.Immutable;
using Latchkey.HeadEnd.Meters;
using Latchkey.ModuleLink.Messages;
using Latchkey.Sts;

namespace Latchkey.HeadEnd.Deliveries;

/// <summary>Reads proof, or its contrary, out of what a meter said under its own key.</summary>
internal sealed class ProofReader(DeliveryEngine engine)
{
    private const int RemembersClosed = 64;

    public void Read(HeadEndWork work, MeterPan pan, MeterMessage.TokenResult result)
    {
        if (FindToken(work, pan, result) is not (Delivery delivery, int index)) return;
        bool keypad = result.Sequence == 0;
        if (!keypad) engine.Answered(work, delivery);
        switch (MeterVerdicts.Of(result.Status))
        {
            case Verdict.Later:
                // The keypad's business: what we send will be judged on its own.
                if (!keypad && delivery.IsOpen) engine.Postpone(work, delivery);
                break;
            case Verdict.Proven:
                Judge(work, delivery, index, TokenFate.Proven, result.Status, SourceOf(result, keypad));
                break;
            default:
                Judge(work, delivery, index, TokenFate.Rejected, result.Status, source: null);
                break;
        }
    }

    public void Read(HeadEndWork work, MeterPan pan, MeterMessage.KeyChangeSetResult result)
    {
        Delivery? delivery = engine.OpenOf(pan).FirstOrDefault(d => d.Sequence == result.Sequence && d.Content is DeliveryContent.KeyChange);
        if (delivery is null) return;
        engine.Answered(work, delivery);
        TokenStatus decisive = result.Statuses.LastOrDefault(s => MeterVerdicts.Of(s) != Verdict.Proven, result.Statuses[^1]);
        Close(work, delivery, MeterVerdicts.Of(result.Statuses), (int)decisive);
    }

    public void Read(HeadEndWork work, MeterPan pan, MeterMessage.CommandResult result)
    {
        Delivery? delivery = engine.OpenOf(pan).FirstOrDefault(d => d.Sequence == result.Sequence && d.Content.AllTokens.IsEmpty);
        if (delivery is null) return;
        engine.Answered(work, delivery);
        Verdict verdict = MeterVerdicts.Of(result.Status);
        if (verdict == Verdict.Proven && delivery.Content is DeliveryContent.Parameter parameter) Confirm(work, pan, parameter);
        Close(work, delivery, verdict, (int)result.Status);
    }

    /// <summary>The newest token identifier of the meter proves the token that bears it.</summary>
    public void Read(HeadEndWork work, MeterPan pan, MeterMessage.Hello hello)
    {
        if (hello.LastTid == 0) return;
        foreach (Delivery delivery in engine.OpenOf(pan).ToArray())
        {
            int index = delivery.Content.AllTokens.ToList().FindIndex(t => t.TidMinutes == hello.LastTid && t.Fate == TokenFate.Open);
            if (index >= 0) Judge(work, delivery, index, TokenFate.Proven, status: null, ProofSource.ReadBack);
        }
    }

    /// <summary>A reading answers a request for one, and shows a relay that was asked to close as closed.</summary>
    /// <remarks>An open relay proves nothing: it may be open for want of credit while the command never arrived.</remarks>
    public void Read(HeadEndWork work, MeterPan pan, ReportedState reading)
    {
        foreach (Delivery delivery in engine.OpenOf(pan).Where(d => d.FirstSentAt is not null && reading.At > d.CreatedAt).ToArray())
        {
            bool shows = delivery.Content is DeliveryContent.ReadNow
                || (delivery.Content is DeliveryContent.Relay { Position: RelayPosition.On } && reading.Relay == RelayReport.Connected);
            if (!shows) continue;
            engine.Answered(work, delivery);
            engine.Update(work, Proven(work, delivery, ProofLevel.ReadBack, ProofSource.ReadBack));
        }
    }

    private (Delivery Delivery, int Index)? FindToken(HeadEndWork work, MeterPan pan, MeterMessage.TokenResult result)
    {
        // Open ones first; then closed ones, for a token that was typed after we had given it up.
        foreach (Delivery delivery in engine.OpenOf(pan).Concat(work.RecentDeliveries(pan, RemembersClosed)))
        {
            ImmutableArray<DeliveryToken> tokens = delivery.Content.AllTokens;
            for (int i = 0; i < tokens.Length; i++)
            {
                bool named = result.Token is { } name ? tokens[i].ToBytes().Fingerprint() == name : IsShortAnswer(result, delivery);
                if (named && (tokens[i].Fate != TokenFate.Proven || delivery.IsOpen)) return (delivery, i);
            }
        }

        return null;
    }

    // Without a fingerprint only the number ties it, and only where no other token could be meant.
    private static bool IsShortAnswer(MeterMessage.TokenResult result, Delivery delivery) =>
        result.Sequence != 0 && delivery.IsOpen && delivery.Sequence == result.Sequence && delivery.Content.AllTokens.Length == 1;

    private static ProofSource SourceOf(MeterMessage.TokenResult result, bool keypad) => (keypad, result.Status) switch
    {
        (true, _) => ProofSource.Keypad,
        (_, TokenStatus.UsedError) => ProofSource.AlreadyUsed,
        _ => ProofSource.Channel,
    };

    private void Judge(HeadEndWork work, Delivery delivery, int index, TokenFate fate, TokenStatus? status, ProofSource? source)
    {
        ImmutableArray<DeliveryToken> before = delivery.Content.AllTokens;
        ImmutableArray<DeliveryToken> tokens = before.SetItem(index, before[index] with { Fate = fate });
        Delivery judged = delivery with { Content = delivery.Content.WithTokens(tokens), MeterStatus = (int?)status ?? delivery.MeterStatus };
        if (tokens.Any(t => t.Fate == TokenFate.Open)) judged = delivery.IsOpen ? judged with { State = DeliveryState.Pending } : judged;
        else if (tokens.All(t => t.Fate == TokenFate.Proven)) judged = Proven(work, judged, LevelOf(source), source);
        else judged = Rejected(work, judged);
        engine.Update(work, judged);
    }

    private void Close(HeadEndWork work, Delivery delivery, Verdict verdict, int status)
    {
        delivery = delivery with { MeterStatus = status };
        if (verdict == Verdict.Later)
        {
            engine.Postpone(work, delivery);
            return;
        }

        ImmutableArray<DeliveryToken> tokens = delivery.Content.AllTokens;
        TokenFate fate = verdict == Verdict.Proven ? TokenFate.Proven : TokenFate.Rejected;
        delivery = delivery with { Content = delivery.Content.WithTokens([.. tokens.Select(t => t with { Fate = fate })]) };
        engine.Update(work, verdict == Verdict.Proven
            ? Proven(work, delivery, ProofLevel.MeterResult, ProofSource.Channel)
            : Rejected(work, delivery));
    }

    private static Delivery Proven(HeadEndWork work, Delivery delivery, ProofLevel level, ProofSource? source) => delivery with
    {
        State = DeliveryState.Proven, Proof = level, ProvenBy = source, ClosedAt = work.Now, Evidence = work.Evidence,
    };

    private static Delivery Rejected(HeadEndWork work, Delivery delivery) => delivery with
    {
        State = DeliveryState.RejectedByMeter, Proof = ProofLevel.MeterResult, ClosedAt = work.Now, Evidence = work.Evidence,
    };

    private static ProofLevel LevelOf(ProofSource? source) => source == ProofSource.ReadBack ? ProofLevel.ReadBack : ProofLevel.MeterResult;

    private static void Confirm(HeadEndWork work, MeterPan pan, DeliveryContent.Parameter parameter)
    {
        RegisteredMeter meter = work.Meter(pan);
        work.Put(meter with { ConfirmedParameters = meter.ConfirmedParameters.SetItem((int)parameter.Name, parameter.Value) });
    }
}
