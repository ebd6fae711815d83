using System.Collections.Immutable;
using System.Globalization;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.Parks.Balance;
using Latchkey.Parks.Control;
using Latchkey.Parks.Store;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Parks;

/// <summary>Watches and forced switches to rows and back.</summary>
internal static class WatchRows
{
    public const string WatchColumns = "pan, occupancy_id, last_at, low_since, off_since, notices, has_news";
    public const string ForcedColumns = "id, room_id, position, reason, requested_by, requested_at, state, decided_by, decided_at, version";

    public static void Write(SqliteSession s, WatchState w) => s.Execute(
        $"INSERT OR REPLACE INTO parks_watch ({WatchColumns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        Columns.Of(w.Pan), GuidBlob.Of(w.OccupancyId), Columns.Of(w.LastAt), Columns.Of(w.LowSince), Columns.Of(w.OffSince), Text(w.Notices), w.HasNews ? 1 : 0);

    public static WatchState Read(SqliteDataReader row) => new()
    {
        Pan = row.Pan(0),
        OccupancyId = row.Id(1),
        LastAt = row.Time(2),
        LowSince = row.TimeOrNull(3),
        OffSince = row.TimeOrNull(4),
        Notices = [.. row.GetString(5).Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Notice)],
    };

    public static CommitResult Write(SqliteSession s, ForcedSwitch f)
    {
        if (s.Execute(
            "UPDATE parks_forced_switch SET state = ?2, decided_by = ?3, decided_at = ?4, version = version + 1 WHERE id = ?1 AND version = ?5",
            GuidBlob.Of(f.Id), (int)f.State, f.DecidedBy, Columns.Of(f.DecidedAt), f.Version) == 1)
        {
            return CommitResult.Committed;
        }

        return s.Execute(
            $"INSERT INTO parks_forced_switch ({ForcedColumns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (id) DO NOTHING",
            GuidBlob.Of(f.Id), GuidBlob.Of(f.RoomId), (int)f.Position, f.Reason, f.RequestedBy, Columns.Of(f.RequestedAt), (int)f.State,
            f.DecidedBy, Columns.Of(f.DecidedAt), f.Version) == 1
            ? CommitResult.Committed
            : CommitResult.VersionChanged;
    }

    public static ForcedSwitch ReadForced(SqliteDataReader row) => new()
    {
        Id = row.Id(0),
        RoomId = row.Id(1),
        Position = (RelayPosition)row.GetInt32(2),
        Reason = row.GetString(3),
        RequestedBy = row.GetString(4),
        RequestedAt = row.Time(5),
        State = (ForcedSwitchState)row.GetInt32(6),
        DecidedBy = row.TextOrNull(7),
        DecidedAt = row.TimeOrNull(8),
        Version = row.GetInt32(9),
    };

    // "kind:ticks:credit:told", oldest first; bounded by WatchState.Remembers.
    private static string Text(ImmutableArray<WatchNotice> notices) => string.Join(',', notices.Select(
        n => string.Create(CultureInfo.InvariantCulture, $"{(int)n.Kind}:{n.About.UtcTicks}:{n.CreditMilli}:{(n.IsTold ? 1 : 0)}")));

    private static WatchNotice Notice(string text)
    {
        long[] parts = [.. text.Split(':').Select(part => long.Parse(part, CultureInfo.InvariantCulture))];
        return new WatchNotice((WatchNews)parts[0], new DateTimeOffset(parts[1], TimeSpan.Zero), parts[2], parts[3] != 0);
    }
}
