using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Tests;
using Latchkey.ModuleLink.Messages;
using Latchkey.Parks.Balance;
using Latchkey.Parks.Control;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Occupancies;
using Latchkey.Parks.Store;
using Latchkey.Parks.Views;
using Latchkey.Quantities;

namespace Latchkey.Parks.Tests;

public sealed class RoomTests : IDisposable
{
    private static readonly Guid RequestId = TestMeters.Id(70);
    private readonly ParkWorld _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void View_OfALivedInRoom_ShowsWhoAndHowMuch()
    {
        RoomView view = Assert.Single(_world.Views.OfPark(ParkWorld.ParkId));
        Assert.Equal(("101", "Li Wei", Money.FromMajor(50m, Currency.Cny), true), (view.Room.Number, view.Tenant!.Name, view.Balance, view.IsOnline));
    }

    [Fact]
    public void View_OfASilentMeter_IsOffline()
    {
        _world.Clock.Advance(TimeSpan.FromHours(1));
        Assert.False(_world.Views.OfRoom(ParkWorld.RoomId)!.IsOnline);
    }

    [Fact]
    public void View_AfterDaysOfUse_ForecastsTheEnd()
    {
        for (int hour = 0; hour <= 24 * 10; hour++)
        {
            _world.Report(creditWh: 50_000 - (hour * 100), importWh: 1_000 + (hour * 100));
            _world.Clock.Advance(TimeSpan.FromHours(1));
        }

        DaysLeft left = _world.Views.OfRoom(ParkWorld.RoomId)!.DaysLeft!.Value;
        Assert.Equal((108, 108), (left.ExpectedTenths, left.CautiousTenths)); // 26 kWh at 2.4 kWh a day
    }

    [Fact]
    public async Task MoveIn_ToAnOccupiedRoom_IsRefused()
    {
        MoveOutcome outcome = await _world.Occupancies.MoveInAsync(TestMeters.Id(80), ParkWorld.RoomId, ParkWorld.TenantId, _world.Now, null, CancellationToken.None);
        Assert.Equal(new MoveOutcome.Refused(MoveCodes.RoomOccupied), outcome);
    }

    [Fact]
    public async Task MoveIn_Again_ChangesNothing()
    {
        MoveOutcome outcome = await _world.Occupancies.MoveInAsync(TestMeters.Id(905), ParkWorld.RoomId, ParkWorld.TenantId, _world.Now.AddDays(1), null, CancellationToken.None);
        Assert.Equal(TestMeters.Start, Assert.IsType<MoveOutcome.Done>(outcome).Occupancy.MovedInAt);
    }

    [Fact]
    public async Task MoveOut_SettlesRegistersPurchasesAndWhatIsLeft()
    {
        await _world.StartTopUpAsync(yuan: 20m);
        _world.Payments.Pay(TestMeters.Id(1));
        await _world.LiveAsync(TimeSpan.FromMinutes(2));
        _world.Clock.Advance(TimeSpan.FromDays(3));
        _world.Report(creditWh: 63_000, importWh: 8_000);
        FinalStatement statement = Assert.IsType<MoveOutcome.Done>(await _world.Occupancies.MoveOutAsync(ParkWorld.RoomId, _world.Now, null, CancellationToken.None)).Occupancy.Statement!;
        Assert.Equal((7_000, 20_000), (statement.Consumed.WattHours, statement.Bought.WattHours));
        Assert.Equal((Money.FromMajor(20m, Currency.Cny), Money.FromMajor(63m, Currency.Cny), 0), (statement.Paid, statement.RemainingValue, statement.OpenTopUps));
        Assert.Equal(Energy.Zero, statement.Unexplained); // 50 + 20 - 7 - 63
    }

    [Fact]
    public async Task MoveOut_OfAVacantRoom_IsRefused()
    {
        await _world.Occupancies.MoveOutAsync(ParkWorld.RoomId, _world.Now, null, CancellationToken.None);
        Assert.Equal(new MoveOutcome.Refused(MoveCodes.RoomVacant), await _world.Occupancies.MoveOutAsync(ParkWorld.RoomId, _world.Now, null, CancellationToken.None));
    }

    [Fact]
    public async Task ForcedSwitch_AgreedByASecondPerson_OpensTheSwitch()
    {
        Assert.Equal(ForcedSwitchOutcome.Done, await RequestAsync("anna"));
        Assert.Equal(RelayReport.Connected, _world.Meter.Relay);
        Assert.Equal(ForcedSwitchOutcome.Done, await DecideAsync("boris"));
        Assert.Equal(RelayReport.Disconnected, _world.Meter.Relay);
        Assert.Equal(DeliveryState.Proven, _world.HeadEnd.FindDelivery(RequestId)!.State);
    }

    [Fact]
    public async Task ForcedSwitch_AgreedByTheSamePerson_IsRefused()
    {
        await RequestAsync("anna");
        Assert.Equal(ForcedSwitchOutcome.SamePerson, await DecideAsync("Anna"));
        Assert.Equal(RelayReport.Connected, _world.Meter.Relay);
    }

    [Fact]
    public async Task ForcedSwitch_WithoutAReason_IsRefused() =>
        Assert.Equal(ForcedSwitchOutcome.ReasonMissing, await _world.Control.RequestAsync(RequestId, ParkWorld.RoomId, RelayPosition.Off, " - ", "anna", CancellationToken.None));

    [Fact]
    public async Task ForcedSwitch_DecidedTwice_StandsAsDecided()
    {
        await RequestAsync("anna");
        await _world.Control.DecideAsync(RequestId, agree: false, "boris", CancellationToken.None);
        Assert.Equal(ForcedSwitchOutcome.NotOpen, await DecideAsync("carla"));
        Assert.Null(_world.HeadEnd.FindDelivery(RequestId));
    }

    [Fact]
    public async Task ForcedSwitch_ThatNobodyDecides_Lapses()
    {
        await RequestAsync("anna");
        _world.Clock.Advance(TimeSpan.FromHours(25));
        await _world.PumpAsync();
        Assert.Equal(ForcedSwitchState.Lapsed, _world.Store.FindForcedSwitch(RequestId)!.State);
        Assert.Equal(ForcedSwitchOutcome.NotOpen, await DecideAsync("boris"));
    }

    [Fact]
    public async Task ForcedSwitch_WithADeathBetweenWordAndDeed_IsCarriedOutAfterwards()
    {
        await RequestAsync("anna");
        _world.Plan.DieAt(3); // the agreement is written, the head-end has not heard of it
        await Assert.ThrowsAsync<ProcessDied>(() => DecideAsync("boris"));
        _world.Plan.DieAt(0);
        _world.Restart();
        await _world.PumpAsync();
        Assert.Equal((RelayReport.Disconnected, ForcedSwitchState.HandedOver), (_world.Meter.Relay, _world.Store.FindForcedSwitch(RequestId)!.State));
    }

    [Fact]
    public async Task Meter_OfOneRoom_CannotFeedAnother()
    {
        Room other = _world.Store.FindRoom(ParkWorld.RoomId)! with { Id = TestMeters.Id(81), Number = "102" };
        Assert.Equal(CommitResult.MeterTaken, await _world.Store.CommitAsync(new ParkChanges { Rooms = [other] }, CancellationToken.None));
    }

    [Theory]
    [InlineData(new long[] { 2_000, 2_000 }, 50, 50)]
    [InlineData(new long[] { 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 1_000, 11_000 }, 50, 41)]
    [InlineData(new long[] { 0, 0 }, null, null)]
    [InlineData(new long[] { 5_000 }, null, null)]
    public void DaysLeft_FromDailyUse_IsTheMeanAndTheHeaviest(long[] useWh, int? expected, int? cautious)
    {
        DaysLeft? left = DaysLeft.From(Energy.FromWattHours(10_000), [.. useWh.Select(Energy.FromWattHours)]);
        Assert.Equal((expected, cautious), (left?.ExpectedTenths, left?.CautiousTenths));
    }

    [Fact]
    public void DaysLeft_WithNothingLeft_IsNone() =>
        Assert.Equal(0, DaysLeft.From(Energy.FromWattHours(-5), [Energy.FromWattHours(10), Energy.FromWattHours(10)])!.Value.ExpectedTenths);

    [Fact]
    public void BalanceValue_IsRoundedDownAndNegativeWhenOverdrawn()
    {
        Latchkey.Tariffs.Tariff flat = ParkWorld.Tariffs.All.Single();
        Assert.Equal(999, BalanceValue.Of(flat, Currency.Cny, Energy.FromWattHours(9_999)).MinorUnits);
        Assert.Equal(-1, BalanceValue.Of(flat, Currency.Cny, Energy.FromWattHours(-1)).MinorUnits);
    }

    private Task<ForcedSwitchOutcome> RequestAsync(string by) =>
        _world.Control.RequestAsync(RequestId, ParkWorld.RoomId, RelayPosition.Off, "fire alarm in the building", by, CancellationToken.None);

    private Task<ForcedSwitchOutcome> DecideAsync(string by) => _world.Control.DecideAsync(RequestId, agree: true, by, CancellationToken.None);
}
