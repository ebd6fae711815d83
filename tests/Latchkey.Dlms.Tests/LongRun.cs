namespace Latchkey.Dlms.Tests;

/// <summary>How much the tests on hostile input try: seconds of work, or with LATCHKEY_LONG=1 everything there is.</summary>
internal static class LongRun
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1";

    /// <summary>How long one fuzz target runs.</summary>
    public static TimeSpan FuzzFor { get; } = IsOn ? TimeSpan.FromSeconds(60) : TimeSpan.FromMilliseconds(400);

    /// <summary>Where the random choices begin; LATCHKEY_SEED replays a run.</summary>
    public static uint Seed { get; } = uint.TryParse(Environment.GetEnvironmentVariable("LATCHKEY_SEED"), out uint given) && given != 0
        ? given
        : 2_463_534_242;
}
