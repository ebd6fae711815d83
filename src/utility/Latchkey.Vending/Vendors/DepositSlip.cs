using System.Globalization;
using Latchkey.Quantities;

namespace Latchkey.Vending.Vendors;

/// <summary>Money that a vendor takes to the bank; the bank's line is found again by the reference on it.</summary>
public sealed record DepositSlip(string Reference, string Vendor, Money Amount, DateTimeOffset WrittenAt, int? BankingBatch)
{
    private const int CheckModulus = 97;

    /// <summary>The vendor's code, a number, and two check digits (ISO 7064, MOD 97-10 over the letters' numbers): a slip of the pen is noticed at the bank's desk.</summary>
    internal static string ReferenceOf(string vendor, int number)
    {
        string body = string.Create(CultureInfo.InvariantCulture, $"{vendor.ToUpperInvariant()}-{number:D5}");
        return body + "-" + (CheckModulus + 1 - Remainder(body, "00")).ToString("D2", CultureInfo.InvariantCulture);
    }

    /// <summary>True where the check digits fit; blanks and the case of letters do not count.</summary>
    public static bool IsWellFormed(string reference)
    {
        string plain = Normal(reference);
        int cut = plain.LastIndexOf('-');
        return cut > 0 && plain.Length - cut == 3 && char.IsAsciiDigit(plain[^1]) && char.IsAsciiDigit(plain[^2]) && Remainder(plain[..cut], plain[(cut + 1)..]) == 1;
    }

    internal static string Normal(string reference) => string.Concat(reference.Where(c => !char.IsWhiteSpace(c))).ToUpperInvariant();

    private static int Remainder(string body, string check)
    {
        int remainder = 0;
        foreach (char c in body + check)
        {
            if (char.IsAsciiDigit(c)) remainder = ((remainder * 10) + c - '0') % CheckModulus;
            else if (char.IsAsciiLetterUpper(c)) remainder = ((remainder * 100) + c - 'A' + 10) % CheckModulus;
        }

        return remainder;
    }
}

/// <summary>A line of the bank's statement that brings money.</summary>
/// <param name="Id">The bank's own number of it: one line is booked once, however often the statement is read.</param>
public sealed record BankLine(string Id, DateOnly ValueDate, string Reference, Money Amount)
{
    public const int MaxIdLength = 64;
    public const int MaxReferenceLength = 140;
}

/// <summary>What became of a line. Numbers are stored.</summary>
public enum BankMatch
{
    /// <summary>Its reference is a slip's: the money is on the vendor's float.</summary>
    Matched = 1,

    /// <summary>No slip has its reference: the money waits in suspense for two people.</summary>
    Unmatched = 2,

    /// <summary>The same line was read before.</summary>
    AlreadyRead = 3,

    /// <summary>Another line had this number before.</summary>
    IdReused = 4,

    /// <summary>Not money that came in, a number or reference of no use, or another currency than the slip's.</summary>
    Refused = 5,
}

/// <summary>A line as it is kept.</summary>
/// <param name="Vendor">Whose float it went to; null while in suspense.</param>
/// <param name="ApprovedBy">The two people who gave it to a vendor; null where its reference did.</param>
public sealed record BankLineRecord(BankLine Line, string? Vendor, TwoPeople? ApprovedBy, int Version = 0);
