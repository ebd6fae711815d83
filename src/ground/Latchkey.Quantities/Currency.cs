using System.Globalization;

namespace Latchkey.Quantities;

/// <summary>An ISO 4217 currency: its three-letter code, numeric code and number of minor digits.</summary>
/// <remarks>Source: ISO 4217. The default value is <see cref="None"/>, which no money carries.</remarks>
public readonly record struct Currency
{
    private static readonly Currency[] Known =
    [
        new("CNY", 156, 2), new("ZAR", 710, 2), new("KES", 404, 2), new("UGX", 800, 0), new("TZS", 834, 2),
        new("NGN", 566, 2), new("GHS", 936, 2), new("ZMW", 967, 2), new("IDR", 360, 2), new("INR", 356, 2),
        new("USD", 840, 2), new("EUR", 978, 2), new("GBP", 826, 2), new("PKR", 586, 2), new("BDT", 50, 2),
    ];

    private Currency(string code, int numericCode, int minorDigits)
    {
        Code = code;
        NumericCode = numericCode;
        MinorDigits = minorDigits;
    }

    /// <summary>The absence of a currency; the default value.</summary>
    public static Currency None => default;

    /// <summary>Chinese yuan renminbi: 1 yuan = 100 fen.</summary>
    public static Currency Cny => Known[0];

    /// <summary>South African rand: 1 rand = 100 cents.</summary>
    public static Currency Zar => Known[1];

    /// <summary>Kenyan shilling: 1 shilling = 100 cents.</summary>
    public static Currency Kes => Known[2];

    /// <summary>Three upper-case letters, for example <c>CNY</c>; null for <see cref="None"/>.</summary>
    public string? Code { get; }

    /// <summary>The three-digit numeric code, 0 for <see cref="None"/>.</summary>
    public int NumericCode { get; }

    /// <summary>How many decimal digits the minor unit has: 2 for most, 0 for the Ugandan shilling.</summary>
    public int MinorDigits { get; }

    /// <summary>Minor units in one major unit: 10 to the power of <see cref="MinorDigits"/>.</summary>
    public long MinorPerMajor => MinorDigits switch { 0 => 1, 1 => 10, 2 => 100, 3 => 1000, _ => 10_000 };

    /// <summary>Finds a currency by its three-letter code, in upper case; anything else is refused.</summary>
    public static bool TryParse(ReadOnlySpan<char> code, out Currency currency)
    {
        foreach (Currency known in Known)
        {
            if (!code.SequenceEqual(known.Code)) continue;
            currency = known;
            return true;
        }

        currency = default;
        return false;
    }

    /// <summary>Finds a currency by its ISO 4217 numeric code, for example 710.</summary>
    public static bool TryFromNumericCode(int numericCode, out Currency currency)
    {
        currency = Array.Find(Known, known => known.NumericCode == numericCode);
        return currency != default;
    }

    /// <summary>The code, or an empty text for <see cref="None"/>.</summary>
    public override string ToString() => Code ?? string.Empty;

    internal string Format(long minorUnits)
    {
        decimal major = minorUnits / (decimal)MinorPerMajor;
        return major.ToString("F" + MinorDigits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
