using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Vending;

/// <summary>Terms as bytes, for the store: fixed order of fields, one encoding. Terms that an earlier version kept as JSON are still read.</summary>
public static class SaleTermsCodec
{
    /// <summary>Since the second version lines know their tax and the debt they pay; since the third terms know the names of customer and tariff; since the fourth they may be of money for the meter; the fifth is written for tokens of a maker's service alone.</summary>
    private const byte MakerVersion = 5, Version = 4, ThirdVersion = 3, FirstVersion = 1;
    private const byte JsonBegin = (byte)'{';
    private const int MaxLines = 256;

    public static byte[] Encode(SaleTerms terms)
    {
        var to = new PackedWriter(stackalloc byte[512]);
        to.Byte(terms.Make is null ? Version : MakerVersion);
        WriteKey(ref to, terms.Key);
        to.Text(terms.TariffId);
        to.Integer(terms.TariffFrom?.DayNumber ?? -1);
        to.Text(terms.UnitsAsked);
        to.Integer(terms.TenthsGranted);
        to.Integer(terms.RoundingMinorUnits);
        to.Text(terms.BlockPeriod);
        to.Text(terms.FixedPeriod);
        to.Text(terms.CustomerAccount);
        to.Text(terms.Place);
        to.Text(terms.CustomerName);
        to.Text(terms.TariffName);
        to.Integer(terms.PrepaidMinorUnits);
        if (terms.Make is not null) to.Text(terms.Make);
        to.Integer(terms.Lines.Count);
        foreach (SaleLine line in terms.Lines)
        {
            to.Byte((byte)line.Kind);
            to.Text(line.Name);
            to.Text(line.Units);
            to.Text(line.Rate);
            to.Integer(line.MinorUnits);
            to.Integer(line.TaxMinorUnits);
            to.Text(line.DebtId);
            to.Integer(line.LeftMinorUnits ?? -1);
        }

        return to.Written.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote; the store's own bytes, so anything else is a damaged store.</summary>
    /// <exception cref="FormatException">The bytes are not terms.</exception>
    public static SaleTerms Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span is [JsonBegin, ..]) return SaleTermsJson.Decode(bytes);
        try
        {
            return Read(bytes.Span);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new FormatException("The stored terms of an order cannot be read.", e);
        }
    }

    internal static void WriteKey(ref PackedWriter to, in DecoderKeyAttributes key)
    {
        to.UInt64(key.Pan.Value);
        to.Text(key.SupplyGroup.ToString());
        to.Text(key.TariffIndex.ToString());
        to.Integer(key.KeyRevision.Value);
        to.Integer((int)key.KeyType);
        to.Byte(key.KeyExpiry.Value);
        to.Integer(key.BaseDate.Year);
        to.Integer((int)key.Algorithm);
    }

    internal static DecoderKeyAttributes ReadKey(ref PackedReader from) => new(
        MeterPan.Parse(from.UInt64().ToString("D18", System.Globalization.CultureInfo.InvariantCulture)),
        SupplyGroupCode.Parse(from.Text()),
        TariffIndex.Parse(from.Text()),
        KeyRevisionNumber.FromValue(checked((int)from.Integer())),
        (KeyType)from.Integer(),
        new KeyExpiryNumber(from.Byte()),
        BaseDate.TryFromYear(checked((int)from.Integer()), out BaseDate baseDate) ? baseDate : throw new FormatException("No such base date."),
        (EncryptionAlgorithm)from.Integer());

    private static SaleTerms Read(ReadOnlySpan<byte> bytes)
    {
        var from = new PackedReader(bytes);
        byte version = from.Byte();
        if (version is < FirstVersion or > MakerVersion) throw new FormatException("The stored terms are of no known version.");
        DecoderKeyAttributes key = ReadKey(ref from);
        string tariff = from.Text();
        long day = from.Integer();
        var terms = new SaleTerms(
            key, tariff, day < 0 ? null : DateOnly.FromDayNumber(checked((int)day)), from.Text(), from.Integer(), from.Integer(), [],
            from.Text(), from.Text(), from.Text(), from.Text());
        if (version >= ThirdVersion) terms = terms with { CustomerName = from.TextOrNull(), TariffName = from.TextOrNull() };
        if (version >= Version) terms = terms with { PrepaidMinorUnits = from.Integer() };
        if (version >= MakerVersion) terms = terms with { Make = from.Text() };
        var lines = new SaleLine[from.Count(MaxLines)];
        for (int i = 0; i < lines.Length; i++)
        {
            var line = new SaleLine((PriceLineKind)from.Byte(), from.Text(), from.TextOrNull(), from.TextOrNull(), from.Integer());
            lines[i] = version == FirstVersion ? line : line with { TaxMinorUnits = from.Integer(), DebtId = from.TextOrNull(), LeftMinorUnits = from.Integer() is >= 0 and var left ? left : null };
        }

        return from.AtEnd ? terms with { Lines = lines } : throw new FormatException("The stored terms go on after their end.");
    }
}
