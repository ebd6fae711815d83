using System.Globalization;
using System.Text.Json;
using Latchkey.Quantities;
using Latchkey.Tariffs;
using Latchkey.Vending;

namespace Latchkey.Server.ElectrumApi;

/// <summary>One token of an answer: the terms it was sold by, its digits and its receipt.</summary>
/// <param name="Digits">Twenty digits; zeros on a trial.</param>
/// <param name="EnergyTaxFactor">What one unit of net money for energy comes to with tax.</param>
internal sealed record AnsweredToken(BundlePart Part, SaleTerms Terms, string Digits, string? Receipt, decimal EnergyTaxFactor);

/// <summary>A purchase in the contract's words: tokens, what went to debts and services, tax.</summary>
internal static class PurchaseAnswer
{
    /// <param name="keyTokens">To be typed before all others.</param>
    public static void Write(Utf8JsonWriter json, IEnumerable<string> keyTokens, IReadOnlyList<AnsweredToken> tokens, Currency currency)
    {
        SaleLine[] sold = [.. tokens.Where(t => t.Part == BundlePart.Sale).SelectMany(t => t.Terms.Lines)];
        AnsweredToken? sale = tokens.FirstOrDefault(t => t.Part == BundlePart.Sale);
        ElectrumWriter.WriteAmount(json, "purchaseTotal", sold.Where(IsEnergy).Sum(l => l.MinorUnits), currency);
        ElectrumWriter.WriteAmount(json, "taxTotal", sold.Sum(l => l.TaxMinorUnits), currency);
        json.WriteStartArray("tokens");
        foreach (string digits in keyTokens) ElectrumWriter.WriteKeyToken(json, digits, currency);
        foreach (AnsweredToken token in tokens) WriteToken(json, token, currency);
        json.WriteEndArray();

        json.WriteStartArray("debtRecoveryCharges");
        foreach (SaleLine line in sold.Where(l => l.Kind == PriceLineKind.Debt)) WriteDebt(json, line, TaxRate(sold), sale?.Receipt, currency);
        json.WriteEndArray();
        json.WriteStartArray("serviceCharges");
        foreach (SaleLine line in sold.Where(l => l.Kind is PriceLineKind.Fixed or PriceLineKind.Fee or PriceLineKind.ResidueUsed or PriceLineKind.ResidueKept)) WriteService(json, line, TaxRate(sold), currency);
        json.WriteEndArray();
        if (sale?.Receipt is { } invoice) json.WriteString("vatInvoiceNumber", invoice);
    }

    private static void WriteToken(Utf8JsonWriter json, AnsweredToken token, Currency currency)
    {
        IReadOnlyList<SaleLine> lines = token.Terms.Lines;
        json.WriteStartObject();
        json.WriteString("tokenType", token.Part switch { BundlePart.FreeUnits => "BSST", BundlePart.Refund => "REFUND", _ => "STD" });
        json.WriteNumber("units", token.Terms.TenthsGranted / 10m);

        // Free energy costs its reader nothing, whatever the fund behind it pays.
        long net = token.Part == BundlePart.FreeUnits ? 0 : lines.Where(IsEnergy).Sum(l => l.MinorUnits);
        long tax = token.Part == BundlePart.FreeUnits ? 0 : lines.Where(IsEnergy).Sum(l => l.TaxMinorUnits);
        ElectrumWriter.WriteTaxed(json, net, tax, token.Part == BundlePart.Refund ? null : TaxRate(lines) ?? 0, currency);
        if (token.Receipt is { } receipt) json.WriteString("receiptNum", receipt);
        json.WriteString("token", token.Digits);
        WriteBlocks(json, token, currency);
        json.WriteEndObject();
    }

    /// <summary>The steps of a price that has several: units as the token has them, rates with tax in minor units.</summary>
    private static void WriteBlocks(Utf8JsonWriter json, AnsweredToken token, Currency currency)
    {
        SaleLine[] blocks = [.. token.Terms.Lines.Where(l => l.Kind == PriceLineKind.Energy)];
        if (blocks.Length < 2) return;
        decimal left = token.Terms.TenthsGranted / 10m;
        json.WriteStartArray("tariffCalc");
        for (int i = 0; i < blocks.Length; i++)
        {
            // The rounding in the customer's favour is energy of the last step.
            decimal units = i == blocks.Length - 1 ? left : decimal.Round(Number(blocks[i].Units), 1);
            left -= units;
            json.WriteStartObject();
            json.WriteNumber("units", units);
            json.WriteNumber("rate", decimal.Round(Number(blocks[i].Rate) * token.EnergyTaxFactor * currency.MinorPerMajor, 2));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteDebt(Utf8JsonWriter json, SaleLine line, decimal? rate, string? receipt, Currency currency)
    {
        json.WriteStartObject();
        ElectrumWriter.WriteTaxed(json, line.MinorUnits - line.TaxMinorUnits, line.TaxMinorUnits, line.TaxMinorUnits == 0 ? null : rate, currency);
        json.WriteString("description", line.Name);
        ElectrumWriter.WriteAmount(json, "balance", line.LeftMinorUnits ?? 0, currency);
        if (receipt is not null) json.WriteString("receiptNum", receipt);
        json.WriteEndObject();
    }

    private static void WriteService(Utf8JsonWriter json, SaleLine line, decimal? rate, Currency currency)
    {
        json.WriteStartObject();
        ElectrumWriter.WriteTaxed(json, line.MinorUnits, line.TaxMinorUnits, line.TaxMinorUnits == 0 ? null : rate, currency);
        json.WriteString("description", line.Name);
        json.WriteEndObject();
    }

    /// <summary>What the energy costs without tax: its price and the levies on it. What a subsidy bears is energy all the same.</summary>
    private static bool IsEnergy(SaleLine line) => line.Kind is PriceLineKind.Energy or PriceLineKind.Levy;

    private static decimal? TaxRate(IEnumerable<SaleLine> lines) =>
        lines.FirstOrDefault(l => l.Kind == PriceLineKind.Vat)?.Rate is { } rate ? Number(rate) : null;

    private static decimal Number(string? text) => decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out decimal value) ? value : 0;
}
