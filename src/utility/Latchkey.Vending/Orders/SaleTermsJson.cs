using System.Globalization;
using System.Text.Json;
using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Vending;

/// <summary>Reads terms as earlier versions kept them: JSON. Nothing writes it any more.</summary>
internal static class SaleTermsJson
{
    /// <exception cref="FormatException">The bytes are not terms.</exception>
    public static SaleTerms Decode(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes);
            JsonElement json = document.RootElement;
            return new SaleTerms(
                ReadKey(json.GetProperty("key")),
                Text(json, "tariff")!,
                Text(json, "tariffFrom") is { } from ? DateOnly.ParseExact(from, "yyyy-MM-dd", CultureInfo.InvariantCulture) : null,
                Text(json, "unitsAsked")!,
                json.GetProperty("tenths").GetInt64(),
                json.GetProperty("rounding").GetInt64(),
                [.. json.GetProperty("lines").EnumerateArray().Select(ReadLine)],
                Text(json, "blockPeriod")!,
                Text(json, "fixedPeriod")!,
                Text(json, "customer")!,
                Text(json, "place")!);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException("The stored terms of an order cannot be read.", e);
        }
    }

    private static SaleLine ReadLine(JsonElement json) => new(
        (PriceLineKind)json.GetProperty("kind").GetInt32(), Text(json, "name")!, Text(json, "units"), Text(json, "rate"), json.GetProperty("minor").GetInt64());

    private static DecoderKeyAttributes ReadKey(JsonElement json) => new(
        MeterPan.Parse(Text(json, "pan")),
        SupplyGroupCode.Parse(Text(json, "sgc")),
        TariffIndex.Parse(Text(json, "ti")),
        KeyRevisionNumber.FromValue(json.GetProperty("krn").GetInt32()),
        (KeyType)json.GetProperty("kt").GetInt32(),
        new KeyExpiryNumber(json.GetProperty("ken").GetByte()),
        BaseDate.TryFromYear(json.GetProperty("base").GetInt32(), out BaseDate baseDate) ? baseDate : throw new FormatException("No such base date."),
        (EncryptionAlgorithm)json.GetProperty("ea").GetInt32());

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
}
