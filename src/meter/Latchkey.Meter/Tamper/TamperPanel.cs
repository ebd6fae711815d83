using Latchkey.Meter.Hal;

namespace Latchkey.Meter.Tamper;

/// <summary>Something that a tamper input did.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Begins">True when it became a fact, false when it was over.</param>
/// <param name="WithoutMains">True when the hardware latch tells of it and the meter did not see it happen.</param>
public readonly record struct TamperChange(TamperKind Kind, bool Begins, bool WithoutMains);

/// <summary>Watches the tamper inputs; what it finds is for the core to latch, log and act on.</summary>
public sealed class TamperPanel(ITamperInputs inputs, IReadOnlyList<TamperKind> kinds)
{
    private const int SlowMs = 1_000;
    private readonly TamperDebounce[] _debounce = new TamperDebounce[kinds.Count];
    private readonly bool[] _seenActive = new bool[kinds.Count];

    /// <summary>True while some input is neither settled off nor settled on: the core should look again soon.</summary>
    public bool IsUnsettled { get; private set; }

    /// <summary>What is active now.</summary>
    public TamperInputs Active { get; private set; }

    /// <summary>At start: what the hardware latch kept through the outage counts without debouncing, since nobody bounced it for us.</summary>
    public IEnumerable<TamperChange> OnStart(TamperInputs alreadyLatched)
    {
        foreach (TamperKind kind in kinds)
        {
            if ((inputs.Latched & kind.Input) != TamperInputs.None && (alreadyLatched & kind.Input) == TamperInputs.None)
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
        Active = TamperInputs.None;
        IsUnsettled = inputs.Now != TamperInputs.None;
    }

    /// <summary>Looks at the inputs.</summary>
    /// <param name="nowMs">The monotonic clock.</param>
    /// <param name="electrical">What the registers say, beside the switches and sensors.</param>
    public List<TamperChange>? Poll(long nowMs, TamperInputs electrical)
    {
        TamperInputs now = inputs.Now | electrical;
        if (now == TamperInputs.None && Active == TamperInputs.None && !IsUnsettled) return null;
        return Look(now, nowMs);
    }

    private List<TamperChange>? Look(TamperInputs now, long nowMs)
    {
        List<TamperChange>? changes = null;
        bool unsettled = false;
        for (int i = 0; i < kinds.Count; i++)
        {
            TamperKind kind = kinds[i];
            _debounce[i] = _debounce[i].After((now & kind.Input) != TamperInputs.None, nowMs, kind.OnMs, kind.OffMs);
            // What takes seconds to become a fact is looked at often enough every second.
            unsettled |= kind.OnMs < SlowMs && _debounce[i].Phase is (TamperPhase.Suspect or TamperPhase.Restoring);
            if (_debounce[i].IsActive == _seenActive[i]) continue;
            _seenActive[i] = _debounce[i].IsActive;
            Active = _seenActive[i] ? Active | kind.Input : Active & ~kind.Input;
            (changes ??= []).Add(new TamperChange(kind, _seenActive[i], WithoutMains: false));
        }

        IsUnsettled = unsettled;
        return changes;
    }
}
