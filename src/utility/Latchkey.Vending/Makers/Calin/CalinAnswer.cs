using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Latchkey.Sts;

namespace Latchkey.Vending.Makers.Calin;

/// <summary>Reads the service's answers: <c>{"result_code": 0, "reason": "OK", "result": …}</c>. Total on any bytes.</summary>
/// <remarks>
/// A token counts only in an answer that is whole and says what was asked for: one cut short, doubled fields, a success without a token or with
/// another amount leave the outcome unknown, never refused. A refusal counts only as the service's own number with no token beside it.
/// </remarks>
internal static class CalinAnswer
{
    private const int MaxReasonLength = 120;
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    public static MakerOutcome Read(ReadOnlyMemory<byte> utf8, MakerWish wish)
    {
        JsonDocument? document = TryParse(utf8);
        if (document is null) return new MakerOutcome.Unknown("the answer is not JSON");
        using (document)
        {
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || CodeOf(root) is not { } code) return new MakerOutcome.Unknown("the answer has no result_code");
            TokenNumber? token = TokenOf(root, wish.Kind, out bool hasSomething);
            if (code != 0) return hasSomething ? new MakerOutcome.Unknown("the answer refuses and has a result") : new MakerOutcome.Refused(Refusal(code), ReasonOf(root, code));
            if (token is not { } made) return new MakerOutcome.Unknown("the answer has no token");
            return SaysAnotherAmount(root, wish) ? new MakerOutcome.Unknown("the answer has another amount") : new MakerOutcome.Made(made, SHA256.HashData(utf8.Span));
        }
    }

    private static JsonDocument? TryParse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            return JsonDocument.Parse(utf8, Limits);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A number, or its digits as text: both are seen. Null for anything else.</summary>
    private static int? CodeOf(JsonElement root) => root.TryGetProperty("result_code", out JsonElement code)
        ? code.ValueKind switch
        {
            JsonValueKind.Number when code.TryGetInt32(out int number) && number >= 0 => number,
            JsonValueKind.String when int.TryParse(TextOf(code), NumberStyles.None, CultureInfo.InvariantCulture, out int number) => number,
            _ => null,
        }
        : null;

    /// <summary>The token in <c>result</c>, which is an object for energy and a text for the others.</summary>
    /// <param name="hasSomething">True where there is a result that is not null or empty, whatever it is.</param>
    private static TokenNumber? TokenOf(JsonElement root, MakerTokenKind kind, out bool hasSomething)
    {
        hasSomething = false;
        if (!root.TryGetProperty("result", out JsonElement result) || result.ValueKind == JsonValueKind.Null) return null;
        hasSomething = !(result.ValueKind == JsonValueKind.String && TextOf(result)?.Length == 0) && !(result.ValueKind == JsonValueKind.Object && !result.EnumerateObject().Any());
        JsonElement? text = kind == MakerTokenKind.Credit
            ? result.ValueKind == JsonValueKind.Object && result.TryGetProperty("token", out JsonElement inside) ? inside : null
            : result;
        return text is { ValueKind: JsonValueKind.String } digits && TokenNumber.TryParse(TextOf(digits), out TokenNumber token) ? token : null;
    }

    /// <summary>Where the service says how many units the token has, they are those that were asked for.</summary>
    private static bool SaysAnotherAmount(JsonElement root, MakerWish wish)
    {
        if (wish.Kind != MakerTokenKind.Credit || !root.GetProperty("result").TryGetProperty("total_unit", out JsonElement units) || units.ValueKind == JsonValueKind.Null) return false;
        decimal? said = units.ValueKind switch
        {
            JsonValueKind.Number when units.TryGetDecimal(out decimal number) => number,
            JsonValueKind.String when decimal.TryParse(TextOf(units), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) => number,
            _ => null,
        };
        return said != wish.Tenths / 10m;
    }

    private static string Refusal(int code) => code switch
    {
        2 => VendingCodes.MakerLoginRefused,
        3 => VendingCodes.MakerUnknownMeter,
        _ => VendingCodes.MakerRefused,
    };

    private static string ReasonOf(JsonElement root, int code)
    {
        string said = root.TryGetProperty("reason", out JsonElement reason) && reason.ValueKind == JsonValueKind.String ? TextOf(reason) ?? string.Empty : string.Empty;
        string shown = string.Concat(said.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)).Take(MaxReasonLength));
        return string.Create(CultureInfo.InvariantCulture, $"code {code}{(shown.Length > 0 ? ", " + shown : string.Empty)}.");
    }

    private static string? TextOf(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate in an escape is valid JSON but not a text.
            return null;
        }
    }
}
