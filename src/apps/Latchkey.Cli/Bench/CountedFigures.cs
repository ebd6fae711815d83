using System.Diagnostics;
using System.Text.Json;
using Latchkey.Simulator.Physics;

namespace Latchkey.Cli.Bench;

/// <summary>Figures that need a compiler and a counter from outside: the scripts of the repository make them. Where one cannot, a line says so.</summary>
internal static class CountedFigures
{
    private const int ToolMissing = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static IReadOnlyList<BenchFigure> All() => [.. Of("metrology-instructions.sh"), .. Of("metrology-arm64.sh"), .. Board()];

    private static IEnumerable<BenchFigure> Of(string script)
    {
        (int status, string output) = Run(script, "--json");
        if (Skipped(script, status)) return [];
        using JsonDocument document = JsonDocument.Parse(output);
        return
        [
            .. document.RootElement.GetProperty("figures").EnumerateArray().Select(f => new BenchFigure(
                f.GetProperty("name").GetString()!, f.GetProperty("value").GetDouble(), f.GetProperty("unit").GetString()!,
                f.GetProperty("limit").ValueKind == JsonValueKind.Null ? null : f.GetProperty("limit").GetRawText(), f.GetProperty("holds").GetBoolean())),
        ];
    }

    // The simulator's samples to the core on another processor, its registers back.
    private static IEnumerable<BenchFigure> Board()
    {
        (int status, string program) = Run("publish-metrology.sh", "linux-arm64");
        string? qemu = Found("qemu-aarch64");
        if (Skipped("board proof", qemu is null ? ToolMissing : status)) yield break;
        using Process process = Process.Start(new ProcessStartInfo(qemu!, ["-L", "/usr/aarch64-linux-gnu", program.Trim(), "board"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        using var impatience = new CancellationTokenSource(Patience);
        using CancellationTokenRegistration end = impatience.Token.Register(process.Kill);
        BoardAnswer answer;
        using (var samples = new BufferedStream(process.StandardInput.BaseStream, 1 << 16)) answer = BoardProof.Run(samples, process.StandardOutput, seed: 7);
        yield return new("board-arm64-frames-compared", answer.Frames, "frames", ">= 17", answer.Frames >= 17);
        yield return new("board-arm64-frames-different", answer.Different, "frames", "0", answer.Different == 0);
    }

    private static bool Skipped(string what, int status)
    {
        if (status is 0 or 1) return false;
        Console.Error.WriteLine($"skipped: {what}: run it in the repository, with valgrind, gcc-aarch64-linux-gnu and qemu-user installed");
        return true;
    }

    private static (int Status, string Output) Run(string script, string argument)
    {
        string path = Path.Combine("bench", script);
        if (!File.Exists(path)) return (ToolMissing, "");
        using Process process = Process.Start(new ProcessStartInfo(path, [argument]) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }

    private static string? Found(string tool) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists);
}
