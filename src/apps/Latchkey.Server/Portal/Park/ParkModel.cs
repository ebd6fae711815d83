namespace Latchkey.Server.Portal.Park;

/// <summary>Which rooms a reader wants to see; it lives in the address, so that it can be sent and bookmarked.</summary>
public enum RoomFilter { All = 0, Low = 1, Off = 2, Silent = 3, Tampered = 4 }

/// <summary>The rooms of a park as one page shows them: chosen, counted, grouped.</summary>
public sealed class ParkModel(ParkOverview park, RoomFilter filter, string? search)
{
    /// <summary>More rooms than this are asked for with a search, not drawn.</summary>
    public const int MostRooms = 400;

    public string Name => park.Name;

    public DateTimeOffset AsOf => park.AsOf;

    public RoomFilter Filter => filter;

    public int Total => park.Rooms.Count;

    public int Count(RoomFilter wanted) => park.Rooms.Count(room => Is(room, wanted));

    /// <summary>The chosen rooms, building by building.</summary>
    public IReadOnlyList<(string Building, IReadOnlyList<RoomLine> Rooms)> Buildings { get; } =
    [
        .. park.Rooms.Where(room => Is(room, filter) && Matches(room, search)).Take(MostRooms)
            .GroupBy(room => room.Building, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, (IReadOnlyList<RoomLine>)[.. group.OrderBy(room => room.Room, StringComparer.Ordinal)])),
    ];

    /// <summary>Reads the word of an address; an unknown one shows everything.</summary>
    public static RoomFilter Parse(string? word) =>
        Enum.TryParse(word, ignoreCase: true, out RoomFilter filter) && Enum.IsDefined(filter) && !char.IsAsciiDigit(word![0]) ? filter : RoomFilter.All;

    /// <summary>The address of a choice.</summary>
    public static string Address(RoomFilter filter, string? search)
    {
        List<string> parts = [];
#pragma warning disable CA1308 // An address is written in lower case for people, not compared.
        if (filter != RoomFilter.All) parts.Add("show=" + filter.ToString().ToLowerInvariant());
#pragma warning restore CA1308
        if (!string.IsNullOrWhiteSpace(search)) parts.Add("q=" + Uri.EscapeDataString(search.Trim()));
        return parts.Count == 0 ? "/park" : "/park?" + string.Join('&', parts);
    }

    private static bool Is(RoomLine room, RoomFilter wanted) => wanted switch
    {
        RoomFilter.Low => room.Mark is BalanceMark.Low or BalanceMark.Empty,
        RoomFilter.Off => room.Supply == SupplyState.Off,
        RoomFilter.Silent => room.Pan is not null && room.Link is LinkState.Late or LinkState.Lost or LinkState.Never,
        RoomFilter.Tampered => room.Tampered,
        _ => true,
    };

    private static bool Matches(RoomLine room, string? search) => string.IsNullOrWhiteSpace(search)
        || Has(room.Room, search) || Has(room.Building, search) || Has(room.Tenant, search) || Has(room.Pan, search.Replace(" ", "", StringComparison.Ordinal));

    private static bool Has(string? text, string search) => text?.Contains(search.Trim(), StringComparison.CurrentCultureIgnoreCase) == true;
}
