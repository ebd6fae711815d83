namespace Latchkey.Simulator.Physics;

/// <summary>How contacts hold together that should part.</summary>
public enum WeldKind
{
    None = 0,

    /// <summary>An opening pulse breaks it with some probability.</summary>
    Light = 1,

    /// <summary>No pulse breaks it.</summary>
    Hard = 2,
}

/// <summary>One relay of the population: its spread, its age and its faults. The firmware sees none of this.</summary>
public sealed class RelayUnit
{
    private readonly PhysicsParameters _physics;
    private readonly Chance _chance;
    private double _micrograms;

    public RelayUnit(PhysicsParameters physics, Chance chance, double age = 0, double? spread = null)
    {
        _physics = physics;
        _chance = chance;
        _micrograms = age * physics.Wear.EndOfLifeMicrograms;
        CoilParameters c = physics.Coil;
        Spread = spread ?? Math.Clamp(chance.Normal(1, c.UnitSpread), c.UnitLowest, c.UnitHighest);
    }

    /// <summary>Factor of this unit on the operate time.</summary>
    public double Spread { get; }

    /// <summary>Share of the rated erosion that has been used up; above 1 at the end of life.</summary>
    public double Age => Math.Min(_micrograms / _physics.Wear.EndOfLifeMicrograms, 2);

    /// <summary>Charge that arcs have carried, coulomb, both signs added.</summary>
    public double ArcCharge { get; private set; }

    /// <summary>Charge with the sign of the current: material moves one way with one polarity.</summary>
    public double SignedArcCharge { get; private set; }

    public WeldKind Weld { get; set; }

    public bool HasStuckArmature { get; set; }

    public bool HasBrokenCoil { get; set; }

    /// <summary>From the start of the pulse to the contact instant, milliseconds; null when the armature does not move.</summary>
    public OperateTime? Operate(bool close, double coilVolts, double celsius) =>
        Expected(close, coilVolts, celsius) is { } o ? o with { ContactMs = Math.Max(o.ContactMs + _chance.Normal(0, _physics.Coil.JitterMs), 0.1) } : null;

    /// <summary>The operate time without the jitter of the single operation: what an oracle would know.</summary>
    public OperateTime? Expected(bool close, double coilVolts, double celsius)
    {
        CoilParameters c = _physics.Coil;
        double ratio = coilVolts / c.NominalVolts;
        double resistance = 1 + (c.CopperPerKelvin * (celsius - 20));
        if (HasStuckArmature || HasBrokenCoil || ratio <= c.BreakawayShare * resistance) return null;

        double drive = (1.25 * ratio / resistance) - 0.25;
        double timeConstant = c.TimeConstantMs / resistance;
        double breakaway = -timeConstant * Math.Log(1 - (c.BreakawayShare * resistance / ratio));
        double travel = (close ? c.CloseTravelMs : c.OpenTravelMs) * (1 + (c.ColdPerKelvin * Math.Max(0, 20 - celsius))) / Math.Sqrt(drive);
        double age = Math.Min(Age, 1);
        double shift = age * (close ? c.AgeCloseShiftMs : c.AgeOpenShiftMs);
        double contact = ((breakaway + travel) * Spread * (1 + (c.AgeSlowing * age))) + shift;
        return new(contact, breakaway + (c.CommittedShare * travel));
    }

    /// <summary>Books an arc.</summary>
    public void Erode(double charge, double signedCharge)
    {
        ArcCharge += charge;
        SignedArcCharge += signedCharge;
        _micrograms += _physics.Wear.MicrogramsPerCoulomb * charge;
    }

    /// <summary>Whether a make with this bounce energy welds the contacts.</summary>
    public WeldKind WeldAfterMake(double bounceJoules, double prospectiveAmps)
    {
        WearParameters w = _physics.Wear;
        double limit = (w.WeldJoulesNew + ((w.WeldJoulesAged - w.WeldJoulesNew) * Math.Min(Age, 1))) * _chance.Normal(1, w.WeldSpread);
        if (bounceJoules <= limit && prospectiveAmps <= w.CertainWeldAmps) return WeldKind.None;
        return _chance.Happens(w.LightWeldShare) ? WeldKind.Light : WeldKind.Hard;
    }

    /// <summary>A current through closed contacts that may lift and weld them, rms.</summary>
    public void Carry(double amps)
    {
        if (amps <= _physics.Wear.CarryWeldAmps || Weld != WeldKind.None) return;
        Weld = _chance.Happens(_physics.Wear.LightWeldShare) ? WeldKind.Light : WeldKind.Hard;
    }

    /// <summary>Whether an opening pulse parts the contacts in spite of a weld.</summary>
    public bool BreaksWeld(double coilVolts)
    {
        WearParameters w = _physics.Wear;
        bool strong = coilVolts >= w.HighVoltageRatio * _physics.Coil.NominalVolts;
        bool breaks = Weld == WeldKind.None
            || (Weld == WeldKind.Light && _chance.Happens(strong ? w.LightWeldBreaksAtHighVoltage : w.LightWeldBreaks));
        if (breaks) Weld = WeldKind.None;
        return breaks;
    }
}

/// <summary>When the contacts part or touch, and how long the pulse must last for the armature not to fall back.</summary>
public readonly record struct OperateTime(double ContactMs, double ShortestPulseMs);
