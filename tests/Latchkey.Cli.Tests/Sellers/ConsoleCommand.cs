namespace Latchkey.Cli.Tests.Sellers;

/// <summary>A command as it is typed, and what it says. There is one console: whoever uses this is in the collection "console".</summary>
internal static class ConsoleCommand
{
    public static async Task<(int Code, string Out)> RunAsync(params string[] args)
    {
        using var said = new StringWriter();
        TextWriter before = Console.Out;
        Console.SetOut(said);
        try
        {
            return (await LatchkeyCommand.Create().Parse(args).InvokeAsync(cancellationToken: TestContext.Current.CancellationToken), said.ToString());
        }
        finally
        {
            Console.SetOut(before);
        }
    }
}
