using Latchkey.Server.Demo;
using Latchkey.Server.Portal.Meters;
using Latchkey.Simulator;
using Latchkey.Sts;

namespace Latchkey.Server.Rooms;

/// <summary>Hands and eyes at the virtual meters of a made-up park.</summary>
/// <param name="find">The meter of a number, or null where it is not a virtual one.</param>
/// <param name="speed">World seconds per second of the reader.</param>
public sealed class FieldMeterHands(Func<MeterPan, FieldMeter?> find, Func<double> speed) : IMeterHands
{
    public IReadOnlyList<string> Modules => ModuleNames.All;

    public FaceView? Look(string pan) => Find(pan)?.Use(meter => VirtualMeterFace.Look(meter, speed()));

    public MetrologyLine? Identity(string pan) => Find(pan)?.Use(VirtualMeterFace.Identity);

    public void PressKey(string pan, char key) => Require(pan).Use((VirtualMeter meter) => meter.PressKey(key));

    public void Move(string pan, FacePart part, bool on) => Require(pan).Use((VirtualMeter meter) => VirtualMeterFace.Move(meter, part, on));

    public void Plug(string pan, string? module) => Require(pan).Use((VirtualMeter meter) => VirtualMeterFace.Plug(meter, module));

    private FieldMeter? Find(string pan) => MeterPan.TryParse(pan, out MeterPan number) ? find(number) : null;

    private FieldMeter Require(string pan) => Find(pan) ?? throw new InvalidOperationException("No hand reaches this meter.");
}
