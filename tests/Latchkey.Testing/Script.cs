using System.Diagnostics;

namespace Latchkey.Testing;

/// <summary>What a script of the repository answered.</summary>
/// <param name="Status">Exit status; 3 is "a tool is missing here".</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
public readonly record struct ScriptAnswer(int Status, string Output, string Error)
{
    public const int ToolMissing = 3;
}

/// <summary>Runs the repository's scripts as a person would.</summary>
public static class Script
{
    /// <summary>Runs a script to its end.</summary>
    public static ScriptAnswer Run(string script, params string[] arguments)
    {
        using Process process = Start(RepositoryRoot.Combine(script.Split('/')), arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, output.Trim(), error.GetAwaiter().GetResult().Trim());
    }

    /// <summary>Starts a program with its three streams in our hands.</summary>
    public static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = RepositoryRoot.Path,
            UseShellExecute = false,
        };
        // The build servers and settings of the test run are not the script's.
        start.Environment.Remove("MSBUILD_EXE_PATH");
        start.Environment.Remove("MSBuildSDKsPath");
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        return Process.Start(start)!;
    }
}
