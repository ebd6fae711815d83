namespace Latchkey.Simulator.Tests;

/// <summary>How long the fuzz targets run: an instant, or with LATCHKEY_LONG=1 a minute each.</summary>
internal static class LongRun
{
    public static int FuzzSeconds { get; } = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1" ? 60 : 1;
}
