using Latchkey.Meter.Hal;

namespace Latchkey.Meter.Tamper;

/// <summary>Something that a tamper did.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Begins">True when it became a fact, false when it was over.</param>
/// <param name="WithoutMains">True when the hardware latch tells of it and the meter did not see it happen.</param>
public readonly record struct TamperChange(TamperKind Kind, bool Begins, bool WithoutMains)
{
    /// <summary>False for one that comes within a minute of its last entry: it is counted, not written.</summary>
    public bool IsLogged { get; init; } = true;

    /// <summary>At the beginning: how often it came and was not written since the last entry. At the end: how long it lasted, milliseconds.</summary>
    public long Detail { get; init; }
}

/// <summary>Watches the tampers; what it finds is for the core to latch, log and act on.</summary>
public sealed class TamperPanel(ITamperInputs inputs, IReadOnlyList<TamperKind> kinds)
{
    private const int SlowMs = 1_000;
    private const int EntryEveryMs = 60_000;
    private readonly TamperDebounce[] _debounce = new TamperDebounce[kinds.Count];
    private readonly bool[] _seenActive = new bool[kinds.Count];
    private readonly Entry[] _entries = new Entry[kinds.Count];
    private TamperInputs _suspects;

    /// <summary>What was last written of a kind: when it may be written again, what was left out, and since when it is there.</summary>
    private record struct Entry(long NextMs, int Repeats, bool IsWritten, long SinceMs);

    public IReadOnlyList<TamperKind> Kinds => kinds;

    /// <summary>False while the meter is not in service: covers may be off, nothing is raised.</summary>
    public bool IsSensing { get; set; } = true;

    /// <summary>True while some input is neither settled off nor settled on: the core should look again soon.</summary>
    public bool IsUnsettled { get; private set; }

    /// <summary>What is active now.</summary>
    public TamperInputs Active { get; private set; }

    /// <summary>At start: what the hardware latch kept through the outage counts without debouncing, since nobody bounced it for us.</summary>
    public IEnumerable<TamperChange> OnStart(TamperInputs alreadyLatched)
    {
        foreach (TamperKind kind in kinds)
        {
            if (IsSensing && (inputs.Latched & kind.Input) != TamperInputs.None && (alreadyLatched & kind.Input) == TamperInputs.None)
                yield return new TamperChange(kind, Begins: true, WithoutMains: true);
        }
    }

    /// <summary>What happened is on record: the hardware latch may forget it. What is still open keeps it set.</summary>
    public void ForgetLatch() => inputs.ClearLatch();

    /// <summary>After a clear-tamper token: what is still open or present is a new tamper, found again by the same rules.</summary>
    public void Rearm()
    {
        inputs.ClearLatch();
        Array.Clear(_debounce);
        Array.Clear(_seenActive);
        Array.Clear(_entries);
        Active = _suspects = TamperInputs.None;
        IsUnsettled = inputs.Now != TamperInputs.None;
    }

    /// <summary>Looks at everything.</summary>
    /// <param name="nowMs">The monotonic clock.</param>
    /// <param name="signals">What sensors and registers say, beside the switches.</param>
    public List<TamperChange>? Poll(long nowMs, in TamperSignals signals)
    {
        TamperSignals all = IsSensing ? signals.And(TamperSignals.Switches(inputs.Now)) : default;
        if (all.IsQuiet && (Active | _suspects) == TamperInputs.None && !IsUnsettled) return null;
        return Look(all, nowMs);
    }

    private List<TamperChange>? Look(in TamperSignals signals, long nowMs)
    {
        List<TamperChange>? changes = null;
        bool unsettled = false;
        _suspects = TamperInputs.None;
        for (int i = 0; i < kinds.Count; i++)
        {
            TamperKind kind = kinds[i];
            if (kind.Actions == TamperActions.None) continue;
            _debounce[i] = After(_debounce[i], kind, signals, nowMs);
            if (_debounce[i].Phase is TamperPhase.Suspect) _suspects |= kind.Input;
            // What takes seconds to become a fact is looked at often enough every second.
            unsettled |= kind.OnMs < SlowMs && _debounce[i].Phase is (TamperPhase.Suspect or TamperPhase.Restoring);
            if (_debounce[i].IsActive == _seenActive[i]) continue;
            _seenActive[i] = _debounce[i].IsActive;
            Active = _seenActive[i] ? Active | kind.Input : Active & ~kind.Input;
            (changes ??= []).Add(Change(i, _seenActive[i], nowMs));
        }

        IsUnsettled = unsettled;
        return changes;
    }

    private static TamperDebounce After(TamperDebounce debounce, TamperKind kind, in TamperSignals signals, long nowMs)
    {
        if ((signals.Suspended & kind.Input) == TamperInputs.None)
        {
            TamperInputs level = debounce.IsActive ? signals.Hold : signals.Operate;
            return debounce.After((level & kind.Input) != TamperInputs.None, nowMs, kind.OnMs, kind.OffMs);
        }

        // Nothing can be said: a suspicion has to begin anew, a fact stays one.
        return debounce.Phase switch
        {
            TamperPhase.Suspect => new TamperDebounce(TamperPhase.Normal, nowMs),
            TamperPhase.Restoring => new TamperDebounce(TamperPhase.Active, nowMs),
            _ => debounce,
        };
    }

    /// <summary>One entry a minute and kind: a cover that flutters for a day must not push everything else out of the log.</summary>
    private TamperChange Change(int index, bool begins, long nowMs)
    {
        TamperKind kind = kinds[index];
        ref Entry entry = ref _entries[index];
        if (!begins) return new TamperChange(kind, Begins: false, WithoutMains: false) { IsLogged = entry.IsWritten, Detail = nowMs - kind.OffMs - entry.SinceMs + kind.OnMs };
        bool written = nowMs >= entry.NextMs;
        var change = new TamperChange(kind, Begins: true, WithoutMains: false) { IsLogged = written, Detail = written ? entry.Repeats : 0 };
        entry = new Entry(written ? nowMs + EntryEveryMs : entry.NextMs, written ? 0 : entry.Repeats + 1, written, nowMs);
        return change;
    }
}
