using System.Text.Json;
using Latchkey.Cli.Verify;
using Latchkey.Sts;

namespace Latchkey.Cli.Sts;

/// <summary>The part of <c>latchkey verify</c> for token vectors.</summary>
internal sealed class StsVectorArea : IVectorArea
{
    public string Name => "sts";

    public bool Recognises(string fileName, JsonElement document)
    {
        if (StsVectorFile.Vectors(document) is not { } vectors) return false;
        JsonElement[] all = [.. vectors];
        return all.Any(StsVectorRunner.Knows) && all.All(IsVector);
    }

    public IEnumerable<VectorOutcome> Run(JsonElement document, string? tablesFile)
    {
        Result<StaTables?> tables = tablesFile is null ? new((StaTables?)null) : StsKeyOptions.ReadTables(tablesFile);
        if (tables.Fault is { } fault) return [VectorOutcome.Failed("tables", fault)];
        return [.. StsVectorFile.Vectors(document)!.Value.Select(vector => Compare(vector, tables.Value))];
    }

    private static bool IsVector(JsonElement vector) =>
        vector.ValueKind == JsonValueKind.Object && vector.TryGetProperty("kind", out _) && vector.TryGetProperty("in", out _) && vector.TryGetProperty("expect", out _);

    private static VectorOutcome Compare(JsonElement vector, StaTables? tables)
    {
        StsVectorResult result = StsVectorRunner.Run(vector, tables);
        if (result.NeedsTables) return VectorOutcome.Skipped(result.Id, "needs the licensed EA07 tables (--tables FILE)");
        return result.DifferenceFrom(vector.GetProperty("expect")) is { } difference
            ? VectorOutcome.Failed(result.Id, difference)
            : VectorOutcome.Passed(result.Id);
    }
}
