using System.Security.Cryptography;
using Latchkey.Dlms.Server;
using Latchkey.Simulator;
using Latchkey.Simulator.Loads;
using Latchkey.Simulator.Memory;
using Latchkey.Sts;

namespace Latchkey.Cli.Meters;

/// <summary>One virtual meter that lives in real time, or in a multiple of it. Everything that touches it takes <see cref="Gate"/>.</summary>
internal sealed class RunningMeter : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);
    private readonly MeterRunOptions _options;
    private readonly TimeProvider _time;
    private readonly List<IDisposable> _memories = [];
    private readonly long _began;
    private readonly DateTimeOffset _start;

    public RunningMeter(MeterRunOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        (_began, _start) = (time.GetTimestamp(), time.GetUtcNow());
        using DecoderKey key = options.Keys.Derive();
        var built = new VirtualMeterOptions
        {
            Profile = options.Model,
            Attributes = options.Keys.Attributes(),
            Key = key,
            MessageKey = RandomNumberGenerator.GetBytes(32),
            Start = _start,
            Cosem = options.Keys.Identity(),
            Challenges = new SystemChallenges(),
            Store = Memory("store.nvm", VirtualMeter.StoreSize),
        };
        Meter = new VirtualMeter(built, Memory("meter.nvm", EepromModel.ImageSize)) { Load = new ConstantLoad(options.LoadWatts) };
    }

    /// <summary>Guards the meter and its DLMS server.</summary>
    public Lock Gate { get; } = new();

    public VirtualMeter Meter { get; }

    /// <summary>The meter's time, which runs at its speed.</summary>
    public DateTimeOffset Now => _start + (_time.GetElapsedTime(_began) * _options.Speed);

    /// <summary>Lets the meter live, with its line and its pushes, until it is told to stop.</summary>
    public async Task LiveAsync(MeterLine line, CancellationToken cancellationToken)
    {
        var pushes = new PushSender(this);
        Task sending = Task.CompletedTask;
        using var timer = new PeriodicTimer(Step, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
            {
                CatchUp();
                await line.FollowAsync().ConfigureAwait(false);

                // A receiver that does not answer must not stop the meter.
                if (sending.IsCompleted) sending = pushes.SendDueAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Told to stop.
        }
    }

    /// <summary>Brings the meter up to now.</summary>
    public void CatchUp()
    {
        DateTimeOffset now = Now;
        lock (Gate)
        {
            if (now > Meter.Now) Meter.AdvanceTo(now);
        }
    }

    public void Dispose()
    {
        lock (Gate) Meter.Dispose();
        foreach (IDisposable memory in _memories) memory.Dispose();
    }

    private INvmImage Memory(string name, int size)
    {
        if (_options.DataDirectory is not { } directory) return new MemoryNvmImage(size);
        Directory.CreateDirectory(directory);
        var image = new FileNvmImage(Path.Combine(directory, name), size);
        _memories.Add(image);
        return image;
    }

    private sealed class SystemChallenges : IChallengeSource
    {
        public void Fill(Span<byte> challenge) => RandomNumberGenerator.Fill(challenge);
    }
}
