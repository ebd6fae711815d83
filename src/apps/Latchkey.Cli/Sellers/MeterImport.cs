using System.Globalization;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Cli.Sellers;

/// <summary>What an import came to. Nothing is written where a line is bad.</summary>
internal sealed record ImportReport(int Lines, int Added, int Changed, int Unchanged, bool DryRun, IReadOnlyList<string> Faults);

/// <summary>Takes a list of meters in: looked through as a whole first, then written; the same list again changes nothing.</summary>
internal static class MeterImport
{
    private const int MostFaults = 1_000;

    public static async Task<ImportReport> RunAsync(SellerRoom room, TextReader file, bool dryRun, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        (List<ListedMeter> meters, List<string> faults) = Read(file, id => room.Directory.Tariffs.All.Any(t => t.Id == id));
        ListedMeter[] fresh = [.. meters.Where(m => room.House.Meters.Find(m.Record.Pan) is null)];
        ListedMeter[] changed = [.. meters.Except(fresh).Where(m => room.House.Meters.Find(m.Record.Pan) != m.Record || room.Cards.Find(m.Record.Pan) != m.Card)];
        if (faults.Count == 0 && ChangedKey(room, changed) is { } moved) faults.Add(moved);
        if (!dryRun && faults.Count == 0) await WriteAsync(room, [.. fresh, .. changed], progress, cancellationToken);
        return new ImportReport(meters.Count + faults.Count, fresh.Length, changed.Length, meters.Count - fresh.Length - changed.Length, dryRun, faults);
    }

    internal static (List<ListedMeter> Meters, List<string> Faults) Read(TextReader file, Func<string, bool> isTariff)
    {
        List<ListedMeter> meters = [];
        List<string> faults = [];
        Dictionary<MeterPan, int> seen = [];
        MeterLineReader? reader = null;
        foreach ((int number, string[]? cells) in CsvLines.Read(file))
        {
            if (faults.Count >= MostFaults) break;
            if (cells is null)
            {
                faults.Add(At(number, "a quote is not closed, or the line is longer than 4096 characters"));
                continue;
            }

            if (reader is null)
            {
                (reader, string? wrong) = MeterLineReader.ForHead(cells, isTariff);
                if (reader is not null) continue;
                faults.Add(At(number, wrong!));
                break;
            }

            (ListedMeter? meter, string? fault) = reader.Read(cells);
            if (meter is null) faults.Add(At(number, fault!));
            else if (!seen.TryAdd(meter.Record.Pan, number)) faults.Add(At(number, string.Create(CultureInfo.InvariantCulture, $"meter {meter.Record.Pan} is on line {seen[meter.Record.Pan]} too")));
            else meters.Add(meter);
        }

        if (reader is null && faults.Count == 0) faults.Add("line 1: the file is empty; its first line names the columns");
        return (meters, faults);
    }

    private static async Task WriteAsync(SellerRoom room, ListedMeter[] meters, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        // What waits together shares a commit, so a few hundred at a time.
        const int AtOnce = 500;
        for (int i = 0; i < meters.Length; i += AtOnce)
        {
            await Task.WhenAll(meters.Skip(i).Take(AtOnce).SelectMany(m => (Task[])[room.House.Meters.SaveAsync(m.Record, cancellationToken), room.Cards.SaveAsync(m.Card, cancellationToken)]));
            progress?.Report((double)Math.Min(i + AtOnce, meters.Length) / meters.Length);
        }
    }

    /// <summary>A meter's key is changed by tokens, not by a list: what is sold afterwards would open nothing.</summary>
    private static string? ChangedKey(SellerRoom room, ListedMeter[] changed)
    {
        ListedMeter? moved = changed.FirstOrDefault(m => room.House.Meters.Find(m.Record.Pan)!.Key != m.Record.Key && room.House.Desk.OrdersOf(m.Record.Pan, 1).Count > 0);
        return moved is null ? null : $"meter {moved.Record.Pan} has bought under another key than the list's; a sold meter's key is changed by key-change tokens, so nothing was written";
    }

    private static string At(int line, string what) => string.Create(CultureInfo.InvariantCulture, $"line {line}: {what}");
}
