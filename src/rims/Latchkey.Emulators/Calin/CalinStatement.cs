using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Latchkey.Emulators.Calin;

/// <summary>The maker's monthly statement in its two forms. The names are those of the service's calls.</summary>
public sealed record CalinStatement(string Company, IReadOnlyList<CalinSale> Sales)
{
    private const string Heading = "time,call,meter_number,total_unit,unit,token,order_no";

    /// <summary>One line for each token, with a heading.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder(Heading).Append('\n');
        foreach (CalinSale sale in Sales)
            text.Append(CultureInfo.InvariantCulture, $"{TimeOf(sale)},{sale.Call},{sale.MeterNumber},{Units(sale)},kWh,{sale.Token},{sale.RequestId}\n");
        return text.ToString();
    }

    public string ToJson() => new JsonObject
    {
        ["company_name"] = Company,
        ["sales"] = new JsonArray([.. Sales.Select(Node)]),
    }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });

    private static JsonNode Node(CalinSale sale) => new JsonObject
    {
        ["time"] = TimeOf(sale), ["call"] = sale.Call, ["meter_number"] = sale.MeterNumber, ["total_unit"] = sale.Tenths / 10m, ["unit"] = "kWh", ["token"] = sale.Token, ["order_no"] = sale.RequestId,
    };

    private static string TimeOf(CalinSale sale) => sale.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Units(CalinSale sale) => (sale.Tenths / 10m).ToString("0.0", CultureInfo.InvariantCulture);
}
