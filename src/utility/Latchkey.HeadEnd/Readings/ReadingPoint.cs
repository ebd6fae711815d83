namespace Latchkey.HeadEnd.Readings;

/// <summary>One value of one channel at an instant, as callers read it.</summary>
/// <param name="At">To the second, UTC.</param>
/// <param name="Value">In the channel's own unit.</param>
public readonly record struct ReadingPoint(DateTimeOffset At, long Value);
