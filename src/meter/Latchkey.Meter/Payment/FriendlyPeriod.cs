namespace Latchkey.Meter.Payment;

/// <summary>The hours and days on which an empty credit does not switch the supply off, in local time.</summary>
/// <param name="Days">Whole days: bit 0 Monday to bit 6 Sunday.</param>
/// <param name="FromHour">First friendly hour of every day, 0 to 23.</param>
/// <param name="ToHour">Hour at which it ends, 0 to 24; before <paramref name="FromHour"/> it runs over midnight; equal means none.</param>
public readonly record struct FriendlyPeriod(byte Days, byte FromHour, byte ToHour)
{
    private const int HoursPerDay = 24;
    private const byte AllDays = 0x7F;

    public bool IsValid => Days <= AllDays && FromHour < HoursPerDay && ToHour <= HoursPerDay;

    public int ToInt32() => (Days << 16) | (FromHour << 8) | ToHour;

    public static FriendlyPeriod FromInt32(int value) => new((byte)((value >> 16) & 0xFF), (byte)((value >> 8) & 0xFF), (byte)(value & 0xFF));

    /// <summary>Whether the instant is friendly. A clock that is not set is never friendly: nothing may be had by stopping it.</summary>
    public bool Covers(long clockSeconds, int utcOffsetMinutes)
    {
        if (clockSeconds <= 0 || this == default) return false;
        DateTimeOffset local = DateTimeOffset.FromUnixTimeSeconds(Math.Min(clockSeconds, uint.MaxValue)).ToOffset(TimeSpan.FromMinutes(utcOffsetMinutes));
        int day = ((int)local.DayOfWeek + 6) % 7;
        if ((Days & (1 << day)) != 0) return true;
        return FromHour <= ToHour
            ? local.Hour >= FromHour && local.Hour < ToHour
            : local.Hour >= FromHour || local.Hour < ToHour;
    }
}
