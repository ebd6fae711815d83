using Latchkey.Metrology;

namespace Latchkey.Meter.LoadSwitch;

/// <summary>What became of the pulse, and where the contacts are.</summary>
public sealed partial class LoadSwitchController
{
    private const long SettleUs = 100_000;
    private const long WindowUs = WatchSamples * (long)RawSample.PeriodUs;
    private const long RetryUs = 2_000_000;
    private const long FailedRetryUs = 3_600_000_000;
    private const int Attempts = 3;

    private long _resumeUs;
    private bool _arcTold;

    /// <summary>Does what is due; foreground, about every millisecond.</summary>
    public void Poll()
    {
        long now = _drive.NowUs;
        switch (_stage)
        {
            case Stage.Booting when _ring.Unbroken >= WatchSamples:
                Boot(now);
                break;
            case Stage.Idle:
                Watch(now);
                if (_pending) _stage = Stage.Waiting;
                break;
            case Stage.Waiting:
                Plan(now);
                // Who waits for supply or a steady load still has to see a magnet move the latch.
                if (_stage == Stage.Waiting) Watch(now);
                break;
            case Stage.Armed:
                FollowArmed(now);
                break;
            case Stage.Settling when now >= _operation.CommandUs + _operation.WidthUs + SettleUs + WindowUs:
                Conclude(now);
                break;
            case Stage.Pausing:
                Watch(now);
                if (_stage == Stage.Pausing && now >= _resumeUs) (_pending, _requestUs, _stage) = (true, now, Stage.Waiting);
                break;
            default:
                break;
        }
    }

    private void Boot(long now)
    {
        _stage = Stage.Idle;
        _lastWatchUs = now;
        Feedback feedback = FeedbackReader.Read(_ring, _settings);
        _verified = feedback is not Feedback.Dark;
        Position = feedback switch
        {
            Feedback.Dark => Position,
            Feedback.Closed or Feedback.Arcing => SwitchPosition.Closed,
            _ => SwitchPosition.Open,
        };
        IsLoadSideLive = feedback == Feedback.Foreign;
        if (_wanted == SwitchPosition.Unknown) _wanted = Position;
        else if (_verified && Position != _wanted && !_pending) Demand(_wanted, SwitchPriority.Normal);
    }

    // A jump of the phase after arming makes the aim worthless; the pulse is taken back while there is time.
    private void FollowArmed(long now)
    {
        if (now >= _operation.CommandUs) _stage = Stage.Settling;
        else if (_operation.Synchronised && _mains.Jumps != _jumpsSeen && _drive.TryCancel())
        {
            _operations--;
            (_pending, _stage) = (true, Stage.Waiting);
        }
    }

    private void Watch(long now)
    {
        if (now - _lastWatchUs < WindowUs || _ring.Unbroken < WatchSamples) return;
        _lastWatchUs = now;
        Feedback feedback = FeedbackReader.Read(_ring, _settings);
        if (feedback == Feedback.Dark) return;
        bool live = feedback == Feedback.Foreign && Position != SwitchPosition.Closed;
        if (live && !IsLoadSideLive) Tell(SwitchEventKind.LoadVoltageWhileOpen);
        IsLoadSideLive = live;

        if (feedback == Feedback.Arcing && !_arcTold) Tell(SwitchEventKind.ArcStands);
        _arcTold = feedback == Feedback.Arcing;

        // What conducts is closed for everybody behind it, whatever the contacts do.
        SwitchPosition seen = feedback is Feedback.Closed or Feedback.Arcing ? SwitchPosition.Closed : SwitchPosition.Open;
        if (Position == seen)
        {
            _verified = true;
            return;
        }

        Position = seen;
        _verified = true;
        Tell(SwitchEventKind.MovedUnbidden);
        if (seen == _wanted && _stage is (Stage.Pausing or Stage.Waiting))
        {
            // What three pulses did not do, or none yet, a knock has done.
            (HasFailed, _pending, _stage) = (false, false, Stage.Idle);
            return;
        }

        if (seen != _wanted && !_pending && !HasFailed) Demand(_wanted, SwitchPriority.Normal);
    }

    private void Conclude(long now)
    {
        Observation? seen = Observe();
        double error = 0;
        if (seen is { } o)
        {
            error = o.ContactUs - _operation.AimUs;
            if (_operation.Close) _ledger.BookMake(o.SignedMicrocoulombs);
            else _ledger.Book(o.SignedMicrocoulombs);
            if (_operation.Synchronised)
            {
                (_operation.Close ? _closing : _opening).Learn(
                    (o.ContactUs - _operation.CommandUs) / 1000, o.DeviationMs, _operation.Drive.CoilVolts, _operation.Drive.Celsius);
            }

            if (o.Zero is { } zero) _gap.Learn(zero.GapMs, _settings.Contact.NeededVolts(zero.Volts, _profile.RmsAmps, _profile.SinPhi), zero.Held);
            if (_operation.Close) _make.Learn(_ring, o.ContactUs, _mains.PeriodUs);
        }

        _lastWatchUs = now;
        _stage = Stage.Idle;
        Feedback feedback = FeedbackReader.Read(_ring, _settings);
        if (_operation.Close) JudgeClosing(feedback, now, seen?.ContactUs ?? 0, error);
        else JudgeOpening(feedback, now, seen?.ContactUs ?? 0, error, seen?.SignedMicrocoulombs ?? 0);
    }

    private Observation? Observe()
    {
        double from = _operation.CommandUs + 1000, to = _operation.CommandUs + 40_000;
        if (!_ring.Covers(from, to)) return null;
        return _operation.Close ? _observer.Touch(_ring, from, to) : _observer.Parting(_ring, _profile, from, to, _loadRatio);
    }

    private void JudgeOpening(Feedback feedback, long now, double contactUs, double error, long charge)
    {
        switch (feedback)
        {
            case Feedback.Dark:
                (Position, _verified) = (SwitchPosition.Open, false);
                Tell(SwitchEventKind.Unverified);
                break;
            case Feedback.Closed or Feedback.Arcing:
                Position = SwitchPosition.Closed;
                Retry(now, SwitchEventKind.DisconnectFailure);
                break;
            default:
                (Position, _verified, HasFailed) = (SwitchPosition.Open, true, false);
                Tell(SwitchEventKind.Opened, contactUs, error, charge);
                IsLoadSideLive = feedback == Feedback.Foreign;
                if (feedback == Feedback.Foreign) Tell(SwitchEventKind.LoadVoltageWhileOpen);
                if (feedback == Feedback.CurrentOnly) Tell(SwitchEventKind.CurrentWhileOpen);
                break;
        }
    }

    private void JudgeClosing(Feedback feedback, long now, double contactUs, double error)
    {
        switch (feedback)
        {
            case Feedback.Dark:
                (Position, _verified) = (SwitchPosition.Closed, false);
                Tell(SwitchEventKind.Unverified);
                break;
            case Feedback.Closed or Feedback.Foreign or Feedback.Arcing:
                (Position, _verified) = (SwitchPosition.Closed, true);
                Tell(SwitchEventKind.Closed, contactUs, error);
                break;
            default:
                Position = SwitchPosition.Open;
                Retry(now, SwitchEventKind.ReconnectFailure);
                break;
        }
    }

    private void Retry(long now, SwitchEventKind failure)
    {
        _verified = true;
        if (_pending) return; // a newer request is waiting; it decides
        _attempt++;
        if (_attempt < Attempts)
        {
            Tell(SwitchEventKind.Retrying);
            (_resumeUs, _stage) = (_operation.CommandUs + RetryUs, Stage.Pausing);
            return;
        }

        Tell(failure);
        if (failure == SwitchEventKind.DisconnectFailure)
        {
            HasFailed = true;
            _attempt = Attempts - 1; // from now on one pulse an hour, the widest
            (_resumeUs, _stage) = (now + FailedRetryUs, Stage.Pausing);
        }
        else
        {
            // Nobody has power who should; the caller decides whether to ask again.
            _wanted = SwitchPosition.Open;
        }
    }
}
