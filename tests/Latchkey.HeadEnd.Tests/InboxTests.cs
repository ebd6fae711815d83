using CsCheck;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Meters;
using Latchkey.HeadEnd.Readings;
using Latchkey.ModuleLink.Frames;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.HeadEnd.Tests;

public sealed class InboxTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Datagram_SentTwice_IsRefusedTheSecondTime()
    {
        byte[] reading = _bench.Meter.Say(FakeMeter.ReadingAt(_bench.Now));
        Assert.Equal((ReceiveOutcome.Accepted, ReceiveOutcome.Replayed), (_bench.Receive(reading), _bench.Receive(reading)));
    }

    [Fact]
    public void Datagram_ReplayedAfterARestart_IsStillRefused()
    {
        byte[] reading = _bench.Meter.Say(FakeMeter.ReadingAt(_bench.Now));
        _bench.Receive(reading);
        _bench.Restart();
        Assert.Equal(ReceiveOutcome.Replayed, _bench.Receive(reading));
    }

    [Fact]
    public void Datagram_WithAnyBitFlipped_IsNeverAccepted()
    {
        byte[] good = _bench.Meter.Say(FakeMeter.ReadingAt(_bench.Now));
        Gen.Int[0, (good.Length * 8) - 1].Sample(bit =>
        {
            byte[] bad = [.. good];
            bad[bit / 8] ^= (byte)(1 << (bit % 8));
            return _bench.Receive(bad) == ReceiveOutcome.NotAuthentic;
        });
    }

    [Fact]
    public void Datagram_OfAnyBytes_IsAnOutcome() =>
        Gen.Byte.Array[0, 80].Sample(bytes => _bench.Receive(bytes) == ReceiveOutcome.NotAuthentic);

    [Fact]
    public void Datagram_OurOwnSentBack_IsNotAuthentic()
    {
        _bench.SubmitCredit();
        Assert.Equal(ReceiveOutcome.NotAuthentic, _bench.Receive(_bench.Channel.Sent[0].Datagram.ToArray()));
    }

    [Fact]
    public void Datagram_OfAnUnknownMeter_IsSaidSo() =>
        Assert.Equal(ReceiveOutcome.UnknownMeter, _bench.Desk.Receive(TestMeters.Pan(9), new byte[40], "radio", _bench.Now));

    [Fact]
    public void Row_OfAnotherMeter_DoesNotOpenItsKey()
    {
        using var vault = new MessageKeyVault(TestMeters.MasterKey());
        byte[] wrapped = vault.Wrap(TestMeters.Pan(1), TestMeters.MessageKey(1));
        Assert.True(vault.TryUnwrap(TestMeters.Pan(1), wrapped, out _));
        Assert.False(vault.TryUnwrap(TestMeters.Pan(2), wrapped, out _));
    }

    [Fact]
    public void Reading_FromAWildClock_IsAContactButNotStored()
    {
        Assert.Equal(ReceiveOutcome.Implausible, _bench.Receive(_bench.Meter.Say(FakeMeter.ReadingAt(_bench.Now.AddDays(3)))));
        Assert.Equal(ReceiveOutcome.Implausible, _bench.Receive(_bench.Meter.Say(FakeMeter.ReadingAt(_bench.Now, energyWh: long.MaxValue))));
        RegisteredMeter meter = _bench.Desk.FindMeter(_bench.Pan)!;
        Assert.Equal((_bench.Now, null), (meter.LastContactAt, meter.Reported));
    }

    [Fact]
    public void Reading_ThatIsLate_IsStoredButReportsNothing()
    {
        _bench.Receive(_bench.Meter.Say(FakeMeter.ReadingAt(_bench.Now, energyWh: 2_000)));
        _bench.Receive(_bench.Meter.Say(FakeMeter.ReadingAt(_bench.Now.AddHours(-1), energyWh: 1_900)));
        Assert.Equal(2_000, _bench.Desk.FindMeter(_bench.Pan)!.Reported!.Import.WattHours);
        Assert.Equal([1_900, 2_000], Energies());
    }

    [Fact]
    public void Readings_InAnyOrderAndRepeated_LeaveTheSameRows()
    {
        var points = Enumerable.Range(0, 60).Select(i => FakeMeter.ReadingAt(TestMeters.Start.AddMinutes(i * 45), 1_000 + (i * i), 9_000 - (i * 100))).ToArray();
        string expected = RowsAfter(points);
        Gen.Int[0, points.Length - 1].Array[0, 40].Select(Gen.Shuffle(points)).Sample(
            (repeats, shuffled) => RowsAfter([.. shuffled, .. repeats.Select(i => points[i])]) == expected, iter: 30);
    }

    [Fact]
    public void Event_ReportedTwice_IsOneEvent()
    {
        DateTimeOffset at = _bench.Now.AddMinutes(-5);
        _bench.Receive(_bench.Meter.Say(FakeMeter.EventAt(at, 17)));
        _bench.Receive(_bench.Meter.Say(FakeMeter.EventAt(at, 17)));
        Assert.Equal((17u, at), (Assert.Single(_bench.Desk.EventsOf(_bench.Pan, 10)).Code, _bench.Desk.EventsOf(_bench.Pan, 10)[0].At));
    }

    [Fact]
    public void Hello_TellsTheCoverage()
    {
        _bench.Receive(_bench.Meter.Say(new MeterMessage.Hello(3, 60, -112, 2, 0, 10_000)));
        RegisteredMeter meter = _bench.Desk.FindMeter(_bench.Pan)!;
        Assert.Equal((CoverageClass.Extreme, -112), (meter.Coverage, meter.RssiDbm));
    }

    [Fact]
    public void Module_Swapped_IsNoted()
    {
        _bench.Desk.ModuleSeen(_bench.Pan, ModuleKind.Lte4G, 1, _bench.Now);
        _bench.Desk.ModuleSeen(_bench.Pan, ModuleKind.Nr5G, 2, _bench.Now);
        Assert.Equal(ModuleKind.Nr5G, _bench.Desk.FindMeter(_bench.Pan)!.Module!.Kind);
    }

    private IEnumerable<long> Energies() =>
        _bench.Desk.Readings(_bench.Pan, ReadingChannel.EnergyImportWh, _bench.Now.AddDays(-2), _bench.Now.AddDays(2)).Select(p => p.Value);

    private static string RowsAfter(IEnumerable<MeterMessage.Reading> readings)
    {
        using var bench = new Bench();
        bench.Now = TestMeters.Start.AddDays(3);
        foreach (MeterMessage.Reading reading in readings) bench.Receive(bench.Meter.Say(reading));
        return string.Join('\n', from channel in Enum.GetValues<ReadingChannel>()
                                 from day in bench.Store.Days(bench.Pan, channel, DateOnly.MinValue, DateOnly.MaxValue)
                                 select $"{channel} {day.Day:O} {Convert.ToHexString(day.Block.Span)}");
    }
}
