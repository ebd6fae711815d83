using System.Collections.Concurrent;
using System.Diagnostics;
using Latchkey.Cli.Tests.Signing;

namespace Latchkey.Cli.Tests.Serve;

/// <summary>A command that runs as a process until it is killed; what it says is kept.</summary>
internal sealed class RunningCommand : IDisposable
{
    private static readonly TimeSpan SpeaksWithin = TimeSpan.FromMinutes(2);
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _said = new();
    private readonly SemaphoreSlim _more = new(0);

    private RunningCommand(Process process)
    {
        _process = process;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Everything so far, both outputs.</summary>
    public string Said => string.Join('\n', _said);

    public static RunningCommand Start(IReadOnlyDictionary<string, string>? environment, params string[] arguments) => new(SignerProcess.Start(environment, arguments));

    /// <summary>The first line with these words in it.</summary>
    public async Task<string> LineAsync(string words)
    {
        using var limit = new CancellationTokenSource(SpeaksWithin);
        while (true)
        {
            if (_said.FirstOrDefault(line => line.Contains(words, StringComparison.Ordinal)) is { } found) return found;
            Assert.False(_process.HasExited, $"ended with {(_process.HasExited ? _process.ExitCode : 0)} before it said '{words}':\n{Said}");
            await _more.WaitAsync(TimeSpan.FromMilliseconds(200), limit.Token);
        }
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
        _more.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is null) return;
        _said.Enqueue(line);
        _more.Release();
    }
}
