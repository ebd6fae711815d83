using System.Text.Json;

namespace Latchkey.Simulator.Physics;

/// <summary>What a load switch of one utilization category must stand.</summary>
/// <param name="Name">UC1 to UC3.</param>
/// <param name="EnduranceOperations">Openings and closings at the rated current, at power factor 1 and again at 0.5.</param>
/// <param name="BreakAmps">Rated breaking current, rms.</param>
/// <param name="MakeAmps">Prospective current of the fault that is made into, rms.</param>
/// <param name="MakePowerFactor">Its power factor.</param>
/// <param name="CarryOperableAmps">Half a cycle of this, after which the switch must still work.</param>
/// <param name="CarrySafeAmps">Half a cycle of this, after which it must be safe: its position known and told.</param>
/// <remarks>The values stand in uc-categories.json and are recalled, not quoted: check them against the standard before relying on them.</remarks>
public sealed record UtilizationCategory(
    string Name, int EnduranceOperations, double BreakAmps, double MakeAmps, double MakePowerFactor, double CarryOperableAmps, double CarrySafeAmps)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true };

    /// <summary>The table.</summary>
    public static IReadOnlyList<UtilizationCategory> All { get; } = Load();

    private static UtilizationCategory[] Load()
    {
        using Stream stream = typeof(UtilizationCategory).Assembly.GetManifestResourceStream("Latchkey.Simulator.Physics.uc-categories.json")!;
        return JsonSerializer.Deserialize<UtilizationCategory[]>(stream, Strict)!;
    }
}
