using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;
using Latchkey.Meter.State;
using Latchkey.Meter.Tamper;
using Latchkey.Metrology;

namespace Latchkey.Meter;

/// <summary>What the core does about tampers.</summary>
public sealed partial class MeterCore
{
    private const int GuessesBeforeAlarm = 3;

    /// <summary>Empties a log; only with the seal open, and its first entry then tells of it.</summary>
    /// <returns>False while the seal is closed: nobody who pays by this log may empty it.</returns>
    public bool ClearLog(bool fraud, MeterTime now)
    {
        _context.Now = now;
        if (!_seal.IsOpen) return false;
        (fraud ? _context.Fraud : _context.General).Clear(now.ClockSeconds, _context.UptimeSeconds);
        return true;
    }

    private void StartTamper(long savedClockSeconds, StartCause cause)
    {
        _evidence.Recover();
        _watch.Start(savedClockSeconds, cause, _tamper.Kinds);
        foreach (TamperKind kind in _tamper.Kinds)
        {
            if (kind.Trips == OffReasons.None) continue;
            bool latched = kind.Has(TamperActions.Lock) && (_context.State.Tamper & kind.Input) != TamperInputs.None;
            // Two kinds may share a reason: one that holds keeps it.
            if (latched || !_tamper.Kinds.Any(k => k.Trips == kind.Trips && (_context.State.Tamper & k.Input) != TamperInputs.None))
                _supply.SetReason(kind.Trips, latched);
        }

        foreach (TamperChange change in _tamper.OnStart(_context.State.Tamper)) OnTamper(change);
        _tamper.ForgetLatch();
    }

    private void WatchTamper()
    {
        if (_journal.Acceptor is null) return;
        bool guessing = _tokens.LockedSeconds > 0 && _context.State.Rejects > GuessesBeforeAlarm;
        TamperSignals signals = _watch.Signals(_supply.Position, guessing, _slot.GarbageBytes, _messages.Refused);
        if (_tamper.Poll(_context.Now.MonotonicMs, signals) is not { } changes) return;
        foreach (TamperChange change in changes) OnTamper(change);
    }

    private void OnTamper(TamperChange change)
    {
        if (change.Begins) OnTamperBegins(change);
        else OnTamperEnds(change);
    }

    private void OnTamperBegins(TamperChange change)
    {
        TamperKind kind = change.Kind;
        bool isNew = (_context.State.Tamper & kind.Input) == TamperInputs.None;
        if (isNew && kind.Has(TamperActions.Lock)) _journal.TryCommit(new MeterTransaction.TamperFound(_context.State.Tamper | kind.Input));
        if (kind.Trips != OffReasons.None) _supply.SetReason(kind.Trips, holds: true);
        if (!change.IsLogged || !kind.Has(TamperActions.Log)) return;
        long detail = kind.Input == TamperInputs.ClockStep ? _watch.ClockStepSeconds : (change.Detail << 1) | (change.WithoutMains ? 1L : 0L);
        _context.LogFraud(kind.Begins, detail);
        _evidence.Add(Seen(kind, change.WithoutMains ? 0 : kind.OnMs));
        if (kind.Has(TamperActions.Alarm)) Report(kind.Begins, detail);
    }

    private void OnTamperEnds(TamperChange change)
    {
        TamperKind kind = change.Kind;
        // Or the next start would take what a clear-tamper token has settled for something new.
        _tamper.ForgetLatch();
        if (kind.Trips != OffReasons.None && !kind.Has(TamperActions.Lock)) _supply.SetReason(kind.Trips, holds: false);
        if (change.IsLogged && kind.Has(TamperActions.Log) && kind.Ends != EventCode.None) _context.LogFraud(kind.Ends, change.Detail);
    }

    private TamperEvidence Seen(TamperKind kind, int suspectMs)
    {
        var phases = System.Collections.Immutable.ImmutableArray.CreateBuilder<PhaseEvidence>();
        foreach (ref readonly MetrologyRegisters phase in _context.ShownPhases) phases.Add(PhaseEvidence.Of(phase));
        return new TamperEvidence(0, kind.Input, _context.Now.ClockSeconds, _context.UptimeSeconds, suspectMs, _watch.Field, phases.ToImmutable());
    }
}
