using System.Globalization;
using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Face;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Journal;
using Latchkey.Meter.Keypad;
using Latchkey.Meter.Messages;
using Latchkey.Meter.Slot;
using Latchkey.Meter.State;
using Latchkey.Meter.Tokens;
using Latchkey.Meter.Update;
using Latchkey.ModuleLink.Messages;
using Latchkey.Sts;

namespace Latchkey.Meter;

/// <summary>What the core does when something happens.</summary>
public sealed partial class MeterCore
{
    private const int TamperPollMs = 50;
    private const int SwitchTestMs = 10_000;
    private const ulong SwitchTestBit = 1;

    private void Begin(in Checkpoint checkpoint, bool hasTotals, StartCause cause)
    {
        if (cause == StartCause.Power)
        {
            if (hasTotals) _context.General.Add(EventCode.PowerDown, checkpoint.ClockSeconds, checkpoint.UptimeSeconds, 0);
            _context.Log(EventCode.PowerUp, _outageSeconds);
        }

        int repaired = _journal.Repaired + RepairBlocks();
        if (repaired > 0) _context.Log(EventCode.JournalRepaired, repaired);
        TellOfFirmware();
        _messages.Start();
        _tokens.Start();
        // Credit and what watched a load are looked at afresh; tampers below.
        _payment.Start(checkpoint, isFirstStart: !hasTotals);
        // What was read may lie in cells that were being written when power failed: it counts once it is written again.
        _payment.Save();
        _seenLevel = _payment.Level;
        StartTamper(checkpoint.ClockSeconds, cause);
        ScheduleReading();
    }

    private void TellOfFirmware()
    {
        if (Update.Running.Returned == ImageVerdict.None) return;
        if (Update.Running.Returned != ImageVerdict.Good) _context.Log(EventCode.ProgramMemoryFault, (long)Update.Running.Returned);
        _context.Log(EventCode.FirmwareRolledBack, Update.RunningVersion);
    }

    private void WatchUpdate()
    {
        switch (Update.Poll(_context.Now.MonotonicMs, _journal.Acceptor is not null && !_journal.IsBroken))
        {
            case ImageTransferStatus.VerificationSuccessful or ImageTransferStatus.VerificationFailed:
                _context.Log(EventCode.FirmwareReady, (long)Update.Verdict);
                break;
            case ImageTransferStatus.ActivationSuccessful:
                _context.Log(EventCode.FirmwareActivated, Update.RunningVersion);
                Report(EventCode.FirmwareActivated, Update.RunningVersion);
                break;
        }
    }

    private static uint BuiltInVersion =>
        typeof(MeterCore).Assembly.GetName().Version is { } v ? (uint)((v.Major << 16) | (v.Minor << 8) | v.Build) : 0;

    // A block is written seldom and read for years: what spoils one copy must not wait for what spoils the other.
    private int RepairBlocks()
    {
        int repaired = 0;
        foreach (BlockReference block in _context.State.Blocks) repaired += _blocks.Repair(block);
        return repaired;
    }

    private void RestoreLearning()
    {
        ReadOnlySpan<byte> kept = _journal.State.SwitchLearning.AsSpan();
        while (kept.Length > 1 && kept.Length > kept[0])
        {
            _supplySwitch.RestoreLearning(kept.Slice(1, kept[0]));
            kept = kept[(1 + kept[0])..];
        }
    }

    private void KeepLearning()
    {
        Span<byte> learning = stackalloc byte[RecordIo.MaxPayload];
        if (_supplySwitch.TryTakeLearning(learning, out int length))
            _journal.TryCommit(new MeterTransaction.SwitchLearned(learning[..length].ToArray()));
    }

    private void Act(EntryOutcome outcome, string entered)
    {
        switch (outcome)
        {
            case EntryOutcome.Token: EnterTyped(entered); break;
            case EntryOutcome.Incomplete: _face.ShowMissing(); break;
            case EntryOutcome.ShortCode:
                int code = int.Parse(entered, NumberStyles.None, CultureInfo.InvariantCulture);
                if (code == ShortCodes.ReleaseOverload) _payment.Rules.Release();
                if (code == ShortCodes.Reconnect) _payment.Rules.Rearm();
                if (code is ShortCodes.AcceptEmergency or ShortCodes.AcceptOverdraft)
                {
                    _face.Show([new FacePage("Emergency", ShortCodes.EmergencyText(_payment.AcceptEmergency(code - ShortCodes.AcceptEmergency)))]);
                    break;
                }

                _face.Show(_codes.Pages(code) ?? [new FacePage("Code " + entered, "unknown")]);
                break;
        }
    }

    private void EnterTyped(string digits)
    {
        TokenReport report = TokenNumber.TryParse(digits, out TokenNumber token) ? _tokens.Enter(token, TokenSource.Keypad) : _tokens.RefuseFormat();
        _face.ShowResult();
        if (_tokens.RequestedTests is { } tests) RunTests(tests);
        if (report.Status is not (TokenStatus.FormatError or TokenStatus.Lockout)) Send(MessageDesk.Result(0, report));
    }

    private void RunTests(ulong tests)
    {
        _tokens.RequestedTests = null;
        _face.Show(_codes.Tests(tests));
        if ((tests & SwitchTestBit) == 0 || !_supply.Decision.WantsClosed) return;
        _testUntilMs = _context.Now.MonotonicMs + SwitchTestMs;
        _supply.SetReason(OffReasons.Test, holds: true);
    }

    private void EndSwitchTest()
    {
        _testUntilMs = long.MaxValue;
        _supply.SetReason(OffReasons.Test, holds: false);
    }

    private void OnSlotChanged()
    {
        _seenSlot = _slot.State;
        if (_slot.State != SlotState.Ready) return;
        // Every new module tells the head-end that the meter is there, and with what balance.
        if (_helloDue || _seenSlot == SlotState.Ready) SayHello();
    }

    private void SayHello()
    {
        _helloDue = false;
        uint lastTid = _context.State.LastTokens.Select(t => t.TidMinutes).DefaultIfEmpty(0u).Max();
        Send(new MeterMessage.Hello(
            _context.State.BootCount,
            (uint)Math.Min(_outageSeconds, uint.MaxValue),
            _slot.Link.RssiDbm,
            _slot.Link.CoverageClass,
            lastTid,
            _context.Totals.BalanceMilli));
        Send(_messages.Reading());
    }

    private void SendReading()
    {
        Send(_messages.Reading());
        ScheduleReading();
    }

    private void ScheduleReading()
    {
        int seconds = _context.State.Parameters.ReadingIntervalSeconds;
        _nextReadingMs = seconds == 0 ? long.MaxValue : _context.Now.MonotonicMs + (seconds * 1_000L);
    }

    private void OnLevelChanged()
    {
        _seenLevel = _payment.Level;
        _face.OnCreditLevelChanged();
        Report(EventCode.CreditLevelChanged, (long)_payment.Level);
        // The head-end hears of a crossing now, not at the next interval.
        if (_slot.State == SlotState.Ready) Send(_messages.Reading());
    }

    private void Report(EventCode code, long detail) =>
        Send(new MeterMessage.EventReport([new EventEntry((uint)code, _context.Now.ClockSeconds, detail)]));

    // Without any module there is nobody to tell; the next hello brings the state, and the queue stays free of stale news.
    private void Send(MeterMessage message)
    {
        if (_slot.State != SlotState.Empty) _messages.Send(message);
    }
}
