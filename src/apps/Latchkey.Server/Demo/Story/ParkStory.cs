using System.Diagnostics;
using System.Globalization;
using Latchkey.Meter.Hal;
using Latchkey.Simulator;
using Latchkey.Simulator.Loads;

namespace Latchkey.Server.Demo.Story;

/// <summary>The whole story from a payment to light in virtual time: a park, a tenant, a meter, and what befalls them in a month.</summary>
/// <remarks>Every part is the one that runs in the server. The same options tell the same story, byte for byte but for its duration.</remarks>
public sealed partial class ParkStory
{
    private static readonly TimeSpan Quarter = TimeSpan.FromMinutes(15);
    private readonly StoryOptions _options;
    private readonly Action<StoryStep>? _told;
    private readonly List<StoryStep> _steps = [];
    private readonly List<StoryToken> _tokens = [];
    private readonly StoryStage _stage;
    private readonly decimal _yuanPerKwh;
    private string _hashBefore = string.Empty;
    private string _hashAfter = string.Empty;
    private bool _reconciled;
    private int _duplicates;

    private ParkStory(StoryOptions options, DemoWorld world, DemoRoomPlan room, DemoRoomPlan neighbour, Action<StoryStep>? told)
    {
        (_options, _told) = (options, told);
        _stage = new StoryStage(world, room, neighbour);
        _yuanPerKwh = 0.60m * 1.13m;
    }

    /// <summary>Tells the story in a data directory of its own, which is removed afterwards.</summary>
    /// <param name="options">What it is told with.</param>
    /// <param name="told">Hears each step as it ends; null for silence.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<StoryReport> TellAsync(StoryOptions options, Action<StoryStep>? told, CancellationToken cancellationToken)
    {
        long begun = Stopwatch.GetTimestamp();
        string directory = ScratchDirectory();
        try
        {
            var clock = new WorldClock(options.Start, speed: 0, TimeProvider.System);
            await using NotificationDoor door = await NotificationDoor.OpenAsync(cancellationToken).ConfigureAwait(false);
            var worldOptions = new DemoWorldOptions { DataDirectory = directory, NotifyAddress = door.Address, Seed = options.Seed };
            using ILoggerFactory loggers = LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.None));
            await using DemoWorld world = await DemoWorld.OpenAsync(worldOptions, clock, DemoSecrets.FromSeed(options.Seed), loggers, cancellationToken).ConfigureAwait(false);
            door.Platform = world.Platform;
            (DemoRoomPlan room, DemoRoomPlan neighbour) = Rooms(options);
            var story = new ParkStory(options, world, room, neighbour, told);
            await story.TellAllAsync(cancellationToken).ConfigureAwait(false);
            return story.Report(Stopwatch.GetElapsedTime(begun));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // A story's books need not survive the machine, so they need not wait for its disk.
    private static string ScratchDirectory()
    {
        const string InMemory = "/dev/shm";
        if (!OperatingSystem.IsLinux() || !Directory.Exists(InMemory)) return Directory.CreateTempSubdirectory("latchkey-story-").FullName;
        string path = Path.Combine(InMemory, "latchkey-story-" + Path.GetRandomFileName());
        return Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute).FullName;
    }

    private static (DemoRoomPlan Room, DemoRoomPlan Neighbour) Rooms(StoryOptions options)
    {
        DemoRoomPlan room = DemoRoomPlan.Park[1] with { Meter = DemoRoomPlan.Park[1].Meter with { Profile = options.Model } };
        return (room, DemoRoomPlan.Park[2]);
    }

    private async Task TellAllAsync(CancellationToken cancellationToken)
    {
        (string Name, Func<Dictionary<string, object>, CancellationToken, Task> Act)[] steps =
        [
            ("A park is opened", OpenParkAsync),
            ("A tenant moves into a room with a meter", MoveInAsync),
            ("The tenant pays by WeChat Pay; the order is posted and a token is made", PayAsync),
            ("The token reaches the meter and is accepted; the load switch closes", ArriveAsync),
            ("The load consumes; below 10 yuan the tenant is reminded, once", ConsumeAsync),
            ("Credit ends; the load switch opens at a current zero", RunOutAsync),
            ("The network is away; the tenant types the next token at the keypad", TypeTokenAsync),
            ("The same token again is refused as used", RefuseUsedAsync),
            ("A token for another meter is refused", RefuseOtherMeterAsync),
            ("The cover is opened: supply is cut until a clear-tamper token", TamperAsync),
            ("Mains fails in the middle of a token; nothing is lost or doubled", PowerFailAsync),
            ("The 4G module is pulled and a 5G module plugged in", SwapModuleAsync),
            ("The month goes on to its end", FinishMonthAsync),
            ("Ledger, tokens and meter agree to the last unit", ReconcileAsync),
        ];

        foreach ((string name, Func<Dictionary<string, object>, CancellationToken, Task> act) in steps)
        {
            var figures = new Dictionary<string, object>(StringComparer.Ordinal);
            string? failure = null;
            try
            {
                await act(figures, cancellationToken).ConfigureAwait(false);
            }
            catch (StoryFailedException e)
            {
                failure = e.Message;
            }

            var step = new StoryStep(name, failure is null, _stage.Now, figures, failure);
            _steps.Add(step);
            _told?.Invoke(step);
            if (failure is not null) return; // what follows stands on this step
        }
    }

    private StoryReport Report(TimeSpan took) => new()
    {
        Model = _options.Model.Name,
        Seed = _options.Seed,
        LoadProfile = _options.ProfilePath is { } path
            ? string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(path)} at {_options.YearlyMwh} MWh a year")
            : "built-in household",
        VirtualDays = Math.Round((_stage.Now - _options.Start).TotalDays, 3),
        Steps = _steps,
        Reconciled = _reconciled,
        Tokens = _tokens,
        Reminders = Reminders(),
        MetrologyHashBefore = _hashBefore,
        MetrologyHashAfter = _hashAfter,
        DuplicateCredits = _duplicates,
        DurationSeconds = Math.Round(took.TotalSeconds, 3),
    };

    private ILoad TenantLoad() => _options.ProfilePath is { } path
        ? ProfileLoad.ReadFile(path, _options.YearlyMwh, _stage.Now)
        : new HouseholdLoad(_options.Seed, _stage.Room.LoadScale * 3);

    private bool IsOn => _stage.Snapshot.SwitchPosition == SupplyPosition.Closed;
}
