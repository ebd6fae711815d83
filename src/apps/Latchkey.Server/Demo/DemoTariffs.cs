using System.Text.Json;
using Latchkey.Tariffs;

namespace Latchkey.Server.Demo;

/// <summary>The made-up park's prices: one flat, one in yearly steps like a Chinese city's ladder, tax included.</summary>
public static class DemoTariffs
{
    public const string Flat = "PARK-FLAT";
    public const string Ladder = "PARK-LADDER";

    private const string Json = """
        [
          { "id": "PARK-FLAT", "name": "Park flat rate", "utility": "Liangxiang Park", "currency": "CNY", "minor_digits": 2, "valid": "2020-01-01/",
            "accumulation": "calendar_month", "vat": { "rate": 0.13, "base": ["energy"] }, "fixed": [], "levies": [],
            "blocks": [ { "from": 0, "to": null, "rate": 0.60 } ] },
          { "id": "PARK-LADDER", "name": "Park ladder 居民阶梯", "utility": "Liangxiang Park", "currency": "CNY", "minor_digits": 2, "valid": "2020-01-01/",
            "accumulation": "calendar_year", "vat": { "rate": 0, "base": [] }, "fixed": [], "levies": [],
            "blocks": [ { "from": 0, "to": 2880, "rate": 0.4883 }, { "from": 2880, "to": 4800, "rate": 0.5383 }, { "from": 4800, "to": null, "rate": 0.7883 } ] }
        ]
        """;

    public static TariffBook Book { get; } = Read();

    private static TariffBook Read()
    {
        using JsonDocument document = JsonDocument.Parse(Json);
        return new TariffBook(document.RootElement.EnumerateArray().Select(json =>
            TariffJson.TryRead(json, out Tariff? tariff, out string? fault) ? tariff! : throw new InvalidOperationException("The demo's tariffs: " + fault)).ToArray());
    }
}
