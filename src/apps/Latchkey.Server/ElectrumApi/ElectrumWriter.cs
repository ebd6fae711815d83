using System.Globalization;
using System.Text.Json;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Server.ElectrumApi;

/// <summary>The parts that answers of the contract share: meter, customer, utility, amounts.</summary>
internal static class ElectrumWriter
{
    /// <param name="next">The key that the answer's key change brings; null where it brings none.</param>
    public static void WriteMeter(Utf8JsonWriter json, ElectrumMeter meter, DecoderKeyAttributes key, ElectrumRequest request, DecoderKeyAttributes? next = null)
    {
        json.WriteStartObject("meter");
        json.WriteString("meterId", meter.MeterId);
        if (request.Text("meter", "track2Data") is { } track) json.WriteString("track2Data", track);
        json.WriteString("serviceType", request.Text("meter", "serviceType") ?? "Electricity");
        json.WriteString("supplyGroupCode", key.SupplyGroup.ToString());
        json.WriteString("keyRevisionNum", key.KeyRevision.Value.ToString(CultureInfo.InvariantCulture));
        json.WriteString("tariffIndex", key.TariffIndex.ToString());
        json.WriteString("tokenTechCode", meter.TokenTechnology);
        json.WriteString("algorithmCode", key.Algorithm == EncryptionAlgorithm.Ea11 ? "11" : "07");
        if (next is { } to)
        {
            json.WriteStartObject("keyChangeData");
            json.WriteString("newSupplyGroupCode", to.SupplyGroup.ToString());
            json.WriteString("newKeyRevisionNumber", to.KeyRevision.Value.ToString(CultureInfo.InvariantCulture));
            json.WriteString("newTariffIndex", to.TariffIndex.ToString());
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    public static void WriteCustomer(Utf8JsonWriter json, ElectrumMeter meter)
    {
        json.WriteStartObject("customer");
        json.WriteString("firstName", meter.FirstName);
        json.WriteString("lastName", meter.LastName);
        json.WriteString("address", meter.Address);
        json.WriteEndObject();
    }

    public static void WriteUtility(Utf8JsonWriter json, UtilityProfile utility)
    {
        json.WriteStartObject("utility");
        json.WriteString("name", utility.Name);
        json.WriteString("address", utility.Address);
        json.WriteString("vatRegNum", utility.VatRegistration);
        json.WriteString("clientId", utility.ClientId);
        json.WriteString("message", utility.Message);
        json.WriteEndObject();
    }

    /// <summary>Minor units and the numeric code of the currency, as the contract's ledger amounts.</summary>
    public static void WriteAmount(Utf8JsonWriter json, string name, long minorUnits, Currency currency)
    {
        json.WriteStartObject(name);
        WriteAmountFields(json, minorUnits, currency);
        json.WriteEndObject();
    }

    /// <summary>A token that changes the meter's key: no energy, no money.</summary>
    public static void WriteKeyToken(Utf8JsonWriter json, string digits, Currency currency)
    {
        json.WriteStartObject();
        json.WriteString("tokenType", "KC");
        json.WriteNumber("units", 0);
        WriteAmount(json, "amount", 0, currency);
        json.WriteString("token", digits);
        json.WriteEndObject();
    }

    public static void WriteAmountFields(Utf8JsonWriter json, long minorUnits, Currency currency)
    {
        json.WriteNumber("amount", minorUnits);
        json.WriteString("currency", currency.NumericCode.ToString("D3", CultureInfo.InvariantCulture));
    }

    /// <summary>An amount net of its tax, and the tax.</summary>
    /// <param name="rate">A share; null where no tax is named.</param>
    public static void WriteTaxed(Utf8JsonWriter json, long netMinorUnits, long tax, decimal? rate, Currency currency)
    {
        json.WriteStartObject("amount");
        WriteAmountFields(json, netMinorUnits, currency);
        json.WriteNumber("tax", tax);
        if (rate is { } share)
        {
            json.WriteString("taxType", "VAT");
            json.WriteNumber("taxRate", decimal.Round(share * 100m, 4) / 1.0000m);
        }

        json.WriteEndObject();
    }
}
