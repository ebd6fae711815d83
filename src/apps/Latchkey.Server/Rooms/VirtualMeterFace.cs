using Latchkey.Meter;
using Latchkey.Server.Portal.Meters;
using Latchkey.Simulator;

namespace Latchkey.Server.Rooms;

/// <summary>What one virtual meter shows, and what hands do to it. The caller keeps others away meanwhile: a virtual meter serves one thread at a time.</summary>
public static class VirtualMeterFace
{
    private const long MilliwattSecondsPerKilowattHour = 3_600_000_000;

    /// <param name="speed">World seconds per second of the reader: the verification lamp flashes that much faster.</param>
    public static FaceView Look(VirtualMeter meter, double speed)
    {
        MeterSnapshot now = meter.Snapshot;
        long milliwatts = meter.MainsOn ? Math.Abs(now.Registers.ActiveMilliwatts) : 0;
        double pulses = (double)milliwatts * meter.Profile.ImpulsesPerKwh / MilliwattSecondsPerKilowattHour * speed;

        // The lamp's own state is sampled too seldom to mean anything; the page flashes it at the rate instead.
        return new FaceView(
            now.Model, RatingOf(meter.Profile), now.Pan.ToString(), meter.Face with { PulseLed = false }, Math.Round(pulses, 2), meter.MainsOn, meter.MeterCoverOpen, meter.TerminalCoverOpen,
            meter.MagnetPresent, meter.Module is { } module ? ModuleNames.Of(module.Kind) : null);
    }

    public static MetrologyLine Identity(VirtualMeter meter) => new(meter.Snapshot.MetrologyVersion, VirtualMeter.MetrologyHash);

    public static void Move(VirtualMeter meter, FacePart part, bool on)
    {
        switch (part)
        {
            case FacePart.MeterCover: meter.MeterCoverOpen = on; break;
            case FacePart.TerminalCover: meter.TerminalCoverOpen = on; break;
            case FacePart.Magnet: meter.MagnetPresent = on; break;
            case FacePart.Mains: meter.MainsOn = on; break;
            case FacePart.Module when !on: meter.RemoveModule(); break;
            default: throw new ArgumentOutOfRangeException(nameof(part), part, "A module is plugged by its name.");
        }
    }

    /// <summary>Plugs the module of that name, or pulls the present one when the name is null.</summary>
    public static void Plug(VirtualMeter meter, string? module)
    {
        if (module is null) meter.RemoveModule();
        else meter.InsertModule(ModuleNames.Find(module) ?? throw new ArgumentOutOfRangeException(nameof(module), module, "No such module."));
    }

    private static string RatingOf(MeterProfile profile) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{profile.NominalVoltageV} V  {profile.BaseCurrentA}({profile.MaxCurrentA}) A  {profile.ImpulsesPerKwh} imp/kWh");
}
