using Latchkey.Meter.Hal;
using Latchkey.ModuleLink.Frames;
using Latchkey.ModuleLink.Messages;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Memory;
using Latchkey.Sts;

namespace Latchkey.Simulator.Tests;

/// <summary>A module that floods, lies, forges, draws too much or says nothing: for a day, beside a meter with an empty slot.</summary>
public sealed class HostileModuleTests
{
    [Theory]
    [InlineData(HostileKind.Mute)]
    [InlineData(HostileKind.Noise)]
    [InlineData(HostileKind.BadFrames)]
    [InlineData(HostileKind.Forger)]
    [InlineData(HostileKind.Greedy)]
    public void AHostileDay_ChangesNoQuantumAndTheKeypadStillAnswers(HostileKind kind)
    {
        using var mint = new TestMint();
        using var hostile = Started(mint, new HostilePort(kind, seed: 3));
        using var quiet = Started(mint, port: null);
        for (int second = 0; second < 86_400; second++)
        {
            foreach (BareMeter bench in (BareMeter[])[hostile, quiet])
            {
                bench.Consume(1_500);
                bench.Wait(0);
            }
        }

        Assert.Equal(quiet.Totals, hostile.Totals);
        TokenNumber token = mint.Credit(1_000);
        hostile.Type(token);
        Assert.Equal(TokenStatus.Accepted, hostile.Core.Snapshot.LastToken!.Status);

        // In the meter's own time: what the machine of the test is doing meanwhile says nothing.
        Assert.InRange(hostile.Time.MonotonicMs - hostile.Core.Snapshot.LastToken.AtMs, 0, 100);
        Assert.True(hostile.Core.Snapshot.IsStorageSound);
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
        Mute,
        Noise,
        BadFrames,
        Forger,
        Greedy,
    }

    private static BareMeter Started(TestMint mint, IModulePort? port)
    {
        var bench = new BareMeter(mint, new MemoryNvmImage(), 1, port: port);
        bench.Manufacture();
        bench.Boot();
        bench.Type(mint.Credit(100_000));
        return bench;
    }

    private sealed class HostilePort(HostileKind kind, int seed) : IModulePort
    {
        private readonly Random _chance = new(seed);
        private bool _powered;

        public int PowerUps { get; private set; }

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
            if (kind == HostileKind.Noise) _chance.NextBytes(destination);
            else Frames(destination);
            return destination.Length;
        }

        public void Write(ReadOnlySpan<byte> bytes)
        {
        }

        private void Frames(Span<byte> destination)
        {
            byte[] payload = new byte[_chance.Next(0, 200)];
            _chance.NextBytes(payload);
            byte[] frame = kind == HostileKind.BadFrames
                ? FrameCodec.Encode((FrameType)_chance.Next(0, 12), 1, payload)
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
