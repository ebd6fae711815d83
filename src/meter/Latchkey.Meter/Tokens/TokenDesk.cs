using System.Collections.Immutable;
using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Keypad;
using Latchkey.Meter.Payment;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Meter.State;
using Latchkey.Meter.Tamper;
using Latchkey.ModuleLink.Messages;
using Latchkey.Quantities;
using Latchkey.Sts;

namespace Latchkey.Meter.Tokens;

/// <summary>One door for every token, typed or sent: judge, make durable, then apply and answer. Nothing is shown that is not durable.</summary>
internal sealed class TokenDesk(MeterContext context, SupplyControl supply, PaymentDesk payment, AccountDesk account, TamperPanel tamper)
{
    private long _lockedUntilMs;

    /// <summary>The last token and what became of it; null since this start of the meter.</summary>
    public TokenReport? Last { get; private set; }

    /// <summary>The tests that a test token asked for, waiting for the display; null when there are none.</summary>
    public ulong? RequestedTests { get; set; }

    public int LockedSeconds => (int)Math.Max(0, (_lockedUntilMs - context.Now.MonotonicMs + 999) / 1_000);

    /// <summary>A lock-out that was running when power failed begins anew.</summary>
    public void Start() => Lock();

    public TokenReport Enter(TokenNumber token, TokenSource source)
    {
        Span<byte> nine = stackalloc byte[TokenNumber.ByteCount];
        token.WriteBytes(nine);
        _ = TokenBytes.TryRead(nine, out TokenBytes bytes);
        (TokenStatus status, AcceptedToken accepted) = Judge(token, bytes, source);
        Energy credited = accepted.Effect == AcceptedEffect.Credit ? Energy.FromMilliwattHours(_creditedQuanta / 1_000) : Energy.Zero;
        Last = new TokenReport(status, accepted.Effect, credited, context.Totals.Balance, source, bytes.Fingerprint(), context.Now.MonotonicMs);
        return Last;
    }

    /// <summary>Twenty digits that are no token at all.</summary>
    public TokenReport RefuseFormat()
    {
        Last = new TokenReport(
            LockedSeconds > 0 ? TokenStatus.Lockout : TokenStatus.FormatError,
            AcceptedEffect.None, Energy.Zero, context.Totals.Balance, TokenSource.Keypad, default, context.Now.MonotonicMs);
        return Last;
    }

    private long _creditedQuanta;

    private (TokenStatus Status, AcceptedToken Accepted) Judge(TokenNumber token, TokenBytes bytes, TokenSource source)
    {
        if (context.Journal.Acceptor is not { } acceptor || context.Journal.IsBroken) return (TokenStatus.NotReady, default);
        bool isTest = token.Class == TokenClass.NonMeterSpecificManagement;
        if (source == TokenSource.Keypad && LockedSeconds > 0 && !isTest) return (TokenStatus.Lockout, default);

        TokenDecision decision = acceptor.Evaluate(token, context.UptimeInstant);
        if (!decision.IsTaken) return (Refused(decision, source), default);
        if (decision.Effect is TokenEffect.Test test)
        {
            // A test shows something to somebody; over the air there is nobody.
            if (source == TokenSource.Remote) return (TokenStatus.FunctionError, default);
            acceptor.Commit(decision);
            RequestedTests = test.Request.Control;
            return (TokenStatus.Accepted, default);
        }

        AcceptedToken accepted = Accepted(decision, bytes);
        MeterTransaction transaction = decision.Effect is TokenEffect.KeyChange or TokenEffect.KeyChangePart
            ? new MeterTransaction.KeyChangeTaken(bytes, (uint)context.UptimeSeconds, decision.Effect is TokenEffect.KeyChange)
            : new MeterTransaction.TokenTaken(accepted, Lines(decision.Effect));
        _creditedQuanta = TokenLimits.CreditOf(decision.Effect);
        if (!context.Journal.TryCommit(transaction)) return (TokenStatus.NotReady, default);

        acceptor.Commit(decision);
        Follow(accepted);
        return (Status(decision.Result), accepted);
    }

    private TokenStatus Refused(TokenDecision decision, TokenSource source)
    {
        // A remote token came in an authentic envelope: it is no guess.
        if (decision.Result == TokenResult.CrcError && source == TokenSource.Keypad)
        {
            byte rejects = (byte)Math.Min(byte.MaxValue, context.State.Rejects + 1);
            if (context.Journal.TryCommit(new MeterTransaction.Rejected(rejects))) Lock();
            if (LockedSeconds > 0) context.LogFraud(EventCode.KeypadLocked, LockedSeconds);
        }

        context.Log(EventCode.TokenRefused, (long)Status(decision.Result));
        return Status(decision.Result);
    }

    private AcceptedToken Accepted(TokenDecision decision, TokenBytes bytes)
    {
        (AcceptedEffect effect, long value) = decision.Effect switch
        {
            TokenEffect.Credit or TokenEffect.CurrencyCredit => (AcceptedEffect.Credit, context.State.GrantedQuanta + Math.Max(0, TokenLimits.CreditOf(decision.Effect))),
            TokenEffect.ClearCredit => (AcceptedEffect.ClearCredit, context.State.ForfeitedQuanta + Math.Max(0, context.Totals.BalanceQuanta)),
            TokenEffect.ClearTamperCondition => (AcceptedEffect.ClearTamper, 0L),
            TokenEffect.SetMaximumPowerLimit limit => (AcceptedEffect.SetPowerLimit, (long)limit.Watts),
            TokenEffect.SetMaximumPhasePowerUnbalanceLimit => (AcceptedEffect.Noted, 0L),
            TokenEffect.KeyChange => (AcceptedEffect.KeyChange, 0L),
            _ => (AcceptedEffect.None, 0L),
        };
        return new AcceptedToken((uint)(decision.Tid?.Minutes ?? 0), effect, value, bytes.Fingerprint());
    }

    private ImmutableArray<BookLine> Lines(TokenEffect effect) => effect switch
    {
        TokenEffect.Credit or TokenEffect.CurrencyCredit => account.LinesOf(draft => account.TopUp(draft, TokenLimits.CreditOf(effect))),
        TokenEffect.ClearCredit => account.LinesOf(draft => draft.Clear()),
        _ => [],
    };

    private void Follow(AcceptedToken accepted)
    {
        switch (accepted.Effect)
        {
            case AcceptedEffect.Credit:
                context.Log(EventCode.CreditGranted, _creditedQuanta / context.Account.QuantaPerMilli);
                account.WatchRange();
                break;
            case AcceptedEffect.ClearCredit: context.Log(EventCode.CreditCleared); break;
            case AcceptedEffect.SetPowerLimit: context.Log(EventCode.PowerLimitSet, accepted.Value); break;
            case AcceptedEffect.KeyChange: context.Log(EventCode.KeyChanged); break;
            case AcceptedEffect.ClearTamper:
                tamper.Rearm();
                context.LogFraud(EventCode.TamperCleared);
                supply.SetReason(OffReasonTable.OfTampers, holds: false);
                break;
        }

        if (accepted.Effect != AcceptedEffect.None) _lockedUntilMs = 0;
        payment.Settle();
    }

    private void Lock() => _lockedUntilMs = context.Now.MonotonicMs + (LockOut.SecondsAfter(context.State.Rejects) * 1_000L);

    private static TokenStatus Status(TokenResult result) => result == TokenResult.Accept ? TokenStatus.Accepted : (TokenStatus)result;
}
