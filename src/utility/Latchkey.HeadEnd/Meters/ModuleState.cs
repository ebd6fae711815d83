using Latchkey.ModuleLink.Frames;

namespace Latchkey.HeadEnd.Meters;

/// <summary>What the channel knows of the communication module in the slot. Not authenticated by the meter: it steers timing, never money.</summary>
/// <param name="Kind">The link technology.</param>
/// <param name="Serial">The module's own serial number.</param>
/// <param name="SeenAt">When the channel first saw this module at this meter.</param>
public sealed record ModuleState(ModuleKind Kind, ulong Serial, DateTimeOffset SeenAt);
