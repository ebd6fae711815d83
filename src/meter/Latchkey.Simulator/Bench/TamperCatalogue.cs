using Latchkey.Meter;
using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Tamper;
using Latchkey.Simulator.Loads;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Bench;

/// <summary>Every attack and every harmless thing that the matrix tries.</summary>
internal static class TamperCatalogue
{
    private static readonly MeterProfile One = MeterProfile.Kpm31;
    private static readonly MeterProfile Three = MeterProfile.Kpm33;

    public static IReadOnlyList<TamperAttack> Attacks { get; } =
    [
        new("meter cover opened", One, EventCode.MeterCoverOpened, 100, (rig, _) => rig.Meter.MeterCoverOpen = true) { Reaction = Off },
        new("terminal cover opened", One, EventCode.TerminalCoverOpened, 200, (rig, _) => rig.Meter.TerminalCoverOpen = true) { Reaction = Off },
        new("meter cover opened and closed without mains", One, EventCode.MeterCoverOpened, 6_000, (rig, _) => InTheDark(rig, meterCover: true)) { Reaction = Off },
        new("terminal cover opened and closed without mains", One, EventCode.TerminalCoverOpened, 6_000, (rig, _) => InTheDark(rig, meterCover: false)) { Reaction = Off },
        new("magnet at the case", One, EventCode.StrongFieldFound, 5_000, (rig, draw) => rig.Meter.Magnet = new Magnet(5 + (40 * draw)) { Direction = Towards(draw) }),
        new("magnet on transformers", Three, EventCode.StrongFieldFound, 5_000, (rig, draw) => rig.Meter.Magnet = new Magnet(40 * draw)),
        new("coil on the mains at the case", One, EventCode.AlternatingField, 5_000, (rig, draw) => rig.Meter.Magnet = new Magnet(20) { Hertz = draw < 0.5 ? 50 : 60, Strength = 0.05 + (0.1 * draw) }),
        new("part of the load round the phase sensor", One, EventCode.Bypass, 300_000, (rig, draw) => rig.Meter.Disturb(c => c.PhaseShare = 0.4 * draw)),
        new("return through the earth", One, EventCode.Bypass, 300_000, (rig, draw) => rig.Meter.Meddle(s => s with { NeutralShare = 0.4 * draw })),
        new("neutral missing", One, EventCode.MissingVoltage, 60_000, (rig, draw) => rig.Meter.Meddle(s => s with { VoltageShare = 0.15 * draw })),
        new("voltage tap of one phase open", Three, EventCode.CurrentWithoutVoltage, 60_000, (rig, draw) => rig.Meter.Meddle(s => s with { VoltageShare = 0.2 * draw }, phase: 1)),
        new("current sensor of one phase shorted", Three, EventCode.MissingCurrent, 300_000, (rig, _) => rig.Meter.Meddle(s => s with { PhaseShare = 0.0005 }, phase: 2)),
        new("current reversed", One, EventCode.CurrentReversed, 10_000, (rig, draw) => rig.Meter.Meddle(s => s with { PhaseShare = -1 })),
        new("current of one phase reversed", Three, EventCode.CurrentReversed, 10_000, (rig, _) => rig.Meter.Meddle(s => s with { PhaseShare = -1 }, phase: 1)),
        new("phase lost", Three, EventCode.PhaseLoss, 10_000, (rig, _) => rig.Meter.Disturb(c => c.Mains.IsOn = false, phase: 2)) { Prepare = rig => rig.Live(0) },
        new("phases in the wrong order", Three, EventCode.PhaseSequence, 60_000, (rig, _) => Swap(rig)),
        new("supply's neutral lost", Three, EventCode.ShiftedNeutral, 60_000, (rig, draw) => Shift(rig, draw)),
        new("direct voltage on the neutral", One, EventCode.NeutralDisturbance, 60_000, (rig, draw) => rig.Meter.Meddle(s => s with { DirectVolts = 20 + (30 * draw) })),
        new("far too high voltage", Three, EventCode.NeutralDisturbance, 60_000, (rig, _) => rig.Meter.Disturb(c => c.Mains.Volts = 353)),
        new("resets by static electricity", One, EventCode.Jamming, 60_000, (rig, draw) => Jam(rig, times: 4 + (int)(4 * draw))),
        new("generator behind the open switch", One, EventCode.LoadSideVoltage, 5_000, (rig, draw) => rig.Meter.Disturb(c => c.BackfeedVolts = 120 + (110 * draw)))
        {
            Prepare = rig => rig.Run(15),
            Reaction = "logged, told; closing blocked",
        },
        new("switch welded", One, EventCode.SwitchWelded, 30_000, (rig, _) => Weld(rig)),
        new("clock set back", One, EventCode.ClockStep, 1_000, (rig, draw) => rig.Meter.ClockErrorSeconds = -(long)(121 + (86_400 * draw))) { Reaction = "logged" },
        new("clock set forward", One, EventCode.ClockStep, 1_000, (rig, draw) => rig.Meter.ClockErrorSeconds = (long)(121 + (86_400 * draw))) { Reaction = "logged" },
        new("foreign metrology", One, EventCode.IntegrityFault, 6_000, (rig, _) => Restart(rig, m => m.ApprovedMetrologyHash = new string('0', 64))) { Reaction = Off },
        new("calibration changed", One, EventCode.IntegrityFault, 6_000, (rig, _) => Restart(rig, m => m.CalibrationDamaged = true)) { Reaction = Off },
        new("tokens guessed", One, EventCode.TokenGuessing, 15_000, (rig, _) => Guess(rig)) { Reaction = "logged, told; keypad locked" },
    ];

    public static IReadOnlyList<BenignCase> Benign { get; } =
    [
        new("lightning: a pulse of field, a dip, a restart", One, (rig, draw) => Lightning(rig, draw)),
        new("motor start: six times the current, a sag", One, (rig, draw) => MotorStart(rig, draw)),
        new("a neighbour's magnet at 1 m, for an hour", One, (rig, _) => { rig.Meter.Magnet = new Magnet(1_000); rig.Run(3_600); }),
        new("a magnetised screwdriver, 2 s", One, (rig, _) => { rig.Meter.Magnet = new Magnet(10) { Strength = 0.2 }; rig.Run(2); rig.Meter.Magnet = null; }),
        new("dips to 40 %, half a second", One, (rig, draw) => Repeated(rig, 20, draw, c => c.Mains.Volts = 92, 0.5)),
        new("swells to 120 %, a minute", One, (rig, draw) => Repeated(rig, 3, draw, c => c.Mains.Volts = 276, 60)),
        new("swells on three phases", Three, (rig, draw) => Repeated(rig, 3, draw, c => c.Mains.Volts = 276, 60)),
        new("interruptions of 200 ms", One, (rig, draw) => Interruptions(rig, draw)),
        new("fast transients: two restarts", One, (rig, _) => { rig.Meter.Upset(); rig.Run(40); rig.Meter.Upset(); rig.Run(60); }),
        new("sun on one phase, the meter told of it", Three, (rig, draw) => Sun(rig, draw)) { Policy = TamperPolicy.Default.With(TamperInputs.ReverseFlow, TamperActions.None) },
        new("all of the load on one of three phases", Three, (rig, _) => OnOnePhase(rig)),
        new("leakage of 100 mA", One, (rig, _) => { rig.Meter.Load = new ConstantLoad(100); rig.Meter.Meddle(s => s with { NeutralShare = 0.77 }); rig.Run(900); }),
        new("summer time and a clock that drifts", One, (rig, _) => { for (int i = 0; i < 30; i++) { rig.Meter.ClockErrorSeconds += 30; rig.Run(60); } }),
        new("the supply switched off and on by hand ten times", One, (rig, _) => { for (int i = 0; i < 10; i++) { rig.Meter.MainsOn = false; rig.Run(20); rig.Meter.MainsOn = true; rig.Run(40); } }),
        new("two wrong tokens", One, (rig, _) => { Wrong(rig); Wrong(rig); rig.Run(60); }),
    ];

    private const string Off = "logged, told; supply off until a clear-tamper token";

    private static (double X, double Y, double Z) Towards(double draw) => (Math.Cos(draw * 6), Math.Sin(draw * 6) * 0.6, Math.Sin(draw * 6) * 0.8);

    private static void InTheDark(TamperRig rig, bool meterCover)
    {
        rig.Meter.MainsOn = false;
        rig.Run(120);
        if (meterCover) rig.Meter.MeterCoverOpen = true;
        else rig.Meter.TerminalCoverOpen = true;
        rig.Run(60);
        if (meterCover) rig.Meter.MeterCoverOpen = false;
        else rig.Meter.TerminalCoverOpen = false;
        rig.Run(60);
        rig.Meter.MainsOn = true;
    }

    private static void Swap(TamperRig rig)
    {
        // L2 goes where L3 was and the other way round: a third of a turn each.
        double now = rig.Meter.Circuit.NowUs * 1e-6;
        rig.Meter.Disturb(c => c.Mains.JumpPhase(-2 * Math.PI / 3, now), phase: 1);
        rig.Meter.Disturb(c => c.Mains.JumpPhase(2 * Math.PI / 3, now), phase: 2);
    }

    private static void Shift(TamperRig rig, double draw)
    {
        rig.Meter.Disturb(c => c.Mains.Volts = 300 + (40 * draw), phase: 0);
        rig.Meter.Disturb(c => c.Mains.Volts = 150 - (40 * draw), phase: 1);
    }

    private static void Jam(TamperRig rig, int times)
    {
        for (int i = 0; i < times; i++)
        {
            rig.Meter.Upset();
            rig.Run(5);
        }
    }

    private static void Weld(TamperRig rig)
    {
        rig.Meter.Disturb(c => c.Relay.Weld = WeldKind.Hard);
        rig.Meter.MeterCoverOpen = true;
    }

    private static void Restart(TamperRig rig, Action<VirtualMeter> change)
    {
        rig.Meter.MainsOn = false;
        rig.Run(30);
        change(rig.Meter);
        rig.Meter.MainsOn = true;
    }

    private static void Guess(TamperRig rig)
    {
        for (int i = 0; i < 3; i++) Wrong(rig);
        rig.Run(11);
        Wrong(rig);
    }

    private static void Wrong(TamperRig rig)
    {
        using var other = new TestMint(keySeed: 99);
        rig.Enter(other.Credit(1_000));
        rig.Run(4);
    }

    private static void Lightning(TamperRig rig, double draw)
    {
        rig.Meter.Magnet = new Magnet(20) { Strength = 0.5 };
        rig.Run(0.04);
        rig.Meter.Magnet = null;
        rig.Meter.Disturb(c => c.Mains.Volts = 60);
        rig.Run(0.1 + (0.2 * draw));
        rig.Meter.Disturb(c => c.Mains.Volts = 230);
        rig.Meter.Upset();
        rig.Run(60);
    }

    private static void MotorStart(TamperRig rig, double draw)
    {
        for (int i = 0; i < 5; i++)
        {
            rig.Meter.Load = new ConstantLoad(4_000, 0.3);
            rig.Meter.Disturb(c => c.Mains.Volts = 195);
            rig.Run(1 + (4 * draw));
            rig.Meter.Disturb(c => c.Mains.Volts = 230);
            rig.Meter.Load = new ConstantLoad(2_000, 0.85);
            rig.Run(120);
        }
    }

    private static void Repeated(TamperRig rig, int times, double draw, Action<PowerCircuit> change, double seconds)
    {
        for (int i = 0; i < times; i++)
        {
            for (int p = 0; p < rig.Meter.Profile.Phases; p++) rig.Meter.Disturb(change, p);
            rig.Run(seconds);
            for (int p = 0; p < rig.Meter.Profile.Phases; p++) rig.Meter.Disturb(c => c.Mains.Volts = 230, p);
            rig.Run(5 + (20 * draw));
        }
    }

    private static void Interruptions(TamperRig rig, double draw)
    {
        for (int i = 0; i < 10; i++)
        {
            rig.Meter.MainsOn = false;
            rig.Run(0.2);
            rig.Meter.MainsOn = true;
            rig.Run(3 + (10 * draw));
        }
    }

    // Energy goes back on one phase and lifts its voltage, all day.
    private static void Sun(TamperRig rig, double draw)
    {
        rig.Meter.Disturb(c => c.Mains.Volts = 245 + (8 * draw));
        rig.Meter.Meddle(s => s with { PhaseShare = -1, NeutralShare = -1 });
        rig.Run(3_600 * 4);
    }

    private static void OnOnePhase(TamperRig rig)
    {
        for (int p = 1; p < 3; p++) rig.Meter.Meddle(s => s with { PhaseShare = 0, NeutralShare = 0 }, p);
        rig.Run(3_600);
    }
}
