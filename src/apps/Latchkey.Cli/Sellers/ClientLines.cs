using System.Globalization;
using Latchkey.Vending;
using Spectre.Console;

namespace Latchkey.Cli.Sellers;

/// <summary>Clients as a table that fits a hundred columns: long lists of scopes and networks break within their cell.</summary>
internal static class ClientLines
{
    public static void Print(IReadOnlyList<ApiClient> clients, Func<ApiClient, long> soldToday, DateTimeOffset now)
    {
        if (clients.Count == 0)
        {
            Console.Out.WriteLine("no clients; 'latchkey clients add' makes one");
            return;
        }

        Table table = new Table().RoundedBorder();
        foreach ((string head, int width) in ((string, int)[])[("client", 18), ("may", 20), ("limits", 26), ("state", 20)]) table.AddColumn(new TableColumn(head).Width(width));
        foreach (ApiClient client in clients)
        {
            table.AddRow(
                Markup.Escape(client.Name), Markup.Escape(string.Join('\n', client.Scopes)), Markup.Escape(string.Join('\n', Limits(client, soldToday(client)))), StateOf(client, now));
        }

        AnsiConsole.Write(table);
    }

    internal static IEnumerable<string> Limits(ApiClient client, long sold)
    {
        ApiClientLimits limits = client.Limits;
        yield return string.Create(CultureInfo.InvariantCulture, $"{limits.RequestsPerMinute}/min, {limits.Concurrent} at once");
        yield return limits.MinorUnitsPerDay is { } most
            ? string.Create(CultureInfo.InvariantCulture, $"sold {sold:#,0} of {most:#,0} today")
            : string.Create(CultureInfo.InvariantCulture, $"sold {sold:#,0} today");
        foreach (string network in limits.Networks) yield return "from " + network;
    }

    private static string StateOf(ApiClient client, DateTimeOffset now)
    {
        string state = client.IsDisabled ? "[red]disabled[/]" : client.ExpiresAt <= now ? "[red]expired[/]" : "[green]good[/]";
        if (client.ExpiresAt is { } end) state += string.Create(CultureInfo.InvariantCulture, $"\nuntil {end:yyyy-MM-dd}");
        if (client.Certificate is { } bound) state += "\ncertificate " + Markup.Escape(Short(bound.Name.Replace('\n', ' ')));
        return state;
    }

    private static string Short(string name) => name.Length <= 40 ? name : name[..40] + "…";
}
