namespace Latchkey.Cli.Meters;

/// <summary>Keeps a running meter's face on the terminal and takes keys, until it is told to stop.</summary>
internal static class FaceLoop
{
    private const string ToTop = "\e[H", Clear = "\e[2J";
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(RunningMeter meter, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Step, time);
        bool hasKeys = !Console.IsInputRedirected;
        Console.Out.Write(Clear);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                meter.CatchUp();
                string screen;
                lock (meter.Gate)
                {
                    while (hasKeys && Console.KeyAvailable)
                    {
                        if (!FaceScreen.Press(meter.Meter, Console.ReadKey(intercept: true).KeyChar)) return;
                    }

                    screen = FaceScreen.Draw(meter.Meter, colour: !Console.IsOutputRedirected);
                }

                Console.Out.Write(ToTop + screen);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }
}
