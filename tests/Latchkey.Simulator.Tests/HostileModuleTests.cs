using CsCheck;
using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Slot;
using Latchkey.ModuleLink.Frames;
using Latchkey.ModuleLink.Messages;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Memory;
using Latchkey.Sts;

namespace Latchkey.Simulator.Tests;

/// <summary>A module that floods, lies, forges, draws too much or says nothing: for a day, beside a meter with an empty slot.</summary>
public sealed class HostileModuleTests
{
    private const int KeyLimitUs = 100_000;

    /// <summary>115 200 baud: what comes between two looks a second apart.</summary>
    private const int WireBytesPerSecond = 11_520;

    public static TheoryData<HostileKind> Kinds => [.. Enum.GetValues<HostileKind>()];

    [Theory, MemberData(nameof(Kinds))]
    public void AHostileDay_ChangesNoQuantumAndTheKeypadStillAnswers(HostileKind kind)
    {
        using var mint = new TestMint();
        using var hostile = Started(mint, new HostilePort(kind, seed: 3));
        using var quiet = Started(mint, port: null);
        string image = VirtualMeter.MetrologyHash;
        for (int second = 0; second < 86_400; second++)
        {
            foreach (BareMeter bench in (BareMeter[])[hostile, quiet])
            {
                bench.Consume(1_500);
                bench.Wait(0);
            }
        }

        Assert.Equal(quiet.Totals, hostile.Totals);
        Assert.Equal(quiet.Core.Snapshot.Registers.SampleCount, hostile.Core.Snapshot.Registers.SampleCount);
        Assert.Equal(image, VirtualMeter.MetrologyHash);

        // Longest turn under this module, and then the key's own, in the meter's own work.
        Assert.InRange(WorstDigitUs(hostile), 1, KeyLimitUs);
        TokenNumber token = mint.Credit(1_000);
        hostile.Type(token);
        Assert.Equal(TokenStatus.Accepted, hostile.Core.Snapshot.LastToken!.Status);
        Assert.True(hostile.Core.Snapshot.IsStorageSound);
    }

    // The measure can fail: a meter that takes all a module says before it looks at its keys makes people wait.
    [Theory]
    [InlineData(HostileKind.EveryByteAFrame)]
    [InlineData(HostileKind.Messages)]
    public void WithoutLimits_TheKeypadWouldWait(HostileKind kind)
    {
        using var mint = new TestMint();
        using var bench = Started(mint, new HostilePort(kind, seed: 3) { BytesPerSecond = WireBytesPerSecond }, SlotLimits.None);
        Assert.InRange(WorstDigitUs(bench, seconds: 20), KeyLimitUs + 1, long.MaxValue);
    }

    // Whatever a module sends, no credit comes of it.
    [Fact]
    public void NoByteSequence_ChangesCredit() => Gen.Select(Gen.Int, Gen.Enum<HostileKind>()).Sample((seed, kind) =>
    {
        using var mint = new TestMint();
        using var bench = Started(mint, new HostilePort(kind, seed));
        Meter.Payment.CreditTotals before = bench.Totals;
        for (int i = 0; i < 200; i++) bench.Wait(1_000);
        return bench.Totals == before && bench.Core.Snapshot.AcceptedTokens.Length == 1;
    }, iter: 40);

    [Fact]
    public void AFloodOfGarbage_IsTold()
    {
        using var mint = new TestMint();
        using var bench = Started(mint, new HostilePort(HostileKind.Noise, seed: 3));
        for (int i = 0; i < 120; i++) bench.Wait(1_000);
        Assert.Contains(bench.Core.Snapshot.FraudEvents, e => e.Code == EventCode.HostileModule);
    }

    /// <summary>Somebody at the keys for a while; the longest that a digit would have waited.</summary>
    private static long WorstDigitUs(BareMeter bench, int seconds = 600)
    {
        for (int i = 0; i < 10; i++) bench.Wait(1_000);
        bench.Core.Work.Reset();
        for (int i = 0; i < seconds; i++)
        {
            bench.Consume(1_500);
            bench.Wait(0);
            bench.Keys(i % 10 == 9 ? "*********" : "7");
        }

        bench.Keys("*");
        return bench.Core.Work.WorstKeyUs;
    }

    [Fact]
    public void AGreedyModule_IsCutOffAndTriedAgainLaterAndLater()
    {
        using var mint = new TestMint();
        var port = new HostilePort(HostileKind.Greedy, seed: 1);
        using var bench = Started(mint, port);
        for (int i = 0; i < 20_000; i++) bench.Wait(100);
        // Two thousand seconds hold the first try, and those after 10 s, 60 s and 600 s and 600 s again.
        Assert.InRange(port.PowerUps, 4, 6);
    }

    public enum HostileKind
    {
        Mute = 0,
        Noise = 1,
        BadFrames = 2,
        Forger = 3,
        Greedy = 4,

        /// <summary>Garbage in which every third byte begins a frame as long as they come: each must be checked and none is one.</summary>
        EveryByteAFrame = 5,

        /// <summary>Short messages in good frames, as many as the wire holds: each asks for a tag to be computed.</summary>
        Messages = 6,

        /// <summary>Asks for a sign of life all the time.</summary>
        Pings = 7,
    }

    private static BareMeter Started(TestMint mint, IModulePort? port, SlotLimits? limits = null)
    {
        var bench = new BareMeter(mint, new MemoryNvmImage(), 1, port: port) { SlotLimits = limits ?? SlotLimits.Default };
        bench.Manufacture();
        bench.Boot();
        bench.Type(mint.Credit(100_000));
        return bench;
    }

    private sealed class HostilePort(HostileKind kind, int seed) : IModulePort
    {
        private readonly Random _chance = new(seed);
        private bool _powered;
        private bool _introduced;
        private int _left;

        public int PowerUps { get; private set; }

        /// <summary>What the wire brings between two looks, where it is not for ever.</summary>
        public int BytesPerSecond { get; init; } = int.MaxValue;

        public bool IsPresent => true;

        public bool Powered
        {
            get => _powered;
            set
            {
                if (value && !_powered) PowerUps++;
                _powered = value;
            }
        }

        public int CurrentMa => _powered && kind == HostileKind.Greedy ? 900 : 50;

        public int Read(Span<byte> destination)
        {
            if (!_powered || kind is HostileKind.Mute or HostileKind.Greedy) return 0;
            // As many bytes as are asked for, for as long as it is asked: a flood.
            if (_left <= 0)
            {
                _left = BytesPerSecond;
                return 0;
            }

            destination = destination[..Math.Min(destination.Length, _left)];
            if (BytesPerSecond != int.MaxValue) _left -= destination.Length;
            if (!_introduced) Introduce(destination);
            else if (kind == HostileKind.Noise) _chance.NextBytes(destination);
            else Frames(destination);
            return destination.Length;
        }

        // A good name opens the door.
        private void Introduce(Span<byte> destination)
        {
            _introduced = true;
            destination.Clear();
            byte[] name = FrameCodec.Encode(FrameType.Descriptor, 1, new CapabilityDescriptor(ModuleKind.NbIot, 1, 1, 512, 8, 50, 100, true).Encode());
            if (kind is HostileKind.EveryByteAFrame or HostileKind.Messages or HostileKind.Pings && name.Length <= destination.Length) name.CopyTo(destination);
        }

        public void Write(ReadOnlySpan<byte> bytes)
        {
        }

        private void Frames(Span<byte> destination)
        {
            if (kind == HostileKind.EveryByteAFrame)
            {
                ReadOnlySpan<byte> trap = [0x7E, 0x02, 0xF0];
                for (int i = 0; i < destination.Length; i++) destination[i] = trap[i % trap.Length];
                return;
            }

            byte[] payload = new byte[_chance.Next(0, 200)];
            _chance.NextBytes(payload);
            byte[] frame = kind == HostileKind.BadFrames
                ? FrameCodec.Encode((FrameType)_chance.Next(0, 12), 1, payload)
                : kind == HostileKind.Messages ? FrameCodec.Encode(FrameType.ToMeter, 1, [1, 1, 0, 0, 0, 1, .. new byte[8]])
                : kind == HostileKind.Pings ? FrameCodec.Encode(FrameType.Ping, 1, [])
                : _chance.Next(3) switch
                {
                    0 => FrameCodec.Encode(FrameType.Descriptor, 1, new CapabilityDescriptor(ModuleKind.NbIot, 1, 1, 0, 0, 0, ushort.MaxValue, true).Encode()),
                    1 => FrameCodec.Encode(FrameType.Taken, (byte)_chance.Next(256), []),
                    _ => FrameCodec.Encode(FrameType.ToMeter, 1, payload),
                };
            if (kind == HostileKind.BadFrames) frame[^1] ^= 1;
            for (int i = 0; i < destination.Length; i++) destination[i] = frame[i % frame.Length];
        }
    }
}
