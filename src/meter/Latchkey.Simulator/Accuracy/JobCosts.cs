using System.Text.Json;

namespace Latchkey.Simulator.Accuracy;

/// <summary>Instructions of the jobs of the meter's processor, as callgrind counted them; job-instructions.json is written by the command named in it.</summary>
/// <param name="Command">What writes the file.</param>
/// <param name="Counted">How it was counted.</param>
/// <param name="Jobs">Instructions per run, by the name of the job.</param>
public sealed record JobCosts(string Command, string Counted, Dictionary<string, double> Jobs)
{
    // Declared before Measured, which needs it.
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true };

    /// <summary>The counts of the embedded file.</summary>
    public static JobCosts Measured { get; } = Load();

    private static JobCosts Load()
    {
        using Stream stream = typeof(JobCosts).Assembly.GetManifestResourceStream("Latchkey.Simulator.Accuracy.job-instructions.json")!;
        return JsonSerializer.Deserialize<JobCosts>(stream, Strict)!;
    }
}
