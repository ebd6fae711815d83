using System.Globalization;

namespace Latchkey.Vending.Programmes;

/// <summary>The list of who goes dark when, as a file for field teams.</summary>
public static class DarkCsv
{
    public const string Heading = "meter,meter number,place,customer account,cohort,policy,state,dark at,reason,last purchase,expected next purchase,code";

    /// <summary>All lines of a programme, page by page: the whole list is never in memory.</summary>
    public static IEnumerable<string> Lines(IKeyProgrammeStore store, ProgrammeRecord record, DarkFilter filter, DateTimeOffset now, TimeSpan offset)
    {
        yield return Heading;
        DateOnly today = DateOnly.FromDateTime(now.ToOffset(offset).DateTime);
        DarkPlace? place = null;
        IReadOnlyList<DarkLine> page;
        do
        {
            page = store.Dark(record.Id, filter, place, IKeyProgrammeStore.MaxPage);
            foreach (DarkLine line in page) yield return Line(record.Programme, line, now, today, offset);
            if (page.Count > 0) place = new DarkPlace(page[^1].Meter.DarkAt, page[^1].Meter.Pan);
        }
        while (page.Count == IKeyProgrammeStore.MaxPage);
    }

    private static string Line(KeyProgramme programme, DarkLine line, DateTimeOffset now, DateOnly today, TimeSpan offset)
    {
        ProgrammeMeter m = line.Meter;
        KeyCohort cohort = programme.Cohorts[m.Cohort];
        return string.Join(',', new[]
        {
            m.Pan.ToString(), m.Pan.Drn.ToString(), line.Place, line.CustomerAccount, cohort.Name, ProgrammeView.NameOf(cohort.Policy), ProgrammeView.NameOf(m.Shown(now)),
            m.DarkAt.ToOffset(offset).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture), ProgrammeView.NameOf(m.DarkReason),
            Day(line.Purchases.Last), Day(line.NextPurchase(today)), m.Code ?? string.Empty,
        }.Select(Field));
    }

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? string.Empty;

    /// <summary>Quoted where it must be. A text that a spreadsheet would take for a formula is made a text: places are written by people.</summary>
    private static string Field(string text)
    {
        if (text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..]) text = "'" + text;
        return text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }
}
