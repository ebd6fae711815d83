namespace Latchkey.HeadEnd.Readings;

/// <summary>One value of one channel at a second of a UTC day.</summary>
/// <param name="SecondOfDay">0 to 86 399.</param>
/// <param name="Value">In the channel's own unit.</param>
public readonly record struct DayPoint(int SecondOfDay, long Value)
{
    /// <summary>Seconds in a UTC day; leap seconds are smeared by the time source.</summary>
    public const int SecondsPerDay = 86_400;
}
