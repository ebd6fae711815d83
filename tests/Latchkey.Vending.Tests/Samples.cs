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

    /// <summary>A sale whose token was rounded down, after one that had left something.</summary>
    public static OrderReceipt CarryingReceipt { get; } = Receipt with
    {
        UnitsAsked = "81", TenthsGranted = 810, RoundingMinorUnits = 0,
        Lines =
        [
            new ReceiptLine("energy", "energy", "81", "0.5283", 4_279),
            new ReceiptLine("levy", "street lighting", "81", "0.02", 162),
            new ReceiptLine("vat", "vat", null, "0.13", 557),
            new ReceiptLine("residue-used", "kept from before", null, null, -7),
            new ReceiptLine("residue-kept", "kept for the next purchase", null, null, 9),
        ],
        Tokens = [new ReceiptToken("sale", "1234 5678 9012 3456 7890", 810, 6_777_000)],
    };

    /// <summary>A sale over a counter with everything a receipt can say: two blocks, a debt, cash with change and rounding, a new key, free units.</summary>
    public static OrderReceipt CounterReceipt { get; } = Receipt with
    {
        Channel = "kiosk-1", PaymentReference = null, Operator = "li.na", SellerAddress = "临江路 1 号", CustomerName = "王丽", Place = "3号楼301室",
        Lines =
        [
            new ReceiptLine("energy", "energy", "60", "0.5283", 3170),
            new ReceiptLine("energy", "energy", "10.5", "0.6", 630),
            new ReceiptLine("levy", "street lighting", "70.5", "0.02", 141),
            new ReceiptLine("fixed", "basic charge", null, null, 500),
            new ReceiptLine("vat", "vat", null, "0.13", 494),
            new ReceiptLine("debt", "arrears 2025", null, "0.3", 68, 8, 12_345),
        ],
        AmountMinorUnits = 5_003, TenthsGranted = 705,
        Tokens =
        [
            new ReceiptToken("key-change", "1111 2222 3333 4444 5555", 0, 6_776_999), new ReceiptToken("key-change", "6666 7777 8888 9999 0000", 0, 6_776_999),
            new ReceiptToken("sale", "1234 5678 9012 3456 7890", 705, 6_777_000), new ReceiptToken("free", "0987 6543 2109 8765 4321", 500, 6_777_001),
        ],
        Vendor = "Kiosk at the gate", Terminal = "till-1", Tender = "cash", TenderedMinorUnits = 6_000, CashRoundingMinorUnits = 3, TariffName = "居民阶梯电价",
        TokenTechnology = OrderReceipt.NumericTechnology,
    };
}
