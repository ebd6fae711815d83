using System.Text.Json;
using Latchkey.Quantities;
using Latchkey.Server.ElectrumApi;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;

namespace Latchkey.Server.Tests.Electrum;

public sealed class PurchaseAnswerTests
{
    private static readonly DecoderKeyAttributes Key = new(
        MeterPan.Parse("600727000000000009"), SupplyGroupCode.Parse("201457"), TariffIndex.Parse("01"), KeyRevisionNumber.FromValue(1), KeyType.Unique,
        KeyExpiryNumber.Never, BaseDate.Year2014, EncryptionAlgorithm.Ea11);

    // A foreign client adds the parts up: what is kept, and what was kept before, must be among them.
    [Fact]
    public void Write_OfATokenThatWasRoundedDown_StillComesToWhatWasPaid()
    {
        var terms = new SaleTerms(
            Key, "C", null, "81", 810, 0,
            [
                new SaleLine(PriceLineKind.Energy, "energy", "81", "0.5283", 4_279, 557), new SaleLine(PriceLineKind.Levy, "lighting", "81", "0.02", 162),
                new SaleLine(PriceLineKind.Vat, "vat", null, "0.13", 557), new SaleLine(PriceLineKind.ResidueUsed, "kept from before", null, null, -7),
                new SaleLine(PriceLineKind.ResidueKept, "kept for the next purchase", null, null, 9),
            ],
            "CalendarMonth:2026-11-01", "fixed:2026-11-01", "ACC-1", "301");
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            PurchaseAnswer.Write(json, [], [new AnsweredToken(BundlePart.Sale, terms, new string('1', 20), "R1", 1.13m)], Currency.Cny);
            json.WriteEndObject();
        }

        using JsonDocument answer = JsonDocument.Parse(stream.ToArray());
        JsonElement[] services = [.. answer.RootElement.GetProperty("serviceCharges").EnumerateArray()];
        Assert.Equal([("kept from before", -7L), ("kept for the next purchase", 9L)], services.Select(s => (s.GetProperty("description").GetString()!, Amount(s, "amount"))));
        Assert.Equal(5_000, Amount(answer.RootElement, "purchaseTotal") + Amount(answer.RootElement, "taxTotal") + services.Sum(s => Amount(s, "amount")));
        Assert.Equal(81, answer.RootElement.GetProperty("tokens")[0].GetProperty("units").GetDecimal());
    }

    private static long Amount(JsonElement json, string name) => json.GetProperty(name).GetProperty("amount").GetInt64();
}
