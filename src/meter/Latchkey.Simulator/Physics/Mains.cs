namespace Latchkey.Simulator.Physics;

/// <summary>The supply: a sine with harmonics whose frequency, voltage and phase may be changed while it runs.</summary>
public sealed class Mains
{
    private double _anchorSeconds;
    private double _anchorPhase;

    /// <summary>A supply at a voltage and frequency.</summary>
    public Mains(double volts = 230, double hertz = 50, double phaseRadians = 0)
    {
        Volts = volts;
        Hertz = hertz;
        _anchorPhase = phaseRadians;
    }

    /// <summary>Fundamental, rms.</summary>
    public double Volts { get; set; }

    /// <summary>Frequency; change it with <see cref="SetFrequency"/> so that the phase stays continuous.</summary>
    public double Hertz { get; private set; }

    /// <summary>False while the supply is cut.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>Harmonics on top of the fundamental.</summary>
    public IReadOnlyList<Harmonic> Harmonics { get; set; } = [];

    /// <summary>Changes the frequency from an instant on, without a step in phase.</summary>
    public void SetFrequency(double hertz, double atSeconds)
    {
        Anchor(atSeconds);
        Hertz = hertz;
    }

    /// <summary>Shifts the phase at an instant: a vector jump.</summary>
    public void JumpPhase(double radians, double atSeconds)
    {
        Anchor(atSeconds);
        _anchorPhase += radians;
    }

    /// <summary>The supply at an instant.</summary>
    public MainsPoint At(double seconds)
    {
        double phase = PhaseAt(seconds);
        return new(seconds, phase, IsOn ? Waveform(phase) : 0);
    }

    private double PhaseAt(double seconds) => _anchorPhase + (2 * Math.PI * Hertz * (seconds - _anchorSeconds));

    private void Anchor(double seconds)
    {
        // Wrapped, so that a year of virtual time does not eat the precision of the phase.
        _anchorPhase = Math.IEEERemainder(PhaseAt(seconds), 2 * Math.PI);
        _anchorSeconds = seconds;
    }

    private double Waveform(double phase)
    {
        double shape = Math.Sin(phase);
        for (int k = 0; k < Harmonics.Count; k++)
            shape += Harmonics[k].Share * Math.Sin((Harmonics[k].Order * phase) - Harmonics[k].LagRadians);
        return Volts * Math.Sqrt(2) * shape;
    }
}
