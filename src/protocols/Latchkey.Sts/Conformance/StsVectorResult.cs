using System.Text.Json.Nodes;

namespace Latchkey.Sts;

/// <summary>What a vector's input gives: a result with the keys that its expectation would have, or why there is none.</summary>
/// <remarks>Source: the form of vectors/sts/vectors.json.</remarks>
public sealed record StsVectorResult
{
    internal StsVectorResult(string id, JsonObject? result, string? error, bool needsTables)
    {
        Id = id;
        Result = result;
        Error = error;
        NeedsTables = needsTables;
    }

    /// <summary>The vector's own id, empty where it has none.</summary>
    /// <remarks>Source: the form of vectors/sts/vectors.json.</remarks>
    public string Id { get; }

    /// <summary>The result, or null where there is an error.</summary>
    /// <remarks>Source: the form of vectors/sts/vectors.json.</remarks>
    public JsonObject? Result { get; }

    /// <summary>Why there is no result, or null.</summary>
    /// <remarks>Source: the form of vectors/sts/vectors.json.</remarks>
    public string? Error { get; }

    /// <summary>Whether there is no result only because the licensed EA07 tables were not given.</summary>
    /// <remarks>Source: the form of vectors/sts/vectors.json.</remarks>
    public bool NeedsTables { get; }

    /// <summary>The result as one line of JSON: <c>{"id":…,"result":{…}}</c> or <c>{"id":…,"error":"…"}</c>.</summary>
    /// <remarks>Source: the form of vectors/sts/vectors.json.</remarks>
    public string ToJsonLine()
    {
        var line = new JsonObject { ["id"] = Id };
        if (Result is not null) line["result"] = Result.DeepClone();
        else line["error"] = Error;
        return line.ToJsonString();
    }

    /// <summary>What differs from an expectation, or null where every key that it names has the value that it names.</summary>
    /// <remarks>Source: the form of vectors/sts/vectors.json.</remarks>
    public string? DifferenceFrom(System.Text.Json.JsonElement expected)
    {
        if (Result is null) return Error;
        return StsVectorComparison.Difference(expected, Result, "");
    }
}
