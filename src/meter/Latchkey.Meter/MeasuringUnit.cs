using Latchkey.Metrology;

namespace Latchkey.Meter;

/// <summary>The measuring core under the meter, of one phase or of three: frames in, registers out.</summary>
public abstract class MeasuringUnit
{
    /// <summary>1 or 3.</summary>
    public abstract int Phases { get; }

    /// <summary>Energies and total power; voltage, frequency and the rest are those of the reference phase.</summary>
    public abstract MetrologyRegisters Registers { get; }

    /// <summary>Whether the verification LED is lit.</summary>
    public abstract bool IsPulseLit { get; }

    public static MeasuringUnit Of(MetrologyCore core) => new SinglePhase(core);

    public static MeasuringUnit Of(PolyphaseMetrologyCore core) => new ThreePhase(core);

    /// <summary>Voltage, current and power of one phase, 0 to <see cref="Phases"/> - 1, with its own energies since the start.</summary>
    public abstract MetrologyRegisters Phase(int index);

    /// <summary>Books a frame; a single-phase unit reads its first phase only.</summary>
    public abstract void ApplyFrame(in PolyphaseFrame frame);

    public abstract MetrologyState Save();

    public abstract void Restore(in MetrologyState state);

    private sealed class SinglePhase(MetrologyCore core) : MeasuringUnit
    {
        public override int Phases => 1;

        public override MetrologyRegisters Registers => core.Registers;

        public override bool IsPulseLit => core.IsPulseLit;

        public override MetrologyRegisters Phase(int index) => core.Registers;

        public override void ApplyFrame(in PolyphaseFrame frame) => core.ApplyFrame(frame.L1);

        public override MetrologyState Save() => core.Save();

        public override void Restore(in MetrologyState state) => core.Restore(state);
    }

    private sealed class ThreePhase(PolyphaseMetrologyCore core) : MeasuringUnit
    {
        public override int Phases => 3;

        public override MetrologyRegisters Registers => core.Registers.Total;

        public override bool IsPulseLit => core.IsPulseLit;

        public override MetrologyRegisters Phase(int index) => index switch
        {
            0 => core.Registers.L1,
            1 => core.Registers.L2,
            _ => core.Registers.L3,
        };

        public override void ApplyFrame(in PolyphaseFrame frame) => core.ApplyFrame(frame);

        public override MetrologyState Save() => core.Save();

        public override void Restore(in MetrologyState state) => core.Restore(state);
    }
}
