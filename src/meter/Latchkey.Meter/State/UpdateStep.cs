namespace Latchkey.Meter.State;

/// <summary>How far a firmware update has come, as one durable record; what the numbers of a step mean is the updater's.</summary>
/// <param name="Step">The step; 0 when no update was ever begun.</param>
/// <param name="Bank">The bank of the image it is about.</param>
/// <param name="Attempts">Starts from that bank that have been tried.</param>
/// <param name="Position">Bytes or blocks that are done.</param>
/// <param name="Image">The first eight bytes of the image's hash.</param>
public readonly record struct UpdateStep(byte Step, byte Bank, byte Attempts, uint Position, ulong Image);
