namespace Latchkey.Simulator.Physics;

/// <summary>The supply: a sine with harmonics whose frequency, voltage and phase may be changed while it runs.</summary>
public sealed class Mains
{
    private double _anchorSeconds;
    private double _anchorPhase;
    private double _volts;
    private bool _isOn = true;
    private IReadOnlyList<Harmonic> _harmonics = [];

    /// <summary>A supply at a voltage and frequency.</summary>
    public Mains(double volts = 230, double hertz = 50, double phaseRadians = 0)
    {
        _volts = volts;
        Hertz = hertz;
        _anchorPhase = phaseRadians;
    }

    /// <summary>Fundamental, rms.</summary>
    public double Volts
    {
        get => _volts;
        set => Change(ref _volts, value);
    }

    /// <summary>Frequency; change it with <see cref="SetFrequency"/> so that the phase stays continuous.</summary>
    public double Hertz { get; private set; }

    /// <summary>False while the supply is cut.</summary>
    public bool IsOn
    {
        get => _isOn;
        set => Change(ref _isOn, value);
    }

    /// <summary>Harmonics on top of the fundamental.</summary>
    public IReadOnlyList<Harmonic> Harmonics
    {
        get => _harmonics;
        set => Change(ref _harmonics, value);
    }

    /// <summary>Called before anything here changes.</summary>
    internal Action? Changing { get; init; }

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

    private void Change<T>(ref T field, T value)
    {
        Changing?.Invoke();
        field = value;
    }

    private void Anchor(double seconds)
    {
        Changing?.Invoke();
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
