using System.Text.Json;

namespace Latchkey.Cli.Verify;

/// <summary>A family of vector files and how each of their vectors is computed and compared.</summary>
internal interface IVectorArea
{
    string Name { get; }

    /// <summary>Whether a document has this family's form; its name and place do not matter.</summary>
    bool Recognises(string fileName, JsonElement document);

    IEnumerable<VectorOutcome> Run(JsonElement document, string? tablesFile);
}

/// <summary>What became of one vector.</summary>
/// <param name="Id">The vector's own id.</param>
/// <param name="Verdict">Passed, failed or skipped.</param>
/// <param name="Reason">What differed, or why it was skipped; null when it passed.</param>
internal sealed record VectorOutcome(string Id, VectorVerdict Verdict, string? Reason)
{
    public static VectorOutcome Passed(string id) => new(id, VectorVerdict.Passed, null);

    public static VectorOutcome Failed(string id, string reason) => new(id, VectorVerdict.Failed, reason);

    public static VectorOutcome Skipped(string id, string reason) => new(id, VectorVerdict.Skipped, reason);
}

internal enum VectorVerdict
{
    Passed = 0,
    Failed = 1,
    Skipped = 2,
}
