using System.Globalization;
using System.Text.Json;
using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Vending;

/// <summary>Terms as JSON, for the store: fixed order of fields, one encoding.</summary>
public static class SaleTermsCodec
{
    public static byte[] Encode(SaleTerms terms)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("tariff", terms.TariffId);
            if (terms.TariffFrom is { } from) json.WriteString("tariffFrom", from.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
            json.WriteString("unitsAsked", terms.UnitsAsked);
            json.WriteNumber("tenths", terms.TenthsGranted);
            json.WriteNumber("rounding", terms.RoundingMinorUnits);
            json.WriteString("blockPeriod", terms.BlockPeriod);
            json.WriteString("fixedPeriod", terms.FixedPeriod);
            json.WriteString("customer", terms.CustomerAccount);
            json.WriteString("place", terms.Place);
            WriteKey(json, terms.Key);
            json.WriteStartArray("lines");
            foreach (SaleLine line in terms.Lines) WriteLine(json, line);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; the store's own bytes, so anything else is a damaged store.</summary>
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

    private static void WriteLine(Utf8JsonWriter json, SaleLine line)
    {
        json.WriteStartObject();
        json.WriteNumber("kind", (int)line.Kind);
        json.WriteString("name", line.Name);
        if (line.Units is not null) json.WriteString("units", line.Units);
        if (line.Rate is not null) json.WriteString("rate", line.Rate);
        json.WriteNumber("minor", line.MinorUnits);
        if (line.TaxMinorUnits != 0) json.WriteNumber("tax", line.TaxMinorUnits);
        if (line.DebtId is not null) json.WriteString("debt", line.DebtId);
        if (line.LeftMinorUnits is { } left) json.WriteNumber("left", left);
        json.WriteEndObject();
    }

    private static SaleLine ReadLine(JsonElement json) => new(
        (PriceLineKind)json.GetProperty("kind").GetInt32(), Text(json, "name")!, Text(json, "units"), Text(json, "rate"), json.GetProperty("minor").GetInt64(),
        json.TryGetProperty("tax", out JsonElement tax) ? tax.GetInt64() : 0, Text(json, "debt"), json.TryGetProperty("left", out JsonElement left) ? left.GetInt64() : null);

    private static void WriteKey(Utf8JsonWriter json, in DecoderKeyAttributes key)
    {
        json.WriteStartObject("key");
        json.WriteString("pan", key.Pan.ToString());
        json.WriteString("sgc", key.SupplyGroup.ToString());
        json.WriteString("ti", key.TariffIndex.ToString());
        json.WriteNumber("krn", key.KeyRevision.Value);
        json.WriteNumber("kt", (int)key.KeyType);
        json.WriteNumber("ken", key.KeyExpiry.Value);
        json.WriteNumber("base", key.BaseDate.Year);
        json.WriteNumber("ea", (int)key.Algorithm);
        json.WriteEndObject();
    }

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
