using System.Diagnostics;
using Latchkey.Testing;

namespace Latchkey.Server.Tests;

/// <summary>Outside programs that run in node: a browser's driver, a runner of Postman collections. <c>./test</c> installs them from the lock file in <c>tests/browser</c>.</summary>
internal static class NodePeer
{
    public static string Packages => RepositoryRoot.Combine("tests", "browser", "node_modules");

    /// <summary>What this machine lacks for a package, or null.</summary>
    public static string? Lacks(string package)
    {
        if (!OnPath("node")) return "node is not installed";
        return Directory.Exists(Path.Combine(Packages, package)) ? null : "npm ci was not run in tests/browser";
    }

    /// <summary>Runs node to its end, or kills it when the time is up.</summary>
    /// <returns>Null where it was killed.</returns>
    public static async Task<(int ExitCode, string Output, string Errors)?> RunAsync(
        IEnumerable<string> arguments, string directory, IEnumerable<(string Name, string Value)> environment, TimeSpan longest)
    {
        var start = new ProcessStartInfo("node", arguments) { UseShellExecute = false, WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process node = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        using var timeout = new CancellationTokenSource(longest);
        Task<string> output = node.StandardOutput.ReadToEndAsync(timeout.Token), errors = node.StandardError.ReadToEndAsync(timeout.Token);
        try
        {
            await node.WaitForExitAsync(timeout.Token);
            return (node.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            node.Kill(entireProcessTree: true);
            return null;
        }
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));
}
