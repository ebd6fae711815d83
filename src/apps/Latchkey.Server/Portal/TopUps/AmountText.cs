using System.Globalization;
using Latchkey.Quantities;

namespace Latchkey.Server.Portal.TopUps;

/// <summary>Reads an amount as a person types it: <c>50</c>, <c>50.5</c>, <c>50,50</c>. Never more digits than the currency has.</summary>
public static class AmountText
{
    private const int LongestText = 12;

    public static bool TryRead(string text, Currency currency, out Money amount)
    {
        amount = default;
        string plain = text.Trim().Replace(',', '.');
        if (plain.Length is 0 or > LongestText) return false;
        if (!decimal.TryParse(plain, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal major)) return false;
        decimal minor = major * currency.MinorPerMajor;
        if (decimal.Truncate(minor) != minor) return false;
        amount = new Money(decimal.ToInt64(minor), currency);
        return true;
    }
}
