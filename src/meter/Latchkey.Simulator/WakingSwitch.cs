using Latchkey.Meter.Control;
using Latchkey.Meter.Hal;

namespace Latchkey.Simulator;

/// <summary>The supply switch of a meter whose samples are skipped while nothing moves: wakes the sampling before a wish that needs it.</summary>
internal sealed class WakingSwitch(SupplySwitch inner, Action wake) : ISupplySwitch
{
    public SupplyPosition Position => inner.Position;

    public void Request(bool closed, SwitchUrgency urgency)
    {
        if (!inner.WouldAct(closed)) return;
        wake();
        inner.Request(closed, urgency);
    }

    public void RestoreLearning(ReadOnlySpan<byte> learning) => inner.RestoreLearning(learning);

    public bool TryTakeLearning(Span<byte> destination, out int length) => inner.TryTakeLearning(destination, out length);
}
