namespace Latchkey.Sts.Tests;

/// <summary>How much the randomised promises try: seconds of work, or with LATCHKEY_LONG=1 the published numbers.</summary>
internal static class LongRun
{
    public static bool IsOn { get; } = Environment.GetEnvironmentVariable("LATCHKEY_LONG") == "1";

    public static int Choose(int regular, int @long) => IsOn ? @long : regular;
}
