using System.Globalization;
using System.Text.Json;
using Latchkey.Quantities;
using Latchkey.Server.Api;

namespace Latchkey.Server.ElectrumApi;

/// <summary>A message of the contract as it came: what selling needs is read, everything else is kept to be echoed.</summary>
internal sealed class ElectrumRequest
{
    private const int LargestBytes = 64 * 1024;
    private const int MostIdentifiers = 50;
    private const int LongestText = 128;

    // What an answer repeats unchanged, in the contract's order; then the numbers by which the parties trace a message.
    private static readonly string[] Parties = ["originator", "client", "settlementEntity", "receiver"];
    private static readonly string[] Traces = ["stan", "rrn", "tranType", "srcAccType", "destAccType", "basketRef"];
    private static readonly string[] Echoed = ["time", .. Parties, .. Traces];
    private static readonly string[] EchoedOfAnAdvice = ["id", "requestId", "time", "thirdPartyIdentifiers", .. Traces];
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 16 };
    private readonly JsonElement _json;

    private ElectrumRequest(Guid id, string idText, JsonElement json) => (Id, IdText, _json) = (id, idText, json);

    public Guid Id { get; }

    /// <summary>As the client wrote it.</summary>
    public string IdText { get; }

    /// <summary>The message whose id is the address's; or what is wrong with it.</summary>
    /// <param name="pathId">Null where the address does not name the message.</param>
    public static async Task<(ElectrumRequest? Request, ElectrumError? Error)> ReadAsync(HttpRequest http, string? pathId, CancellationToken cancellationToken)
    {
        if (!http.HasJsonContentType()) return (null, ElectrumError.Format("The body is application/json."));
        if (await RawBody.ReadAsync(http, LargestBytes, cancellationToken) is not { } body) return (null, ElectrumError.Format("The body is too large."));
        return Read(body, pathId);
    }

    internal static (ElectrumRequest? Request, ElectrumError? Error) Read(ReadOnlyMemory<byte> body, string? pathId)
    {
        JsonElement json;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, Limits);
            json = document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return (null, ElectrumError.Format("The body is not JSON."));
        }

        if (json.ValueKind != JsonValueKind.Object) return (null, ElectrumError.Format("The body is a JSON object."));
        if (TextOf(json, "id") is not { } text || !TryId(text, out Guid id)) return (null, ElectrumError.Format("id: a UUID of the form 8-4-4-4-12 is expected."));
        if (pathId is not null && (!TryId(pathId, out Guid inPath) || inPath != id)) return (null, ElectrumError.Format("id: the id in the body is the one in the address."));
        return (new ElectrumRequest(id, text, json), null);
    }

    /// <summary>What a request must carry by the contract and this one lacks; null where it has all. Who settles and who receives may be left out.</summary>
    public ElectrumError? MissingOfARequest()
    {
        if (MissingOfAny() is { } common) return common;
        if (Missing("originator", ["institution"], ["institution", "id"], ["merchant"], ["merchant", "merchantId"], ["terminalId"]) is { } origin) return origin;
        if (Missing("client", ["id"]) is { } client) return client;
        if (!_json.TryGetProperty("thirdPartyIdentifiers", out JsonElement others) || others.ValueKind != JsonValueKind.Array)
            return ElectrumError.Format("thirdPartyIdentifiers: a list is expected.");
        foreach (string party in Parties)
        {
            if (_json.TryGetProperty(party, out JsonElement named) && named.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null)) return ElectrumError.Format($"{party}: an object is expected.");
        }

        return Text("meter", "meterId") is null && Text("meterId") is null ? ElectrumError.Format("meter.meterId: a text of at most 128 characters is expected.") : null;
    }

    /// <summary>What an advice must carry and this one lacks.</summary>
    public ElectrumError? MissingOfAnAdvice(bool needsReason)
    {
        if (MissingOfAny() is { } common) return common;
        if (Text("requestId") is null) return ElectrumError.Format("requestId: the id of the request that is advised of is expected.");
        if (_json.TryGetProperty("tenders", out JsonElement tenders) && tenders.ValueKind is not (JsonValueKind.Array or JsonValueKind.Null)) return ElectrumError.Format("tenders: a list is expected.");
        return needsReason && Text("reversalReason") is null ? ElectrumError.Format("reversalReason: why the purchase is reversed is expected.") : null;
    }

    private ElectrumError? MissingOfAny()
    {
        if (TextOf(_json, "time") is not { } time || !DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _))
            return ElectrumError.Format("time: a date and time of RFC 3339 is expected.");
        bool isList = !_json.TryGetProperty("thirdPartyIdentifiers", out JsonElement others) || others.ValueKind == JsonValueKind.Null
            || (others.ValueKind == JsonValueKind.Array && others.GetArrayLength() <= MostIdentifiers && others.EnumerateArray().All(IsIdentifier));
        return isList ? null : ElectrumError.Format("thirdPartyIdentifiers: a list of at most 50 is expected, each with institutionId and transactionIdentifier.");
    }

    private static bool IsIdentifier(JsonElement other) =>
        other.ValueKind == JsonValueKind.Object
        && other.TryGetProperty("institutionId", out JsonElement institution) && AsText(institution) is not null
        && other.TryGetProperty("transactionIdentifier", out JsonElement transaction) && AsText(transaction) is not null;

    private ElectrumError? Missing(string name, params string[][] paths)
    {
        if (!_json.TryGetProperty(name, out JsonElement part) || part.ValueKind != JsonValueKind.Object) return ElectrumError.Format($"{name}: an object is expected.");
        foreach (string[] path in paths)
        {
            JsonElement at = part;
            bool isThere = path.All(step => at.ValueKind == JsonValueKind.Object && at.TryGetProperty(step, out at)) && at.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined);
            if (!isThere) return ElectrumError.Format($"{name}.{string.Join('.', path)} is missing.");
        }

        return null;
    }

    /// <summary>Lower-case hexadecimal by the contract, any version and variant; what other clients write is read too.</summary>
    public static bool TryId(string text, out Guid id) => Guid.TryParseExact(text, "D", out id) && id != Guid.Empty;

    /// <summary>A text at a place in the message; null where there is none, or one of unreasonable length.</summary>
    public string? Text(params ReadOnlySpan<string> path)
    {
        JsonElement at = _json;
        foreach (string name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)) return null;
        }

        return AsText(at) is { Length: <= LongestText } text ? text : null;
    }

    /// <summary>The money of a purchase; null where the message has none that can be read.</summary>
    public (long MinorUnits, Currency Currency)? Amount(string name)
    {
        // Numbers come as numbers or as texts; the currency is its numeric code.
        if (!Int128.TryParse(Text(name, "amount"), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out Int128 whole)) return null;

        // More than anything can cost is too much, not unreadable.
        long minor = (long)Int128.Clamp(whole, long.MinValue, long.MaxValue);
        return int.TryParse(Text(name, "currency"), NumberStyles.None, CultureInfo.InvariantCulture, out int code) && Currency.TryFromNumericCode(code, out Currency currency)
            ? (minor, currency)
            : null;
    }

    /// <summary>The common part of an answer: id and what came with the message, unchanged, with our own identifier added.</summary>
    public void Echo(Utf8JsonWriter json, string institutionId, string ownReference)
    {
        json.WriteString("id", IdText);
        foreach (string name in Echoed)
        {
            if (!_json.TryGetProperty(name, out JsonElement value)) continue;
            json.WritePropertyName(name);
            json.WriteRawValue(value.GetRawText(), skipInputValidation: true);
        }

        json.WriteStartArray("thirdPartyIdentifiers");
        if (_json.TryGetProperty("thirdPartyIdentifiers", out JsonElement others) && others.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement other in others.EnumerateArray()) json.WriteRawValue(other.GetRawText(), skipInputValidation: true);
        }

        json.WriteStartObject();
        json.WriteString("institutionId", institutionId);
        json.WriteString("transactionIdentifier", ownReference);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>An advice's answer: the advice itself, without our identifier.</summary>
    public void EchoAdvice(Utf8JsonWriter json)
    {
        foreach (string name in EchoedOfAnAdvice)
        {
            if (!_json.TryGetProperty(name, out JsonElement value)) continue;
            json.WritePropertyName(name);
            json.WriteRawValue(value.GetRawText(), skipInputValidation: true);
        }
    }

    private static string? TextOf(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string? AsText(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        _ => null,
    };
}
