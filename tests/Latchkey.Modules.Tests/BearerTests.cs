using Latchkey.ModuleLink.Frames;

namespace Latchkey.Modules.Tests;

/// <summary>What sets the networks apart: attaching, opening a bearer, duty cycle, payload, and reaching a module that sleeps.</summary>
public sealed class BearerTests
{
    [Fact]
    public void ABearer_IsSearchedOpenedAndClosedAgain()
    {
        CommunicationModule module = New(ModuleKind.Lte4G);
        Assert.Equal(BearerState.Off, module.Bearer);
        module.SetPower(on: true, 0);
        Assert.Equal(BearerState.Searching, module.Bearer);
        module.Advance(8_000);
        Assert.Equal(BearerState.Connected, module.Bearer);
        module.Advance(30_000);
        Assert.Equal(BearerState.Idle, module.Bearer);
    }

    [Fact]
    public void AnIdleBearer_IsOpenedFirst()
    {
        long open = FirstDelay(ModuleKind.NbIot, idleMs: 0), idle = FirstDelay(ModuleKind.NbIot, idleMs: 60_000);
        Assert.Equal(600, idle - open);
    }

    // 1 % of an hour on the air, whatever the meter asks for.
    [Theory]
    [InlineData(CoverageClass.Normal, 60)]
    [InlineData(CoverageClass.Extreme, 40)]
    public void LoRaWan_KeepsItsDutyCycle(CoverageClass coverage, int bytes)
    {
        CommunicationModule module = New(ModuleKind.LoRaWan);
        module.Coverage = coverage;
        module.SetPower(on: true, 0);
        int sent = 0;
        for (long now = 7_000; now < 7_000 + 3_600_000; now += 1_000)
        {
            module.Advance(now);
            module.FromMeter(FrameCodec.Encode(FrameType.FromMeter, 1, new byte[bytes]));
            while (module.TryTakeUplink(now, out _)) sent++;
        }

        LinkQuality link = ModuleProfile.Of(ModuleKind.LoRaWan).Links[(int)coverage];
        double air = sent * (link.Air.BaseMs + (link.Air.MsPerByte * bytes));
        Assert.InRange(air, 10_000, 36_000 * 1.05);
    }

    [Theory]
    [InlineData(CoverageClass.Normal, 222)]
    [InlineData(CoverageClass.Extended, 115)]
    [InlineData(CoverageClass.Extreme, 51)]
    public void LoRaWan_CarriesLessFarOut(CoverageClass coverage, int bytes)
    {
        CommunicationModule module = New(ModuleKind.LoRaWan);
        module.Coverage = coverage;
        module.SetPower(on: true, 0);
        Assert.True(module.Deliver(new byte[bytes], 7_000));
        Assert.False(module.Deliver(new byte[bytes + 1], 7_000));
    }

    [Fact]
    public void AModuleThatSleeps_IsReachedWhenItHasSpoken()
    {
        CommunicationModule module = New(ModuleKind.NbIot);
        module.SleepsBetween = true;
        module.SetPower(on: true, 0);
        Assert.True(module.Deliver([1], 200_000));
        module.Advance(2_000_000);
        Assert.False(Heard(module, FrameType.ToMeter));
        module.FromMeter(FrameCodec.Encode(FrameType.FromMeter, 1, [1]));
        module.Advance(2_100_000);
        Assert.True(Heard(module, FrameType.ToMeter));
    }

    private static bool Heard(CommunicationModule module, FrameType type)
    {
        var assembler = new FrameAssembler();
        byte[] buffer = new byte[64];
        bool heard = false;
        for (int count; (count = module.ToMeter(buffer)) > 0;)
        {
            assembler.Push(buffer.AsSpan(0, count));
            while (assembler.TryTake(out ModuleFrame frame)) heard |= frame.Type == type;
        }

        return heard;
    }

    private static long FirstDelay(ModuleKind kind, long idleMs)
    {
        CommunicationModule module = New(kind);
        module.SetPower(on: true, 0);
        long now = ModuleProfile.Of(kind).RegistrationMs + idleMs;
        module.Advance(now);
        module.FromMeter(FrameCodec.Encode(FrameType.FromMeter, 1, [1]));
        return module.NextDeadlineMs - now;
    }

    private static CommunicationModule New(ModuleKind kind) => new(ModuleProfile.Of(kind), serial: 1, seed: 4);
}
