using Latchkey.Meter.Hal;
using Latchkey.Metrology;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator;

/// <summary>What hands and the world do to the meter that it should notice, or should not.</summary>
public sealed partial class VirtualMeter
{
    private readonly Integrity _integrity = new();
    private const long KnockUs = 50_000;
    private Magnet? _magnet;

    /// <summary>The magnet near the meter. It reaches sensors, transformers and relay as far as its field does.</summary>
    public Magnet? Magnet
    {
        get => _magnet;
        set
        {
            Guard(Settle);
            _magnet = _tamper.Magnet = value;
            Feel(value);
            Touch(TamperInputs.None, present: false);
        }
    }

    /// <summary>True once the calibration block is not what was sealed any more.</summary>
    public bool CalibrationDamaged { get => !_integrity.IsCalibrationIntact; set => _integrity.IsCalibrationIntact = !value; }

    /// <summary>The hash the type approval names; another one than that of the image that runs is a meter with foreign metrology.</summary>
    public string ApprovedMetrologyHash { get => _integrity.ApprovedMetrologyHash; set => _integrity.ApprovedMetrologyHash = value; }

    /// <summary>Asks the meter to empty a log, as an officer at its interface would.</summary>
    public bool ClearLog(bool fraud)
    {
        bool done = false;
        WithCore(core => done = core.ClearLog(fraud, Time()));
        return done;
    }

    /// <summary>Changes what the sensors of a phase make of the truth. Counts from now on.</summary>
    public void Meddle(Func<SensorView, SensorView> change, int phase = 0) => Disturb(circuit => circuit.Sensors = change(circuit.Sensors), phase);

    // One phase is measured over a shunt and its neutral through a transformer; three phases through transformers.
    private void Feel(Magnet? magnet)
    {
        double gain = magnet?.TransformerGain ?? 1;
        bool single = _options.Profile.Phases == 1;
        for (int i = 0; i < _lines.Circuits.Length; i++)
        {
            Meddle(s => s with { PhaseShare = single ? 1 : gain, NeutralShare = gain, InducedAmps = single ? magnet?.InducedAmps ?? 0 : 0 }, i);
            if (magnet is not { Hertz: 0 } || !IsRunning) continue;
            _lines.SkipTo(_nowUs);
            _lines.Circuits[i].ExposeToField(magnet.FieldTesla(Magnet.RelayDepthMm) * 1_000, seconds: 1);
        }

        // A relay that was knocked arcs and bounces for a while.
        if (IsRunning && !_lines.IsAtRest) Guard(() => RunSamples(_nowUs + KnockUs));
    }

    private sealed class Integrity : IIntegrityProbe
    {
        private static readonly Lazy<string> Image = new(() => MetrologyIdentity.Hash);

        public string MetrologyHash => Image.Value;

        public string ApprovedMetrologyHash { get; set; } = Image.Value;

        public bool IsCalibrationIntact { get; set; } = true;
    }
}
