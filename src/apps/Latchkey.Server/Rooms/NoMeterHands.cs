using Latchkey.Server.Portal.Meters;

namespace Latchkey.Server.Rooms;

/// <summary>Where all meters hang in real cabinets.</summary>
internal sealed class NoMeterHands : IMeterHands
{
    public IReadOnlyList<string> Modules => [];

    public FaceView? Look(string pan) => null;

    public MetrologyLine? Identity(string pan) => null;

    public void PressKey(string pan, char key) => throw new InvalidOperationException("No hand reaches a real meter.");

    public void Move(string pan, FacePart part, bool on) => throw new InvalidOperationException("No hand reaches a real meter.");

    public void Plug(string pan, string? module) => throw new InvalidOperationException("No hand reaches a real meter.");
}
