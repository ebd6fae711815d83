using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Vending.Reconciliation;

namespace Latchkey.Vending.Settlements;

/// <summary>One line of a settlement file with the name by which it is booked once, whichever file brings it.</summary>
/// <param name="Id">Of the channel's own: <c>pay:</c> with the payment's number, <c>refund:</c> with the refund's.</param>
/// <param name="Line">Its fee is below zero where the service gives a fee back with a refund.</param>
public sealed record PaperLine(string Id, SettlementLine Line)
{
    internal const string PaymentPrefix = "pay:";
    internal const string RefundPrefix = "refund:";

    public static PaperLine OfPayment(SettlementLine line) => new(PaymentPrefix + line.Reference, line);

    /// <param name="refund">The service's number of the refund: one payment may be paid back in parts.</param>
    public static PaperLine OfRefund(SettlementLine line, string refund) => new(RefundPrefix + refund, line);
}

/// <summary>A settlement file as it is booked: what a payment service says it settled, under the service's own name for the file.</summary>
/// <param name="Id">The service's name of the file: a day, a number. The same name is the same content, or nothing.</param>
public sealed record SettlementPaper(string Channel, string Id, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<PaperLine> Lines)
{
    public const int MaxIdLength = 64;
    public const int MostLines = 100_000;
    private const int MaxChannelLength = 32;
    private const int MaxLineIdLength = 72;

    /// <summary>What is wrong with it, in words; null for one that can be booked.</summary>
    public string? Fault()
    {
        if (!IsName(Channel, MaxChannelLength) || Channel.Any(c => !char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '_' or '.'))) return "a channel is named in lower-case letters and digits";
        if (!IsName(Id, MaxIdLength)) return $"a file's id has 1 to {MaxIdLength} characters without blanks";
        if (To <= From) return "a file covers a stretch of time that ends after it begins";
        if (Lines.Count is 0 or > MostLines) return $"a file has 1 to {MostLines} lines";
        if (Lines.GroupBy(l => l.Id, StringComparer.Ordinal).FirstOrDefault(g => g.Skip(1).Any()) is { } twice) return $"'{twice.Key}' is in it twice";
        return Lines.Select(FaultOf).FirstOrDefault(fault => fault is not null);
    }

    /// <summary>SHA-256 over what it says, in hexadecimal: the order of the lines does not count.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Channel}\n{From.UtcTicks}\n{To.UtcTicks}\n")));
        foreach (PaperLine line in Lines.OrderBy(l => l.Id, StringComparer.Ordinal)) hash.AppendData(Encoding.UTF8.GetBytes(TextOf(line)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string TextOf(PaperLine line) => string.Create(
        CultureInfo.InvariantCulture,
        $"{line.Id}\n{(int)line.Line.Kind}\n{line.Line.Reference}\n{line.Line.Amount.MinorUnits}\n{line.Line.Amount.Currency}\n{line.Line.FeeMinorUnits}\n{line.Line.At.UtcTicks}\n");

    private string? FaultOf(PaperLine line)
    {
        if (line.Line.Channel != Channel) return $"'{line.Id}' is of another channel";
        if (!IsName(line.Id, MaxLineIdLength) || !IsName(line.Line.Reference, SettlementLine.MaxReferenceLength)) return $"'{line.Id}' has a number that is empty, too long or has blanks";
        if (line.Line.Amount.MinorUnits <= 0) return $"'{line.Id}' has no amount above zero";
        long least = line.Line.Kind == SettlementKind.Refund ? -line.Line.Amount.MinorUnits : 0;
        return line.Line.FeeMinorUnits < least || line.Line.FeeMinorUnits > line.Line.Amount.MinorUnits ? $"'{line.Id}' has a fee above its amount, or below zero" : null;
    }

    private static bool IsName(string text, int most) => text.Length > 0 && text.Length <= most && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));
}
