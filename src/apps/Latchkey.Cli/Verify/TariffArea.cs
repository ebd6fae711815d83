using System.Text.Json;
using Latchkey.Tariffs;

namespace Latchkey.Cli.Verify;

/// <summary>Published bills: files in the form of <c>vectors/tariffs/tariffs.json</c>.</summary>
internal sealed class TariffArea : IVectorArea
{
    public string Name => "tariffs";

    public bool Recognises(string fileName, JsonElement document) => document.Has("tariffs");

    public IEnumerable<VectorOutcome> Run(JsonElement document, string? tablesFile) =>
        TariffVectorRunner.Run(document).Select(result =>
            result.Passed ? VectorOutcome.Passed(result.Name) : VectorOutcome.Failed(result.Name, result.Detail));
}
