using System.Globalization;
using Latchkey.Ledger;
using Latchkey.Quantities;

namespace Latchkey.Cli.Books;

/// <summary>Amounts of the books as people read them: whole units with a point, no thousands.</summary>
internal static class Amounts
{
    public static string Text(Int128 amount, LedgerUnit unit)
    {
        int digits = Digits(unit);
        Int128 one = 1;
        for (int i = 0; i < digits; i++) one *= 10;
        Int128 whole = Int128.Abs(amount);
        string text = (whole / one).ToString(CultureInfo.InvariantCulture);
        if (digits > 0) text += "." + ((long)(whole % one)).ToString("D" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return amount < 0 ? "-" + text : text;
    }

    /// <summary>Nothing for zero: an empty place in a column of debits.</summary>
    public static string TextOrBlank(Int128 amount, LedgerUnit unit) => amount == 0 ? string.Empty : Text(amount, unit);

    /// <summary>How the unit is called beside an amount: the currency, or kWh.</summary>
    public static string Name(LedgerUnit unit) => unit == LedgerUnit.TenthsOfKilowattHour ? "kWh" : unit.ToString();

    /// <summary>A number that fits a JSON reader's whole numbers, in the smallest step.</summary>
    public static long Number(Int128 amount) => (long)amount;

    private static int Digits(LedgerUnit unit)
    {
        if (unit == LedgerUnit.TenthsOfKilowattHour) return 1;
        if (!Currency.TryParse(unit.ToString(), out Currency currency)) return 0;
        int digits = 0;
        for (long minor = currency.MinorPerMajor; minor > 1; minor /= 10) digits++;
        return digits;
    }
}
