namespace Latchkey.Metrology;

/// <summary>The foreground of three phases: frames into registers.</summary>
public sealed partial class PolyphaseMetrologyCore
{
    /// <summary>Books a frame.</summary>
    public void ApplyFrame(in PolyphaseFrame frame)
    {
        PhaseFrame p1 = PhaseFrame.From(frame.L1, _c1), p2 = PhaseFrame.From(frame.L2, _c2), p3 = PhaseFrame.From(frame.L3, _c3);
        _book1.Apply(p1, frame.L1.Samples, _c1);
        _book2.Apply(p2, frame.L2.Samples, _c2);
        _book3.Apply(p3, frame.L3.Samples, _c3);
        _book.Apply(PhaseFrame.Sum(p1, p2, p3, _reference), frame.L1.Samples, _c1);
        _pulse.Block(_book.Registers.IsCreepBlocked);
        Check(frame.L1, _book1);
        Check(frame.L2, _book2);
        Check(frame.L3, _book3);
        long residual = Rms(frame.ResidualV2, frame.L1.Samples, _c1.VoltagePicovolts) / 1000;
        _supply.Look(_book1.Registers.VoltageMillivolts, _book2.Registers.VoltageMillivolts, _book3.Registers.VoltageMillivolts, residual);
        Registers = Told() with
        {
            IsClockwise = frame.IsClockwise,
            ResidualMillivolts = residual,
            SumOfCurrentsMicroamps = Rms(frame.ResidualI2, frame.L1.Samples, _c1.CurrentPicoamps),
        };
    }

    /// <summary>What must survive a power cut of the billed sum.</summary>
    public MetrologyState Save() => _book.Save();

    /// <summary>What must survive a power cut, the phases' own energies included.</summary>
    public PolyphaseState SavePhases() => new(_book.Save(), _book1.Save(), _book2.Save(), _book3.Save());

    /// <summary>Continues from saved registers of the sum; the phases' own begin at zero.</summary>
    public void Restore(in MetrologyState state) => Restore(new PolyphaseState(state, default, default, default));

    /// <summary>Continues from saved registers.</summary>
    public void Restore(in PolyphaseState state)
    {
        _book.Restore(state.Total, _c1);
        _book1.Restore(state.L1, _c1);
        _book2.Restore(state.L2, _c2);
        _book3.Restore(state.L3, _c3);
        Registers = Told();
    }

    /// <summary>What the self-checks have found since start.</summary>
    public MetrologyFaults Faults => _checks.Faults;

    /// <summary>Watches an image from now on: a round every 24 hours, a piece a frame.</summary>
    public void WatchImage(ReadOnlyMemory<byte> image) => _checks.Image = new ImageWatch(image);

    private void Check(in FrameSums sums, EnergyBook book) =>
        _checks.OnBooked(sums, book.Registers, book.AgreesWithPower, book.Registers.SampleCount);

    private PolyphaseRegisters Told() => new()
    {
        Total = _book.Registers,
        L1 = _book1.Registers,
        L2 = _book2.Registers,
        L3 = _book3.Registers,
        MissingPhases = _supply.Missing,
        IsNeutralLost = _supply.IsNeutralLost,
    };

    private FrameSums Read(WaveformTape? tape, in FrameSums frame, in Calibration calibration) =>
        tape is null ? frame : tape.Read(frame, _pendingStartQ16, _sampleIndex, calibration.CurrentLagQ16);

    // Micro-units; the phases' scales differ by the gains of their front ends, too little to matter against the limits.
    private static long Rms(long squares, int samples, long picoPerCount) =>
        FrameMath.ToMicro(FrameMath.RootMeanSquareQ16(squares, (long)samples << 16), picoPerCount);
}
