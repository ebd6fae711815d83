using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Vending.Tests;

internal static class Samples
{
    public static DecoderKeyAttributes Key { get; } = new(
        MeterPan.Parse("600727000000000009"), SupplyGroupCode.Parse("201457"), TariffIndex.Parse("01"), KeyRevisionNumber.FromValue(1), KeyType.Unique,
        KeyExpiryNumber.Never, BaseDate.Year2014, EncryptionAlgorithm.Ea11);

    public static SaleTerms Terms { get; } = new(
        Key, "T", new DateOnly(2026, 7, 1), "81.0400353983", 811, 3,
        [
            new SaleLine(PriceLineKind.Energy, "energy", "81.0400353983", "0.5283", 4281),
            new SaleLine(PriceLineKind.Levy, "路灯", "81.0400353983", "0.02", 162),
            new SaleLine(PriceLineKind.Vat, "vat", null, "0.13", 557),
        ],
        "CalendarMonth:2026-11-01", "fixed:2026-11-01", "ACC-1", "3号楼301室");

    public static OrderReceipt Receipt { get; } = new(
        "R000000003", new Guid(7, 0, 0, new byte[8]), "2026-11-22T17:30:20+08:00", "Riverside Park", "91310000X", "wechat", "4200002101202611220000000001", null,
        "600727000000000009", "00000000000", "201457", "01", 1, "Ea11", "ACC-1", "Building 3, room 301", "T", null, "CNY", 5_000, "81.0400353983", 811, 3,
        [
            new ReceiptLine("energy", "energy", "81.0400353983", "0.5283", 4281),
            new ReceiptLine("levy", "street lighting", "81.0400353983", "0.02", 162),
            new ReceiptLine("vat", "vat", null, "0.13", 557),
        ],
        [new ReceiptToken("sale", "1234 5678 9012 3456 7890", 811, 6_777_000)], new string('a', 64), OrderReceipt.DevelopmentWatermark);
}
