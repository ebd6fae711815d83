using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Latchkey.Ledger;
using Latchkey.Tariffs;

namespace Latchkey.Vending;

/// <summary>A token on a receipt.</summary>
/// <param name="Number">Five groups of four digits.</param>
/// <param name="Tenths">0.1 kWh.</param>
/// <param name="MinorUnits">Money for the meter's own account; null where the token carries energy or nothing.</param>
public sealed record ReceiptToken(string Kind, string Number, long Tenths, uint TidMinutes, long? MinorUnits = null);

/// <summary>A line of the price on a receipt; amounts in minor units, units and rates as decimal text.</summary>
/// <param name="TaxMinorUnits">What the line adds to the tax line; on a debt, the tax that was booked when it arose. Null where it bears none.</param>
/// <param name="LeftMinorUnits">On a debt, what is still owed.</param>
public sealed record ReceiptLine(string Kind, string Name, string? Units, string? Rate, long MinorUnits, long? TaxMinorUnits = null, long? LeftMinorUnits = null);

/// <summary>All that a receipt says. Serialised once, when the sale is settled; the bytes are the answer for ever.</summary>
/// <param name="Number">Unique: the number of the entry in the ledger.</param>
/// <param name="LedgerHash">The chain's hash at that entry: whoever holds the receipt can hold the seller to it.</param>
/// <param name="Vendor">Who sold it, where that is not the seller.</param>
/// <param name="Tender">Stable code of how it was paid: <c>cash</c>, <c>card</c>, <c>mobile-money</c>, <c>transfer</c>, <c>cheque</c>; null where no counter was.</param>
/// <param name="CashRoundingMinorUnits">What the smallest coin left unpaid.</param>
/// <param name="TokenTechnology">TT of the standard's receipts: 02 for a number that is typed.</param>
/// <param name="Watermark">Set where the keys are for development: such a token opens no real meter.</param>
public sealed record OrderReceipt(
    string Number,
    Guid OrderId,
    string IssuedAt,
    string Seller,
    string SellerTaxNumber,
    string Channel,
    string? PaymentReference,
    string? Operator,
    string MeterPan,
    string MeterNumber,
    string SupplyGroup,
    string TariffIndex,
    int KeyRevision,
    string Algorithm,
    string CustomerAccount,
    string Place,
    string TariffId,
    string? TariffFrom,
    string Currency,
    long AmountMinorUnits,
    string UnitsAsked,
    long TenthsGranted,
    long RoundingMinorUnits,
    IReadOnlyList<ReceiptLine> Lines,
    IReadOnlyList<ReceiptToken> Tokens,
    string LedgerHash,
    string? Watermark,
    string? SellerAddress = null,
    string? Vendor = null,
    string? Terminal = null,
    string? Tender = null,
    long? TenderedMinorUnits = null,
    long? CashRoundingMinorUnits = null,
    string? CustomerName = null,
    string? TariffName = null,
    string? TokenTechnology = null)
{
    /// <summary>TT 02 of IEC 62055-41: a number for a keypad.</summary>
    public const string NumericTechnology = "02";

    public const string DevelopmentWatermark = "DEVELOPMENT KEYS - NOT FOR A REAL METER";

    /// <summary>The bytes that are stored and sent.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, ReceiptJson.Default.OrderReceipt);

    /// <summary>Reads stored bytes.</summary>
    /// <exception cref="FormatException">They are not a receipt.</exception>
    public static OrderReceipt FromBytes(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, ReceiptJson.Default.OrderReceipt) ?? throw new FormatException("An empty receipt.");
        }
        catch (JsonException e)
        {
            throw new FormatException("The stored receipt cannot be read.", e);
        }
    }

    /// <param name="change">The meter's newest change of keys when the order was held.</param>
    internal static OrderReceipt Of(VendOrder order, RecordedEntry hold, KeyChange? change, VendingOptions options, bool development)
    {
        SaleTerms terms = order.Terms!;
        DateTimeOffset at = order.Times.Held!.Value.ToOffset(options.UtcOffset);
        return new OrderReceipt(
            string.Create(CultureInfo.InvariantCulture, $"R{hold.Sequence:D9}"),
            order.Id,
            at.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
            options.SellerName,
            options.SellerTaxNumber,
            order.Command.Channel,
            order.Command.PaymentReference,
            order.Command.Operator,
            order.Command.Pan.ToString(),
            order.Command.Pan.Drn.ToString(),
            terms.Key.SupplyGroup.ToString(),
            terms.Key.TariffIndex.ToString(),
            terms.Key.KeyRevision.Value,
            terms.Key.Algorithm.ToString(),
            terms.CustomerAccount,
            terms.Place,
            terms.TariffId,
            terms.TariffFrom?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            order.Command.Amount.Currency.ToString(),
            order.Command.Amount.MinorUnits,
            terms.UnitsAsked,
            terms.TenthsGranted,
            terms.RoundingMinorUnits,
            [.. terms.Lines.Select(l => new ReceiptLine(
                NameOf(l.Kind), l.Name, l.Units, l.Rate, l.MinorUnits, l.TaxMinorUnits == 0 ? null : l.TaxMinorUnits, l.LeftMinorUnits))],
            [.. KeyTokens(order, change, options), new ReceiptToken(KindOf(order.Command), order.Token!.Value.ToGroupedString(), terms.TenthsGranted, order.Tid?.Minutes ?? 0, terms.IsMoney ? terms.PrepaidMinorUnits : null)],
            hold.Hash.ToString(),
            development ? DevelopmentWatermark : null,
            options.SellerAddress,
            options.FindChannel(order.Command.Channel)?.Name,
            order.Command.Terminal,
            order.Command.Tender is { } tender ? CodeOf(tender.Kind) : null,
            order.Command.Tender?.TenderedMinorUnits,
            order.Command.Tender is { RoundedMinorUnits: > 0 and var rounded } ? rounded : null,
            terms.CustomerName,
            terms.TariffName,
            NumericTechnology);
    }

    /// <summary>What must be typed before the token. A fund's gift comes with a sale, whose receipt has them.</summary>
    private static IEnumerable<ReceiptToken> KeyTokens(VendOrder order, KeyChange? change, VendingOptions options) => options.FindChannel(order.Command.Channel)?.TariffId is not null
        ? []
        : options.KeyGate.TokensBefore(change, order.Terms!.Key).Select(token => new ReceiptToken(ReceiptTokenKinds.KeyChange, token.ToGroupedString(), 0, 0));

    /// <summary>The stable code of a kind of payment.</summary>
    public static string CodeOf(TenderKind kind) => kind switch
    {
        TenderKind.Cash => "cash",
        TenderKind.Card => "card",
        TenderKind.MobileMoney => "mobile-money",
        TenderKind.Transfer => "transfer",
        TenderKind.Cheque => "cheque",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string KindOf(PlaceOrder command) => command.Channel switch
    {
        Grants.FreeIssueChannel => ReceiptTokenKinds.FreeIssue,
        Grants.TransferChannel => ReceiptTokenKinds.CreditTransfer,
        _ => ReceiptTokenKinds.Sale,
    };

    private static string NameOf(PriceLineKind kind) => kind switch
    {
        PriceLineKind.Energy => "energy",
        PriceLineKind.Levy => "levy",
        PriceLineKind.Fixed => "fixed",
        PriceLineKind.Vat => "vat",
        PriceLineKind.Debt => "debt",
        PriceLineKind.Subsidy => "subsidy",
        PriceLineKind.Fee => "fee",
        PriceLineKind.Prepaid => "prepaid",
        PriceLineKind.ResidueUsed => "residue-used",
        PriceLineKind.ResidueKept => "residue-kept",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(OrderReceipt))]
internal sealed partial class ReceiptJson : JsonSerializerContext;
