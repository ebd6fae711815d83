using CsCheck;
using Latchkey.ModuleLink.Frames;

namespace Latchkey.Modules.Tests;

public sealed class CommunicationModuleTests
{
    public static TheoryData<ModuleKind> Kinds => [.. Enum.GetValues<ModuleKind>()];

    [Theory, MemberData(nameof(Kinds))]
    public void Identify_IsAnsweredWithTheKindsDescriptor(ModuleKind kind)
    {
        CommunicationModule module = Powered(kind);
        module.FromMeter(FrameCodec.Encode(FrameType.Identify, 9, []));
        (FrameType type, _, byte[] payload) = Assert.Single(Frames(module));
        Assert.Equal(FrameType.Descriptor, type);
        Assert.True(CapabilityDescriptor.TryDecode(payload, out CapabilityDescriptor? descriptor));
        Assert.Equal((kind, ModuleProfile.Of(kind).MaxMessageBytes), (descriptor!.Kind, descriptor.MaxMessageBytes));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void AMessageFromTheMeter_ReachesTheNetworkAfterTheLinksDelayUnread(ModuleKind kind)
    {
        CommunicationModule module = Registered(kind, out long now);
        byte[] message = [1, 2, 3, 0x7E, 5];
        module.FromMeter(FrameCodec.Encode(FrameType.FromMeter, 3, message));
        Assert.Contains(Frames(module), f => f is { Type: FrameType.Taken, Sequence: 3 });
        Assert.False(module.TryTakeUplink(now, out _));
        Assert.True(module.TryTakeUplink(module.NextDeadlineMs, out byte[] arrived));
        Assert.Equal(message, arrived);
    }

    [Fact]
    public void AMessageFromTheNetwork_ReachesTheMeterAfterTheLinksDelay()
    {
        CommunicationModule module = Registered(ModuleKind.NbIot, out long now);
        Assert.True(module.Deliver([9, 9], now));
        module.Advance(now);
        Assert.Empty(Frames(module));
        module.Advance(module.NextDeadlineMs);
        (FrameType type, _, byte[] payload) = Assert.Single(Frames(module));
        Assert.Equal((FrameType.ToMeter, "0909"), (type, Convert.ToHexString(payload)));
    }

    [Fact]
    public void WithoutNetwork_MessagesWaitAndGoWhenItReturns()
    {
        CommunicationModule module = Registered(ModuleKind.Lte4G, out long now);
        module.HasNetwork = false;
        module.FromMeter(FrameCodec.Encode(FrameType.FromMeter, 3, [7]));
        module.Advance(now + 1_000_000);
        Assert.False(module.TryTakeUplink(now + 1_000_000, out _));
        Assert.False(module.Deliver([1], now + 1_000_000));
        module.HasNetwork = true;
        module.Advance(now + 1_000_001);
        Assert.True(module.TryTakeUplink(now + 2_000_000, out byte[] arrived));
        Assert.Equal([7], arrived);
    }

    [Fact]
    public void AFullQueue_IsRefusedSoThatTheMeterKeepsTheMessage()
    {
        CommunicationModule module = Registered(ModuleKind.Rs485, out _);
        module.HasNetwork = false;
        for (int i = 0; i < ModuleProfile.Of(ModuleKind.Rs485).QueueDepth; i++) module.FromMeter(FrameCodec.Encode(FrameType.FromMeter, 1, [1]));
        Frames(module);
        module.FromMeter(FrameCodec.Encode(FrameType.FromMeter, 77, [1]));
        Assert.Contains(Frames(module), f => f is { Type: FrameType.Refused, Sequence: 77 });
    }

    [Fact]
    public void LosingPower_ForgetsEverything()
    {
        CommunicationModule module = Registered(ModuleKind.WiFi, out long now);
        module.FromMeter(FrameCodec.Encode(FrameType.FromMeter, 3, [7]));
        module.SetPower(on: false, now);
        module.SetPower(on: true, now);
        module.Advance(now + 100_000);
        Assert.False(module.TryTakeUplink(now + 100_000, out _));
    }

    [Fact]
    public void TheSameSeed_GivesTheSameDelays()
    {
        long[] first = Delays(5), second = Delays(5), other = Delays(6);
        Assert.Equal(first, second);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void MedianDelay_IsTheProfiles()
    {
        long[] delays = [.. Enumerable.Range(0, 400).SelectMany(Delays)];
        Array.Sort(delays);
        Assert.InRange(delays[delays.Length / 2], 1_750 * 0.9, 1_750 * 1.1);
    }

    [Fact]
    public void AnyBytesFromTheMeter_AreSurvived() => Gen.Byte.Array[0, 300].Sample(bytes =>
    {
        CommunicationModule module = Powered(ModuleKind.Lte4G);
        module.FromMeter(bytes);
        return module.IsPowered;
    });

    private static long[] Delays(int seed)
    {
        var module = new CommunicationModule(ModuleProfile.Of(ModuleKind.NbIot), 1, seed) { Coverage = CoverageClass.Extended };
        module.SetPower(on: true, 0);
        module.Advance(20_000);
        return [.. Enumerable.Range(0, 5).Select(_ =>
        {
            module.FromMeter(FrameCodec.Encode(FrameType.FromMeter, 1, [1]));
            long at = module.NextDeadlineMs;
            Assert.True(module.TryTakeUplink(at, out byte[] _));
            return at - 20_000;
        })];
    }

    private static CommunicationModule Powered(ModuleKind kind)
    {
        var module = new CommunicationModule(ModuleProfile.Of(kind), serial: 77, seed: 1);
        module.SetPower(on: true, 0);
        return module;
    }

    private static CommunicationModule Registered(ModuleKind kind, out long now)
    {
        CommunicationModule module = Powered(kind);
        now = ModuleProfile.Of(kind).RegistrationMs;
        module.Advance(now);
        Assert.True(module.IsRegistered);
        Frames(module);
        return module;
    }

    private static List<(FrameType Type, byte Sequence, byte[] Payload)> Frames(CommunicationModule module)
    {
        var frames = new List<(FrameType, byte, byte[])>();
        var assembler = new FrameAssembler();
        byte[] buffer = new byte[64];
        for (int count; (count = module.ToMeter(buffer)) > 0;)
        {
            assembler.Push(buffer.AsSpan(0, count));
            while (assembler.TryTake(out ModuleFrame frame)) frames.Add((frame.Type, frame.Sequence, frame.Payload.ToArray()));
        }

        return frames;
    }
}
