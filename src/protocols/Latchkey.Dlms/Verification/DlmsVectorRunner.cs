using System.Text.Json;

namespace Latchkey.Dlms.Verification;

/// <summary>Computes every vector of a file in the form of <c>vectors/dlms/vectors.json</c> with the codecs of this library and compares.</summary>
public static class DlmsVectorRunner
{
    private static readonly Dictionary<string, Action<VectorCheck>> Checks = new(StringComparer.Ordinal)
    {
        ["apdu-decode"] = ApduVectors.Decode,
        ["axdr-decode"] = ApduVectors.DecodeData,
        ["date-time"] = CosemVectors.DateTime,
        ["gurux-aare"] = AcseVectors.Response,
        ["gurux-aarq"] = AcseVectors.Request,
        ["gurux-aarq-ciphered-glo-initiate-request"] = AcseVectors.CipheredRequest,
        ["gurux-access-request"] = CosemVectors.AccessRequest,
        ["gurux-action-normal-request"] = CosemVectors.ActionRequest,
        ["gurux-datanotification"] = CosemVectors.DataNotification,
        ["gurux-general-glo-ciphering"] = SecurityVectors.Ciphered,
        ["gurux-get-normal-response"] = CosemVectors.GetResponse,
        ["gurux-get-with-list-request"] = CosemVectors.GetWithList,
        ["gurux-get-with-selective-access-by-entry"] = CosemVectors.ByEntry,
        ["gurux-get-with-selective-access-by-range"] = CosemVectors.ByRange,
        ["gurux-hdlc-frame"] = LinkVectors.Frame,
        ["gurux-service-specific-glo"] = SecurityVectors.Ciphered,
        ["gurux-set-normal-request"] = CosemVectors.SetRequest,
        ["ecdsa"] = SecurityVectors.Ecdsa,
        ["general-ciphering"] = SecurityVectors.GeneralCiphered,
        ["hdlc-address"] = LinkVectors.Address,
        ["hdlc-fcs"] = LinkVectors.Checksum,
        ["hdlc-frame"] = LinkVectors.Frame,
        ["hls5-gmac"] = SecurityVectors.Hls5,
        ["key-wrap"] = SecurityVectors.Wrap,
        ["real-meter-push"] = SecurityVectors.Ciphered,
        ["suite0-ciphering"] = SecurityVectors.Ciphered,
        ["suite1-key-agreement"] = SecurityVectors.Agreement,
        ["wrapper"] = LinkVectors.Wrapper,
    };

    /// <summary>Whether a document has this form: vectors whose categories are known here.</summary>
    public static bool Recognises(JsonElement document) =>
        document.ValueKind == JsonValueKind.Object && document.TryGetProperty("vectors", out JsonElement vectors)
        && vectors.ValueKind == JsonValueKind.Array && vectors.EnumerateArray().Any(v => Category(v) is string c && Checks.ContainsKey(c));

    /// <summary>Computes every vector of a document, in its order.</summary>
    public static IReadOnlyList<DlmsVectorResult> Run(JsonElement document) =>
        [.. document.GetProperty("vectors").EnumerateArray().Select(RunOne)];

    /// <summary>Computes one vector.</summary>
    public static DlmsVectorResult RunOne(JsonElement vector)
    {
        string id = Text(vector, "id") ?? "without id";
        string? category = Category(vector);
        if (category is null || !Checks.TryGetValue(category, out Action<VectorCheck>? check))
            return new DlmsVectorResult(id, DlmsVectorVerdict.Skipped, $"category '{category}' is not computed");
        var state = new VectorCheck(vector);
        try
        {
            check(state);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            // A field that is missing or of another kind is a fault of the file; the codecs themselves do not throw.
            return new DlmsVectorResult(id, DlmsVectorVerdict.Failed, "the vector lacks what its category needs: " + e.Message);
        }

        return new DlmsVectorResult(id, state.Mismatch is null ? DlmsVectorVerdict.Passed : DlmsVectorVerdict.Failed, state.Mismatch);
    }

    private static string? Category(JsonElement vector) => Text(vector, "category");

    private static string? Text(JsonElement vector, string field) =>
        vector.ValueKind == JsonValueKind.Object && vector.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
