namespace Latchkey.Payments.WeChatPay.Bills;

/// <summary>The text of a bill as two tables: rows under their heading, then one row of sums under its own.</summary>
/// <remarks>
/// Every value stands behind a grave accent, so that spreadsheets leave it alone; names of goods may have commas. Columns are found by their heading: bills of
/// payments, of refunds and of both have them in different places, and new ones are added.
/// Source: WeChat Pay APIv3, tradebill, fundflowbill, downloadurl.
/// </remarks>
internal sealed class BillTable
{
    private const char Mark = '`';
    private const string Between = ",`";
    private const char ByteOrderMark = '\uFEFF';

    private BillTable(BillRow heading, IReadOnlyList<BillRow> rows, BillRow sumHeading, BillRow sums) =>
        (Heading, Rows, SumHeading, Sums) = (heading, rows, sumHeading, sums);

    public BillRow Heading { get; }

    public IReadOnlyList<BillRow> Rows { get; }

    public BillRow SumHeading { get; }

    public BillRow Sums { get; }

    public static BillFault? Read(string text, int mostRows, out BillTable? table)
    {
        table = null;
        List<BillRow> rows = [];
        BillRow? heading = null, sumHeading = null, sums = null;
        int number = 0;
        foreach (string raw in text.TrimStart(ByteOrderMark).Split('\n'))
        {
            number++;
            string line = raw.TrimEnd('\r');
            if (line.Length == 0) continue;
            if (sums is not null) return new BillFault(BillCodes.RowMalformed, number, "something follows the sums");
            if (line[0] != Mark)
            {
                var names = new BillRow(number, line.Split(','));
                if (heading is null) heading = names;
                else if (sumHeading is null) sumHeading = names;
                else return new BillFault(BillCodes.RowMalformed, number, "a row without the grave accents of its values");
                continue;
            }

            if (heading is null) return new BillFault(BillCodes.HeaderUnknown, number, "a row comes before the heading");
            var row = new BillRow(number, line[1..].Split(Between));
            if (row.Values.Length != (sumHeading ?? heading).Values.Length)
                return new BillFault(sumHeading is null ? BillCodes.RowMalformed : BillCodes.CutOff, number, $"{row.Values.Length} values, and the heading has {(sumHeading ?? heading).Values.Length}");
            if (sumHeading is not null) sums = row;
            else if (rows.Count == mostRows) return new BillFault(BillCodes.TooLong, number, $"more than {mostRows} rows; download it in parts");
            else rows.Add(row);
        }

        if (heading is null) return new BillFault(BillCodes.HeaderUnknown, 0, "the file is empty");
        if (sumHeading is null || sums is null) return new BillFault(BillCodes.CutOff, 0, "the file ends before its sums: download it again");
        table = new BillTable(heading, rows, sumHeading, sums);
        return null;
    }

    /// <summary>The place of a column; below zero where there is none of that name.</summary>
    public int Column(string name) => Array.IndexOf(Heading.Values, name);

    /// <summary>As above where the unit stands behind the name.</summary>
    public int ColumnWithUnit(string name) => Array.FindIndex(Heading.Values, h => h.StartsWith(name, StringComparison.Ordinal));

    /// <summary>The text of a sum; null where the bill has none of that name.</summary>
    public string? Sum(string name) => Array.IndexOf(SumHeading.Values, name) is >= 0 and var at ? Sums.Values[at] : null;
}

/// <summary>A line of the file and its values.</summary>
internal sealed record BillRow(int Number, string[] Values);
