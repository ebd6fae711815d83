using Latchkey.Ledger;

namespace Latchkey.Storage.Ledger;

/// <summary>Periods on SQLite: the long reading happens beside the writer; only what came meanwhile is read inside the write that closes.</summary>
public sealed class SqliteLedgerPeriods(SqliteDatabase database, TimeProvider time)
{
    /// <summary>Closed periods, the first one first.</summary>
    public IReadOnlyList<AccountingPeriod> List() => database.Read(PeriodRows.All);

    /// <summary>The trial balance of a closed period as it was closed; null where there is none.</summary>
    public PeriodBalance? Of(int number) =>
        database.Read(s => PeriodRows.Find(s, number) is { } period ? PeriodRows.Balance(s, period) : null);

    /// <summary>The trial balance at any moment of the business, from all that is written now.</summary>
    public PeriodBalance AsOf(DateTimeOffset through) => database.Read(s => PeriodScan.Read(s, through).Balance(s));

    /// <summary>Closes everything before <paramref name="end"/>, for good.</summary>
    /// <param name="end">The first moment of the next period.</param>
    /// <param name="closedBy">Who answers for it.</param>
    public async Task<ClosingOutcome> CloseAsync(DateTimeOffset end, string closedBy, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow(), through = Whole(end) - AccountingPeriod.Step;
        if (closedBy.Length is 0 or > AccountingPeriod.MaxNameLength || closedBy.Any(char.IsControl))
            return Refused(ClosingRefusal.NameMissing, $"say who closes it, in 1 to {AccountingPeriod.MaxNameLength} characters");
        if (now < end + PeriodClosing.Grace)
            return Refused(ClosingRefusal.TooEarly, $"a period is closed {PeriodClosing.Grace.TotalMinutes:0} minutes after its end at the earliest");
        PeriodScan scan = database.Read(s => PeriodScan.Read(s, through));
        return await database.WriteAsync(s => Close(s, scan.Continued(s), closedBy, now), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Keeps the signed root of a period beside it; false where there is one already.</summary>
    public Task<bool> KeepRootAsync(int number, PublishedRoot root, CancellationToken cancellationToken) =>
        database.WriteAsync(s => PeriodRows.SaveRoot(s, number, root.Document), cancellationToken);

    private static ClosingOutcome Close(SqliteSession session, PeriodScan scan, string closedBy, DateTimeOffset now)
    {
        AccountingPeriod? last = PeriodRows.Last(session);
        if (last is not null && scan.Through <= last.Through)
            return Refused(ClosingRefusal.AlreadyClosed, $"everything through {last.Through.UtcDateTime:u} is closed already, and stays so");
        PeriodBalance balance = scan.Balance(session);
        if (balance.Lines.Count == 0) return Refused(ClosingRefusal.NothingThere, "there is no entry in it");
        int number = (last?.Number ?? 0) + 1;
        if (PeriodClosing.Entry(IdOf(number), balance) is not { } entry)
            return Refused(ClosingRefusal.TooLarge, "its result has more accounts or a larger sum than one entry can carry");

        foreach (LedgerUnit unit in entry.Postings.Select(p => p.Unit).Distinct()) LedgerWriter.Open(session, PeriodClosing.Result(unit));
        if (LedgerWriter.Post(session, entry) is var result and not PostResult.Posted)
            throw new InvalidOperationException($"The books refuse the closing of period {number}: {result}.");
        RecordedEntry recorded = LedgerWriter.FindEntry(session, entry.Id)!;
        var period = new AccountingPeriod(number, recorded.Sequence, scan.Through, scan.OpenFrom, closedBy, now);
        PeriodRows.Save(session, period, balance);
        return new ClosingOutcome.Closed(period, recorded, balance);
    }

    /// <summary>The number is the id: a period is closed once, whoever tries.</summary>
    private static Guid IdOf(int number) => new(number, 0x6365, 0x7270, "closing!"u8.ToArray());

    /// <summary>To the step in which the books keep times.</summary>
    private static DateTimeOffset Whole(DateTimeOffset at) => at.AddTicks(-(at.UtcTicks % AccountingPeriod.Step.Ticks));

    private static ClosingOutcome.Refused Refused(ClosingRefusal code, string detail) => new(code, detail);
}
