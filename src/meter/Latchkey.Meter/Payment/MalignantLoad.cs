namespace Latchkey.Meter.Payment;

/// <summary>When a load is malignant: a step of power that looks like a resistor, as kettles and heaters make in dormitories.</summary>
/// <param name="StepWatts">The least step; 0 looks for none.</param>
/// <param name="PowerFactorThousandths">The least power factor of the step itself.</param>
public readonly record struct MalignantSettings(int StepWatts, int PowerFactorThousandths);

/// <summary>What is known of the load, and whether it holds the supply off, as a value.</summary>
/// <remarks>
/// The step is judged by what it adds, active and reactive, over two looks a second or two apart, so that a motor's start current has passed and
/// what runs beside it does not count. After <see cref="MaxTrips"/> trips the customer must say that it is unplugged.
/// </remarks>
/// <param name="WattsBefore">Active power before the step.</param>
/// <param name="VarsBefore">Reactive power before the step.</param>
/// <param name="SuspectSinceMs">When the present step began, or -1.</param>
/// <param name="IsTripped">True while it holds the supply off.</param>
/// <param name="TrippedAtMs">When it last tripped.</param>
/// <param name="Trips">Trips that count.</param>
public readonly record struct MalignantLoad(long WattsBefore, long VarsBefore, long SuspectSinceMs, bool IsTripped, long TrippedAtMs, int Trips)
{
    public const int MaxTrips = 5;
    private const int ConfirmMs = 2_000;
    private const int WaitMs = 60_000;
    private const int ForgetMs = 30 * 60_000;

    public static MalignantLoad Idle { get; } = new(0, 0, -1, false, 0, 0);

    public bool IsLockedOut => IsTripped && Trips >= MaxTrips;

    /// <summary>After a second with so much power.</summary>
    public MalignantLoad After(long nowMs, long watts, long vars, in MalignantSettings settings)
    {
        if (settings.StepWatts <= 0) return Idle;
        if (IsTripped) return Trips < MaxTrips && nowMs - TrippedAtMs >= WaitMs ? this with { IsTripped = false, WattsBefore = 0, VarsBefore = 0, SuspectSinceMs = -1 } : this;
        MalignantLoad now = Trips > 0 && nowMs - TrippedAtMs >= ForgetMs ? this with { Trips = 0 } : this;
        if (!IsResistiveStep(watts - WattsBefore, vars - VarsBefore, settings)) return now with { WattsBefore = watts, VarsBefore = vars, SuspectSinceMs = -1 };
        if (SuspectSinceMs < 0) return now with { SuspectSinceMs = nowMs };
        return nowMs - SuspectSinceMs < ConfirmMs ? now : now with { IsTripped = true, TrippedAtMs = nowMs, Trips = now.Trips + 1, SuspectSinceMs = -1 };
    }

    // P / sqrt(P² + Q²) >= limit, without a root.
    private static bool IsResistiveStep(long watts, long vars, in MalignantSettings settings)
    {
        if (watts < settings.StepWatts) return false;
        Int128 p2 = (Int128)watts * watts, s2 = p2 + ((Int128)vars * vars);
        return p2 * 1_000_000 >= s2 * settings.PowerFactorThousandths * settings.PowerFactorThousandths;
    }
}
