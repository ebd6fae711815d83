using Latchkey.Meter;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Payment;
using Latchkey.Meter.Update;
using Latchkey.Metrology;
using Latchkey.ModuleLink.Envelope;
using Latchkey.ModuleLink.Messages;
using Latchkey.Simulator.Memory;
using Latchkey.Sts;

namespace Latchkey.Simulator.Bench;

/// <summary>A meter core on a cuttable memory and nothing else: no physics, so that a hundred thousand starts take seconds.</summary>
internal sealed class BareMeter : IDisposable
{
    public static readonly byte[] Secret = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];
    private readonly TestMint _mint;
    private readonly MessageKey _key = new(Secret);
    private readonly IModulePort _port;
    private long _nowMs;

    public BareMeter(TestMint mint, MemoryNvmImage image, ulong seed, EepromModel? memory = null, IModulePort? port = null)
    {
        _mint = mint;
        _port = port ?? EmptySlot.Instance;
        Image = image;
        Memory = memory ?? new EepromModel(image, seed);
        Switch = new InstantSwitch();
    }

    /// <summary>A slot with nothing in it.</summary>
    public static IModulePort NoModule => EmptySlot.Instance;

    public MemoryNvmImage Image { get; }

    public EepromModel Memory { get; }

    public InstantSwitch Switch { get; }

    public FakeTamper Tamper { get; } = new();

    /// <summary>The program memory, where the bench is about firmware.</summary>
    public INonVolatileMemory? ProgramMemory { get; init; }

    public FirmwareKey? FirmwareKey { get; init; }

    public MeterCore Core { get; private set; } = null!;

    public MeterIdentity Identity => new()
    {
        Profile = MeterProfile.Kpm31,
        Pan = _mint.Attributes.Pan,
        Algorithm = EncryptionAlgorithm.Ea11,
        FirmwareKey = FirmwareKey,
    };

    public MeterTime Time => new(_nowMs, 1_780_000_000 + (_nowMs / 1_000));

    public void Manufacture()
    {
        if (!MeterCore.Manufacture(Identity, Memory, _mint.Key, _mint.Attributes)) throw new InvalidOperationException("The memory does not hold what is written.");
    }

    public void Boot()
    {
        Core?.Dispose();
        Core = new MeterCore(Identity, new MeterHardware(Memory, Switch, Tamper, _port) { ProgramMemory = ProgramMemory }, new MetrologyCore(Calibration.Nominal), _key);
        Core.Start(Time);
    }

    /// <summary>Runs something that may lose power; true when it came to its end.</summary>
    public static bool Survives(Action action)
    {
        try
        {
            action();
            return true;
        }
        catch (PowerLostException)
        {
            return false;
        }
    }

    public void Type(TokenNumber token)
    {
        foreach (char key in token.ToString())
        {
            _nowMs += 200;
            Core.PressKey(key, Time);
        }

        Core.PressKey('#', Time);
    }

    public void Keys(string keys)
    {
        foreach (char key in keys) Core.PressKey(key, Time);
    }

    public void Wait(int ms)
    {
        _nowMs += ms;
        Core.Tick(Time);
    }

    /// <summary>One frame of so many watts, one second.</summary>
    public void Consume(int watts)
    {
        _nowMs += 1_000;
        Core.ApplyFrame(Frame(watts), Time);
    }

    public void Receive(MeterMessage message, uint counter) =>
        Core.Receive(MessageEnvelope.Seal(_key, MessageDirection.ToMeter, counter, MeterMessageCodec.Encode(message)));

    public CreditTotals Totals => Core.Totals;

    public void Dispose()
    {
        Core?.Dispose();
        _key.Dispose();
    }

    /// <summary>A second at 230 V and PF 1, as metrology sums it.</summary>
    private static FrameSums Frame(int watts)
    {
        const double VoltsPerCount = 60e-6, AmpsPerCount = 34e-6;
        double v = 230 / VoltsPerCount, i = watts / 230.0 / AmpsPerCount;
        return new FrameSums
        {
            V2 = (long)(v * v * 8_000),
            I2 = (long)(i * i * 8_000),
            P = (long)(v * i * 8_000),
            Lsv2 = (long)(v * v * 8_000),
            Samples = 8_000,
            Cycles = 50,
            SpanQ16 = 8_000L << 16,
        };
    }

    internal sealed class InstantSwitch : ISupplySwitch
    {
        public SupplyPosition Position { get; private set; } = SupplyPosition.Closed;

        public void Request(bool closed, SwitchUrgency urgency) => Position = closed ? SupplyPosition.Closed : SupplyPosition.Open;

        public void RestoreLearning(ReadOnlySpan<byte> learning)
        {
        }

        public bool TryTakeLearning(Span<byte> destination, out int length)
        {
            length = 0;
            return false;
        }
    }

    internal sealed class FakeTamper : ITamperInputs
    {
        public TamperInputs Now { get; set; }

        public TamperInputs Latched { get; set; }

        public void ClearLatch() => Latched = Now;
    }

    private sealed class EmptySlot : IModulePort
    {
        public static EmptySlot Instance { get; } = new();

        public bool IsPresent => false;

        public bool Powered { get; set; }

        public int CurrentMa => 0;

        public int Read(Span<byte> destination) => 0;

        public void Write(ReadOnlySpan<byte> bytes)
        {
        }
    }
}
