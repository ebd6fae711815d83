using System.Globalization;
using Latchkey.Meter.Hal;
using Latchkey.Meter.LoadSwitch;
using Latchkey.Metrology;

namespace Latchkey.Simulator.Physics;

/// <summary>Pictures of openings and of error curves, as SVG files.</summary>
public static class Gallery
{
    /// <summary>Writes every picture and an index page into a folder; returns the files.</summary>
    public static IReadOnlyList<string> Write(string folder)
    {
        Directory.CreateDirectory(folder);
        List<(string Name, string Svg)> pictures =
        [
            ("opening-80A-pf1", Opening("80 A, power factor 1, learned relay", new SpectralLoad(80), warmups: 5)),
            ("opening-80A-pf01", Opening("80 A, power factor 0.1: the gap needs time to hold", new SpectralLoad(80, Math.Acos(0.1)), warmups: 5)),
            ("opening-80A-first", Opening("80 A, first operation of an unknown relay: early on purpose", new SpectralLoad(80, 0.3), warmups: 0)),
            ("opening-40A-thd40", Opening("40 A, THD 40 %", new SpectralLoad(37, Math.Acos(0.8),
                new Harmonic(3, 0.3, 2.2), new Harmonic(5, 0.2, -1.1), new Harmonic(7, 0.15, 0.4)), warmups: 5)),
            ("opening-rectifier", Opening("Rectifier, 20 A class", new RectifierLoad(20), warmups: 5)),
            ("aim-cost", AimCost()),
            ("closing-80A", Closing("80 A resistive: the bounce straddles the voltage's zero", () => new ResistiveLoad(230 / 80.0), 4)),
            ("closing-transformer-first", Closing("Unloaded transformer, first make: at the zero its core saturates", () => new TransformerLoad(), 0)),
            ("closing-transformer-learned", Closing("Unloaded transformer, after two makes: at the voltage's peak", () => new TransformerLoad(), 3)),
            ("learning-curve", LearningCurve()),
            ("error-curves", ErrorCurves(MetrologyBench.Run(false, null).Curves)),
        ];
        foreach ((string name, string svg) in pictures) File.WriteAllText(Path.Combine(folder, name + ".svg"), svg);
        string page = string.Concat(pictures.Select(p => $"<h2>{p.Name}</h2>\n{p.Svg}"));
        File.WriteAllText(Path.Combine(folder, "index.html"), $"<!doctype html><meta charset=\"utf-8\"><title>Latchkey: openings and error curves</title>\n{page}");
        return [.. pictures.Select(p => Path.Combine(folder, p.Name + ".svg")), Path.Combine(folder, "index.html")];
    }

    /// <summary>One opening by the firmware: current, voltage across the contacts, the aim and the arc.</summary>
    public static string Opening(string title, LoadModel load, int warmups)
    {
        var rig = new SwitchRig(new() { Seed = 12 }, new LoadSwitchSettings { MaxAmps = 100 });
        rig.Circuit.Load = new SpectralLoad(20);
        rig.Run(1_300_000);
        for (int n = 0; n < warmups; n++)
        {
            rig.Switch(SwitchPosition.Open);
            rig.Switch(SwitchPosition.Closed);
        }

        rig.Circuit.Load = load;
        rig.Run(1_500_000);
        rig.TakeContactEvents();
        rig.TakeSwitchEvents();
        rig.Firmware.Request(SwitchPosition.Open);
        var tape = new Tape(rig);
        rig.Circuit.Run(700_000, tape);
        List<ContactEvent> events = rig.TakeContactEvents();
        ContactEvent parted = events.Single(e => e.Kind == ContactEventKind.Parted), ended = events.Single(e => e.Kind == ContactEventKind.Interrupted);
        SwitchEvent told = rig.TakeSwitchEvents().Last(e => e.Kind == SwitchEventKind.Opened);

        double zero = ended.TimeUs;
        double Ms(double us) => (us - zero) / 1000;
        var near = tape.Samples.Where(s => Math.Abs(Ms(s.TimeUs)) < 12).ToArray();
        double peak = Math.Max(near.Max(s => Math.Abs(s.Amps)), 1) * 1.1;
        string energy = ended.Joules.ToString("F3", CultureInfo.InvariantCulture);
        var chart = new SvgChart($"{title}: {energy} J", (-12, 12), (-peak, peak), "ms from the interruption", "A; V across the contacts");
        chart.Band(Ms(parted.TimeUs), Ms(ended.TimeUs), "#ff8c00", "arc");
        chart.Line("current", near.Select(s => (Ms(s.TimeUs), s.Amps)), "#1f6fb2");
        chart.Line("voltage across the contacts", near.Select(s => (Ms(s.TimeUs), s.Across)), "#2e8b57");
        chart.Mark(Ms(told.ContactUs - told.AimErrorUs), "planned parting", "#6a3d9a");
        chart.Mark(Ms(parted.TimeUs), "true parting", "#c8102e");
        return chart.ToString();
    }

    /// <summary>One make by the firmware: voltage, current, the aim, touch and bounce.</summary>
    public static string Closing(string title, Func<LoadModel> load, int warmups)
    {
        var rig = new SwitchRig(new() { Seed = 12, StartsClosed = false }, new LoadSwitchSettings { MaxAmps = 100 });
        rig.Run(1_300_000);
        for (int n = 0; n < warmups; n++)
        {
            rig.Circuit.Load = load();
            rig.Switch(SwitchPosition.Closed);
            rig.Circuit.Relay.Weld = WeldKind.None;
            rig.Circuit.Load = new SpectralLoad(1);
            rig.Switch(SwitchPosition.Open);
        }

        rig.Circuit.Load = load();
        rig.Run(1_500_000);
        rig.TakeContactEvents();
        rig.TakeSwitchEvents();
        rig.Firmware.Request(SwitchPosition.Closed);
        var tape = new Tape(rig);
        rig.Circuit.Run(700_000, tape);
        List<ContactEvent> events = rig.TakeContactEvents();
        ContactEvent touched = events.First(e => e.Kind == ContactEventKind.Touched), made = events.First(e => e.Kind == ContactEventKind.Made);
        SwitchEvent told = rig.TakeSwitchEvents().Last(e => e.Kind == SwitchEventKind.Closed);

        double Ms(double us) => (us - touched.TimeUs) / 1000;
        var near = tape.Samples.Where(s => Ms(s.TimeUs) is > -8 and < 32).ToArray();
        double peak = Math.Max(near.Max(s => Math.Abs(s.Amps)), 1) * 1.1;
        string figures = string.Create(CultureInfo.InvariantCulture, $"{made.Joules:F3} J, {made.PeakAmps:F1} A peak");
        var chart = new SvgChart($"{title}: {figures}", (-8, 32), (-peak, peak), "ms from the first touch", "A; V of the line, scaled");
        chart.Line("current", near.Select(s => (Ms(s.TimeUs), s.Amps)), "#1f6fb2");
        double highest = near.Max(s => Math.Abs(s.Volts));
        chart.Line("line voltage (scaled)", near.Select(s => (Ms(s.TimeUs), s.Volts / highest * peak * 0.9)), "#2e8b57", dashed: true);
        chart.Mark(Ms(told.ContactUs - told.AimErrorUs), "planned first touch", "#6a3d9a");
        chart.Mark(0, "true first touch", "#c8102e");
        chart.Band(0, new LoadSwitchSettings().BounceMs, "#ff8c00", "bounce");
        return chart.ToString();
    }

    /// <summary>Mean energy over the number of the operation, from a relay nobody knows.</summary>
    public static string LearningCurve()
    {
        OpeningTrial[] trials = [.. new OpeningPopulation(PhysicsParameters.Default, 42).Run(40, 24, OpeningStrategy.Learned, OpeningStrategy.Oracle, OpeningStrategy.Compensated)];
        var chart = new SvgChart("Learning: mean arc energy of 40 relays over the number of the operation", (1, 24), (0, 1), "operation", "J");
        foreach ((OpeningStrategy strategy, string name, string colour) in new[]
        {
            (OpeningStrategy.Learned, "the firmware", "#c8102e"), (OpeningStrategy.Oracle, "delay known beforehand", "#2e8b57"),
            (OpeningStrategy.Compensated, "compensated, nothing learned (above 1 J)", "#444444"),
        })
        {
            chart.Line(name, trials.Where(t => t.Strategy == strategy).GroupBy(t => t.Operation).OrderBy(g => g.Key).Select(g => ((double)g.Key, g.Average(t => t.Joules))), colour);
        }

        return chart.ToString();
    }

    /// <summary>Energy of parting at every instant, and its expectation over the uncertainty.</summary>
    public static string AimCost()
    {
        var profile = new CycleProfile();
        double phi = Math.Acos(0.5);
        profile.Fill(20_000, x => (325 * Math.Sin(2 * Math.PI * x), 80 * Math.Sqrt(2) * Math.Sin((2 * Math.PI * x) - phi)));
        var chart = new SvgChart("Aim at 80 A, power factor 0.5: energy over the instant of parting", (0, 20), (0, 20), "ms after the voltage's zero", "J");
        var aim = new OpeningAim();
        aim.Evaluate(profile, new ContactModel(), 0.15);
        double[] energy = aim.Energy.ToArray();
        chart.Line("parting exactly there", energy.Select((e, k) => (20.0 * k / energy.Length, e)));
        foreach ((double sigma, string colour) in new[] { (0.15, "#c8102e"), (0.9, "#6a3d9a") })
        {
            aim.Evaluate(profile, new ContactModel(), sigma);
            chart.Mark(20 * aim.Positive.Point / CycleProfile.Points, $"best aim, deviation {sigma.ToString(CultureInfo.InvariantCulture)} ms", colour);
        }

        return chart.ToString();
    }

    /// <summary>Error over current.</summary>
    public static string ErrorCurves(IReadOnlyList<ErrorPoint> points)
    {
        var chart = new SvgChart("Error of the registered energy", (0.004, 80), (-0.25, 0.25), "A", "%", logX: true);
        foreach (IGrouping<string, ErrorPoint> curve in points.GroupBy(p => p.Curve, StringComparer.Ordinal))
            chart.Line(curve.Key, curve.OrderBy(p => p.Amps).Select(p => (p.Amps, p.ErrorPercent)), dashed: curve.Key.StartsWith("ideal", StringComparison.Ordinal));
        return chart.ToString();
    }

    private sealed class Tape(SwitchRig rig) : ISampleSink
    {
        public List<(long TimeUs, double Amps, double Across, double Volts)> Samples { get; } = [];

        public void OnSample(in RawSample sample, long timeUs)
        {
            Samples.Add((timeUs, sample.I * 34e-6, (sample.V - sample.Lsv) * 60e-6, sample.V * 60e-6));
            rig.OnSample(sample, timeUs);
        }
    }
}
