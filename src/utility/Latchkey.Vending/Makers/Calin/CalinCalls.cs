using System.Globalization;
using System.Text.Json;
using Latchkey.Sts;

namespace Latchkey.Vending.Makers.Calin;

/// <summary>The calls of the family and the bodies that go with them.</summary>
internal static class CalinCalls
{
    private static readonly string[] Fields = ["company_name", "user_name", "password", "password_vend", "meter_number", "is_vend_by_unit", "amount"];

    public static bool IsField(string name) => Fields.Contains(name, StringComparer.OrdinalIgnoreCase);

    public static string NameOf(MakerTokenKind kind) => kind switch
    {
        MakerTokenKind.Credit => "POS_Purchase",
        MakerTokenKind.ClearCredit => "Maintenance_ClearCredit",
        MakerTokenKind.ClearTamper => "Maintenance_ClearTamper",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The body of a wish. Energy is asked for in units: what it costs was reckoned here, and two tariffs for one sale cannot both be right.</summary>
    public static byte[] BodyOf(CalinOptions options, MakerWish wish) => Write(options, json =>
    {
        if (wish.Kind == MakerTokenKind.Credit)
        {
            json.WriteString("password_vend", (options.VendPassword ?? options.Password).Reveal());
            json.WriteBoolean("is_vend_by_unit", true);
            json.WriteNumber("amount", wish.Tenths / 10m);
        }

        json.WriteString("meter_number", MeterNumberOf(wish.Pan));
        if (options.RequestIdField is { } field) json.WriteString(field, wish.RequestId.ToString("N", CultureInfo.InvariantCulture));
    });

    /// <summary>The body that looks for a request.</summary>
    public static byte[] FindBodyOf(CalinOptions options, MakerWish wish) => Write(options, json =>
    {
        json.WriteString("meter_number", MeterNumberOf(wish.Pan));
        json.WriteString(options.RequestIdField!, wish.RequestId.ToString("N", CultureInfo.InvariantCulture));
    });

    /// <summary>The digits on the meter's face: 11 or 13.</summary>
    public static string MeterNumberOf(MeterPan pan) => pan.Drn.ToString();

    private static byte[] Write(CalinOptions options, Action<Utf8JsonWriter> rest)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("company_name", options.Company);
            json.WriteString("user_name", options.User);
            json.WriteString("password", options.Password.Reveal());
            rest(json);
            json.WriteEndObject();
        }

        return body.ToArray();
    }
}
