using System.Globalization;

namespace Latchkey.Payments.WeChatPay.Bills;

/// <summary>The values of a bill: money in yuan, times of China, numbers, and sums that must be those of the rows.</summary>
internal static class BillValues
{
    private const string TimeForm = "yyyy-MM-dd HH:mm:ss";
    private const int MaxIdLength = 64;
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <summary>Yuan with two decimals or more, of which those after the second are zero, as fen. A number that was cut has fewer.</summary>
    public static bool TryFen(string text, out long fen)
    {
        fen = 0;
        int point = text.IndexOf('.', StringComparison.Ordinal);
        if (point < 1 || text.Length - point - 1 is < 2 or > 8) return false;
        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal yuan)) return false;
        if (Math.Abs(yuan) > 10_000_000_000m || decimal.Truncate(yuan * 100) != yuan * 100) return false;
        fen = (long)(yuan * 100);
        return true;
    }

    public static bool TryTime(string text, out DateTimeOffset at)
    {
        bool isTime = DateTime.TryParseExact(text, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime wall) && wall.Year > 2000;
        at = isTime ? new DateTimeOffset(wall, China) : default;
        return isTime;
    }

    public static bool IsId(string text) => text.Length is > 0 and <= MaxIdLength && !text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));

    /// <summary>Null where the row of sums has this count.</summary>
    public static BillFault? CountFault(BillTable table, string name, int count)
    {
        if (table.Sum(name) is not { } text) return Missing(name);
        bool isCount = int.TryParse(text.EndsWith(".0", StringComparison.Ordinal) ? text[..^2] : text, NumberStyles.None, CultureInfo.InvariantCulture, out int said);
        return isCount && said == count ? null : Differs(table, name, text, count.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Null where the row of sums has this sum, under the one or the other name.</summary>
    public static BillFault? SumFault(BillTable table, string name, string older, long fen)
    {
        if ((table.Sum(name) ?? table.Sum(older)) is not { } text) return Missing(name);
        if (!TryFen(text, out long said)) return new BillFault(BillCodes.CutOff, table.Sums.Number, $"{name} '{text}' is no amount in yuan with two decimals: the end may be missing, download it again");
        return said == fen ? null : Differs(table, name, text, (fen / 100m).ToString("F2", CultureInfo.InvariantCulture));
    }

    /// <summary>Null where the file ends with a whole amount: one that was cut within its last number is cut all the same.</summary>
    public static BillFault? EndFault(BillTable table) => TryFen(table.Sums.Values[^1], out _)
        ? null
        : new BillFault(BillCodes.CutOff, table.Sums.Number, $"'{table.Sums.Values[^1]}' at the end is no amount in yuan with two decimals: download it again");

    private static BillFault Missing(string name) => new(BillCodes.CutOff, 0, $"the sums at the end do not have {name}: download it again");

    private static BillFault Differs(BillTable table, string name, string said, string found) =>
        new(BillCodes.SumsDiffer, table.Sums.Number, $"{name} is {said}, the rows come to {found}: a row is missing or was changed, download it again");
}
