using System.Text.Json;
using System.Text.Json.Serialization;
using Latchkey.Vending;

namespace Latchkey.Server.ElectrumApi.Seed;

/// <summary>The bench's case data as its file has it.</summary>
internal sealed record ElectrumCase(
    CaseUtility Utility, IReadOnlyList<CaseClient> Clients, string Currency, string SupplyGroup, long Maximum, string FreeUnitsFund, string RefundsFund,
    IReadOnlyList<JsonElement> Tariffs, IReadOnlyList<CaseMeter> Meters)
{
    private const string Resource = "Latchkey.Server.ElectrumApi.Seed.electrum.json";
    private static readonly JsonSerializerOptions Format = new(JsonSerializerOptions.Web) { Converters = { new JsonStringEnumConverter() } };

    public static ElectrumCase Load()
    {
        using Stream stream = typeof(ElectrumCase).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is missing.");
        return JsonSerializer.Deserialize<ElectrumCase>(stream, Format) ?? throw new InvalidOperationException($"{Resource} is empty.");
    }
}

internal sealed record CaseUtility(string Name, string Address, string VatRegNum, string ClientId, string Message, string InstitutionId);

internal sealed record CaseClient(string User, string Password);

internal sealed record CaseDebt(string Id, string Name, long Owed, long PerPurchase, decimal TaxShare);

internal sealed record CaseSlipLine(string Text, int? FontWidthScaleFactor, int? FontHeightScaleFactor);

/// <param name="Refund">Energy owed to the customer, by its worth in minor units.</param>
/// <param name="KeyChange">When the meter is given the next revision of its key.</param>
/// <param name="LosesAnswers">The answer to a purchase gets lost; a retry succeeds.</param>
internal sealed record CaseMeter(
    string MeterId, string Drn, int KeyRevision, string TariffIndex, string TokenTechCode, string FirstName, string LastName, string Address, long Amount,
    string Tariff, IReadOnlyList<CaseDebt>? Debts = null, IReadOnlyList<CaseSlipLine>? Slip = null, long Refund = 0, KeyChangePolicy KeyChange = KeyChangePolicy.OnRequest, bool LosesAnswers = false);
