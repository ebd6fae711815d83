using System.Globalization;

namespace Latchkey.Server.Demo;

/// <summary>Remembers where the world's time stands, so that a park that is served again never goes back.</summary>
internal sealed class WorldCalendar
{
    private static readonly TimeSpan KeptEvery = TimeSpan.FromSeconds(10);
    private readonly string _path;
    private DateTimeOffset _kept;

    public WorldCalendar(string directory)
    {
        _path = Path.Combine(directory, "world.time");
        if (File.Exists(_path) && DateTimeOffset.TryParseExact(File.ReadAllText(_path), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset last)) Last = last;
    }

    /// <summary>Where the world stood when it was last served; null before its first time.</summary>
    public DateTimeOffset? Last { get; }

    /// <summary>The instant to catch up to: now, or further where the world ran ahead of real time.</summary>
    public DateTimeOffset Present(DateTimeOffset now) => Last > now ? Last.Value : now;

    /// <summary>Writes the time down, now and then.</summary>
    public void Keep(DateTimeOffset world, bool now = false)
    {
        if (!now && world - _kept < KeptEvery) return;
        _kept = world;
        string beside = _path + ".new";
        File.WriteAllText(beside, world.ToString("O", CultureInfo.InvariantCulture));
        File.Move(beside, _path, overwrite: true);
    }
}
