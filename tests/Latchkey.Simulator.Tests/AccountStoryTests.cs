using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Payment;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Meter.Payment.Calendars;
using Latchkey.Meter.Payment.Freezes;
using Latchkey.ModuleLink.Messages;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Memory;

namespace Latchkey.Simulator.Tests;

/// <summary>What a customer and a landlord see of accounts, prices, calendars, alarms and switching rules.</summary>
public sealed class AccountStoryTests : IDisposable
{
    private const long Unit = LifeAccounts.Unit;
    private const int Day = 86_400;
    private readonly TestMint _mint = new();
    private readonly BareMeter _bench;
    private uint _counter;

    public AccountStoryTests()
    {
        _bench = new BareMeter(_mint, new MemoryNvmImage(), 1);
        _bench.Manufacture();
        _bench.Boot();
    }

    public void Dispose()
    {
        _bench.Dispose();
        _mint.Dispose();
    }

    [Fact]
    public void Money_BuysByRate_AndTheDisplayShowsIt()
    {
        Become(LifeAccounts.Money with { TokenShares = [], Charges = [LifeAccounts.Money.Charges[0]] });
        _bench.Core.SetCalendar(new Calendar { Schedules = [[new(0, 1)]] }, future: false, 1, _bench.Time, out _);
        _bench.Type(_mint.Money(1_000, out long quanta));
        Assert.Equal(AccountUnit.Currency, _bench.Totals.Unit);
        _bench.Consume(3_600, 60);
        _bench.Consume(3_600, 60);
        long energy = _bench.Core.Snapshot.Registers.ActiveImport;
        // 0.91 a kilowatt-hour in the second rate.
        Assert.Equal((Int128)energy * 910_000 / 1_000_000_000, _bench.Totals.ConsumedQuanta);
        Assert.Equal(quanta - _bench.Totals.ConsumedQuanta, _bench.Core.Account.Credits[0].Amount);
        Assert.Equal(energy, _bench.Core.Account.Rates[1]);
        _bench.Keys("059#");
        Assert.Equal(("Credit", "9.89 CNY"), (_bench.Core.Face.Line1, _bench.Core.Face.Line2));
    }

    [Fact]
    public void EnergyTokens_InAMoneyMeter_AreNoFunctionOfIt()
    {
        Become(LifeAccounts.Money);
        _bench.Type(_mint.Credit(1_000));
        Assert.Equal(TokenStatus.FunctionError, _bench.Core.Snapshot.LastToken!.Status);
    }

    [Fact]
    public void ANegativeMoneyToken_TakesBackNoMoreThanThereIs()
    {
        Become(LifeAccounts.Money with { TokenShares = [], Charges = [LifeAccounts.Money.Charges[0]] });
        _bench.Type(_mint.Money(1_000, out long bought));
        _bench.Type(_mint.Money(-2_000, out _));
        Assert.Equal(TokenStatus.RangeError, _bench.Core.Snapshot.LastToken!.Status);
        _bench.Type(_mint.Money(-400, out long back));
        Assert.Equal((bought + back, -back), (_bench.Core.Account.Credits[0].Amount, _bench.Totals.ForfeitedQuanta));
    }

    [Fact]
    public void StandingCharge_IsCollectedByRunningTimeNotByTheClock()
    {
        AccountSettings plain = AccountSettings.Plain(0, 0);
        Become(plain with { Charges = plain.Charges.Add(new(ChargeKind.Time, 2) { PeriodSeconds = Day, Configuration = ChargeConfiguration.Continuous, Active = UnitCharge.Flat(300, 0, 0) }) });
        _bench.Type(_mint.Credit(5_000));
        _bench.ClockErrorSeconds = 10L * 365 * Day;
        Days(3);
        Assert.Equal(900_000_000, _bench.Totals.ChargedQuanta);
        Assert.Equal(4_100, _bench.Totals.Balance.WattHours);
    }

    [Fact]
    public void Debt_IsNotCollectedWhileTheSupplyIsOff_WhereTheRuleSaysSo()
    {
        AccountSettings plain = AccountSettings.Plain(0, 0);
        Become(plain with { Charges = plain.Charges.Add(new(ChargeKind.Time, 2) { PeriodSeconds = 3_600, Active = UnitCharge.Flat(100, 0, 0), Rules = CollectionRules.None }) });
        _bench.Core.SetTotalRemaining(1, 1_000_000_000, _bench.Time);
        Days(1);
        Assert.Equal((0L, 1_000_000_000L), (_bench.Totals.ChargedQuanta, _bench.Core.Account.Charges[1].Remaining));
        _bench.Type(_mint.Credit(5_000));
        Days(1);
        Assert.Equal((1_000_000_000L, 0L, 0L), (_bench.Totals.ChargedQuanta, _bench.Core.Account.Charges[1].Remaining, _bench.Core.Account.AggregatedDebt));
    }

    [Fact]
    public void StepPrice_StartsAnewEachMonth()
    {
        Become(LifeAccounts.Money with
        {
            TokenShares = [],
            Charges = [new(ChargeKind.Consumption, 1)
            {
                Configuration = ChargeConfiguration.Continuous,
                Reset = BlockReset.Month,
                Active = new UnitCharge(3, 0, [1, 1, 1, 1, 2, 2, 2, 2], [1_000]),
            }],
        });
        _bench.Type(_mint.Money(100_000, out _));
        Kilowatthours(3);
        Assert.InRange(_bench.Totals.ConsumedQuanta, (5 * Unit) - 3_000, (5 * Unit) + 3_000);
        Days(31);
        long before = _bench.Totals.ConsumedQuanta;
        Kilowatthours(1);
        Assert.InRange(_bench.Totals.ConsumedQuanta - before, Unit - 3_000, Unit + 3_000);
    }

    [Fact]
    public void NewPrices_ComeIntoForceAtTheirDate()
    {
        Become(LifeAccounts.Money with { TokenShares = [], Charges = [LifeAccounts.Money.Charges[0]] });
        _bench.Type(_mint.Money(10_000, out _));
        Assert.Equal(AccountAnswer.Done, _bench.Core.UpdateUnitCharge(0, UnitCharge.Flat(2, 0, 3), _bench.Time.ClockSeconds + Day, _bench.Time));
        Assert.Equal(LifeAccounts.Prices[0], _bench.Core.Account.Charges[0].Prices.Prices[0]);
        Days(1);
        _bench.Wait(2_000);
        Assert.Equal(2, _bench.Core.Account.Charges[0].Prices.Prices[0]);
        Assert.Contains(_bench.Core.Snapshot.Events, e => e.Code == EventCode.PricesChanged);
        _bench.Boot();
        Assert.Equal(2, _bench.Core.Account.Charges[0].Prices.Prices[0]);
    }

    [Fact]
    public void AFutureCalendar_ComesIntoForceAtItsDateAndNotByAJumpOfTheClock()
    {
        Calendar next = new() { Schedules = [[new(0, 2)]], ActivationClockSeconds = _bench.Time.ClockSeconds + (30 * Day) };
        _bench.Core.SetCalendar(next, future: true, 5, _bench.Time, out bool stored);
        Assert.True(stored);
        _bench.ClockErrorSeconds = 10L * 365 * Day;
        _bench.Wait(60_000);
        _bench.ClockErrorSeconds = 0;
        _bench.Wait(60_000);
        Assert.NotNull(_bench.Core.FutureCalendar);
        Days(31);
        Assert.Equal((2, true), (_bench.Core.CalendarMoment.Rate, _bench.Core.FutureCalendar is null));
    }

    [Fact]
    public void Classroom_IsOffByTheTimetable_AndComesBackInTheMorning()
    {
        _bench.Type(_mint.Credit(50_000));
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(_bench.Time.ClockSeconds);
        ushort at(int minutes) => (ushort)(((now.Hour * 60) + now.Minute + minutes) % 1_440);
        (ushort off, ushort on) = (at(10), at(30));
        DayPeriod[] periods = off < on ? [new(0, 0), new(off, 0, PeriodRules.SupplyOff), new(on, 0)] : [new(0, 0, PeriodRules.SupplyOff), new(on, 0), new(off, 0, PeriodRules.SupplyOff)];
        Assert.Equal(CalendarFault.None, _bench.Core.SetCalendar(new Calendar { Schedules = [[.. periods]] }, future: false, 1, _bench.Time, out _));
        Minutes(15);
        Assert.Equal((SupplyPosition.Open, OffReasons.Timetable), (_bench.Switch.Position, _bench.Core.Snapshot.ForemostReason));
        Minutes(20);
        Assert.Equal(SupplyPosition.Closed, _bench.Switch.Position);
    }

    [Fact]
    public void DaysLeft_AlarmAndRemindOnce()
    {
        Set(MeterParameter.LowCreditAlarm1, 0);
        Set(MeterParameter.LowCreditAlarm2, 0);
        Set(MeterParameter.LowCreditDays1, 5);
        Set(MeterParameter.RemindTripSeconds, 10);
        _bench.Type(_mint.Credit(100_000));
        Assert.Equal(CreditWatch.UnknownDays, _bench.Core.DaysLeft);
        int trips = 0;
        for (int minute = 0; minute < 6 * 1_440; minute++)
        {
            _bench.Consume(_bench.Switch.Position == SupplyPosition.Closed ? 500 : 0, 60);
            trips += _bench.Core.Snapshot.Supply.Reasons.HasFlag(OffReasons.Reminder) ? 1 : 0;
        }

        // Twelve kilowatt-hours a day: after six days 28 are left, two days.
        Assert.Equal(2, _bench.Core.DaysLeft);
        Assert.Equal(CreditLevel.Low, _bench.Core.Snapshot.CreditLevel);
        Assert.Equal(1, trips);
        Assert.Single(_bench.Core.Snapshot.Events, e => e.Code == EventCode.ReminderTrip);
        _bench.Boot();
        Minutes(5);
        Assert.Single(_bench.Core.Snapshot.Events, e => e.Code == EventCode.ReminderTrip);
    }

    [Fact]
    public void ForcedOn_KeepsAnEmptyMeterOn_AndATamperStillSwitchesOff()
    {
        Set(MeterParameter.ForceSupply, 1);
        _bench.Consume(1_000, 60);
        Assert.Equal(SupplyPosition.Closed, _bench.Switch.Position);
        _bench.Tamper.Now = _bench.Tamper.Latched = TamperInputs.MeterCover;
        _bench.Wait(10);
        _bench.Wait(200);
        Assert.Equal(SupplyPosition.Open, _bench.Switch.Position);
        Set(MeterParameter.ForceSupply, 2);
        Assert.Equal(OffReasons.Forced, _bench.Core.Snapshot.Supply.Reasons & OffReasons.Forced);
    }

    [Fact]
    public void Decommissioned_IsDarkAndKnowsNoTamper_CommissionedFindsTheOpenCover()
    {
        _bench.Type(_mint.Credit(5_000));
        Set(MeterParameter.Commissioned, 0);
        Assert.Equal((SupplyPosition.Open, OffReasons.NotActive), (_bench.Switch.Position, _bench.Core.Snapshot.ForemostReason));
        _bench.Tamper.Now = _bench.Tamper.Latched = TamperInputs.MeterCover;
        Minutes(2);
        Assert.Equal(TamperInputs.None, _bench.Core.Snapshot.TamperLatched);
        Set(MeterParameter.Commissioned, 1);
        for (int i = 0; i < 10; i++) _bench.Wait(100);
        Assert.Equal(TamperInputs.MeterCover, _bench.Core.Snapshot.TamperLatched);
    }

    [Fact]
    public void MovingOut_FreezesTheFinalFigures_AndTheNextTenantStartsAtNothing()
    {
        _bench.Type(_mint.Credit(5_000));
        Kilowatthours(2);
        long left = _bench.Totals.BalanceQuanta;
        Set(MeterParameter.AccountState, 0);
        Assert.Equal((0L, OffReasons.NotActive), (_bench.Totals.BalanceQuanta, _bench.Core.Snapshot.ForemostReason));
        RegisterFreeze final = Assert.Single(_bench.Core.MonthlyFreezes);
        Assert.Equal((FreezeKind.Final, left), (final.Kind, final.Own));
        _bench.Type(_mint.Credit(7_000));
        Assert.Equal(TokenStatus.NotReady, _bench.Core.Snapshot.LastToken!.Status);
        Set(MeterParameter.AccountState, 1);
        _bench.Type(_mint.Credit(3_000));
        Assert.Equal((3_000L, SupplyPosition.Closed), (_bench.Totals.Balance.WattHours, _bench.Switch.Position));
    }

    [Fact]
    public void DaysAndMonths_AreFrozenAtTheirEnd_AndTheOldestGo()
    {
        _bench.Type(_mint.Credit(1_000_000));
        for (int day = 0; day < 100; day++) Days(1, watts: 100);
        Assert.Equal(64, _bench.Core.DailyFreezes.Length);
        // From the end of May to the beginning of September.
        Assert.Equal(4, _bench.Core.MonthlyFreezes.Length);
        Assert.True(_bench.Core.DailyFreezes.Zip(_bench.Core.DailyFreezes.Skip(1)).All(p => p.First.Import > p.Second.Import && p.First.ClockSeconds > p.Second.ClockSeconds));
        RegisterFreeze[] before = [.. _bench.Core.DailyFreezes];
        _bench.Boot();
        Assert.Equal(before.Select(f => f.Sequence), _bench.Core.DailyFreezes.Select(f => f.Sequence));
    }

    [Fact]
    public void Overdraft_IsGivenOnce_AndKeptApart()
    {
        Become(LifeAccounts.Money with { TokenShares = [], Charges = [LifeAccounts.Money.Charges[0]] });
        _bench.Type(_mint.Money(100, out _));
        Use(until: () => _bench.Switch.Position == SupplyPosition.Open);
        _bench.Keys("072#");
        Assert.Equal("ACCEPTED", _bench.Core.Face.Line2);
        Assert.Equal(SupplyPosition.Closed, _bench.Switch.Position);
        Use(until: () => _bench.Switch.Position == SupplyPosition.Open);
        Assert.Equal(2 * Unit, _bench.Core.Account.Credits[2].Taken);
        _bench.Keys("072#");
        Assert.Equal("01 already used", _bench.Core.Face.Line2);
        _bench.Type(_mint.Money(500, out _));
        Assert.Equal((CreditStatus.Enabled, SupplyPosition.Closed), (_bench.Core.Account.Credits[2].Status, _bench.Switch.Position));
    }

    [Fact]
    public void ReconnectByHand_WaitsForTheCustomer()
    {
        Set(MeterParameter.ReconnectByHand, 1);
        _bench.Wait(1_000);
        _bench.Type(_mint.Credit(5_000));
        _bench.Wait(1_000);
        Assert.Equal((SupplyPosition.Open, OffReasons.Armed), (_bench.Switch.Position, _bench.Core.Snapshot.ForemostReason));
        _bench.Boot();
        _bench.Wait(1_000);
        Assert.Equal(SupplyPosition.Open, _bench.Switch.Position);
        _bench.Keys("073#");
        Assert.Equal(SupplyPosition.Closed, _bench.Switch.Position);
    }

    [Fact]
    public void AKettleInADormitory_TripsAndComesBackWithoutIt()
    {
        Set(MeterParameter.MalignantStepWatts, 800);
        _bench.Type(_mint.Credit(50_000));
        for (int i = 0; i < 5; i++) _bench.Consume(200);
        for (int i = 0; i < 5 && _bench.Switch.Position == SupplyPosition.Closed; i++) _bench.Consume(1_800);
        Assert.Equal(OffReasons.MalignantLoad, _bench.Core.Snapshot.ForemostReason);
        for (int i = 0; i < 70; i++) _bench.Consume(_bench.Switch.Position == SupplyPosition.Closed ? 200 : 0);
        Assert.Equal(SupplyPosition.Closed, _bench.Switch.Position);
    }

    [Fact]
    public void AnOverload_MayBeCountedApartInstead()
    {
        Set(MeterParameter.LoadLimitWatts, 1_000);
        Set(MeterParameter.OverloadAction, 1);
        _bench.Type(_mint.Credit(50_000));
        for (int i = 0; i < 120; i++) _bench.Consume(3_000);
        Assert.Equal(SupplyPosition.Closed, _bench.Switch.Position);
        Assert.InRange(_bench.Core.Running.Overload, 98_000_000, 101_000_000);
    }

    [Fact]
    public void Settings_ThatDoNotFit_AreRefusedWithTheReasonAndChangeNothing()
    {
        _bench.Type(_mint.Credit(1_000));
        Assert.Equal(AccountFault.AccountInUse, _bench.Core.SetAccount(LifeAccounts.Money, 1, _bench.Time, out _));
        Assert.Equal(AccountFault.Charges, _bench.Core.SetAccount(AccountSettings.Plain(0, 0) with { Charges = [] }, 1, _bench.Time, out _));
        Assert.Equal((AccountUnit.Energy, 1_000L), (_bench.Core.Account.Settings.Unit, _bench.Totals.Balance.WattHours));
    }

    [Fact]
    public void AnAccountBlockThatCannotBeRead_SwitchesOffAndSaysSo()
    {
        Become(LifeAccounts.Money);
        _bench.Type(_mint.Money(1_000, out _));
        Span<byte> cells = _bench.Image.Cells;
        const int FirstBlock = (128 + 128 + 32) * 256, Area = 8 * 256;
        cells.Slice(FirstBlock, 4 * Area).Fill(0x33);
        cells.Slice(FirstBlock + (128 * 1_024), 4 * Area).Fill(0x33);
        _bench.Boot();
        _bench.Wait(1_000);
        Assert.Equal((SupplyPosition.Open, OffReasons.StorageFault, false), (_bench.Switch.Position, _bench.Core.Snapshot.ForemostReason, _bench.Core.Snapshot.IsStorageSound));
        Assert.Contains(_bench.Core.Snapshot.Events, e => e.Code == EventCode.BlockUnreadable);
    }

    private void Become(AccountSettings settings)
    {
        _bench.Wait(1_000);
        Assert.Equal(AccountFault.None, _bench.Core.SetAccount(settings, 1, _bench.Time, out AccountAnswer answer));
        Assert.Equal(AccountAnswer.Done, answer);
    }

    private void Set(MeterParameter parameter, long value)
    {
        _bench.Receive(new MeterMessage.ParameterSet(1, parameter, value), ++_counter);
        _bench.Wait(1_000);
    }

    private void Minutes(int minutes)
    {
        for (int i = 0; i < minutes; i++) _bench.Wait(60_000);
    }

    private void Days(int days, int watts = 0)
    {
        for (int i = 0; i < days * 1_440; i++) _bench.Consume(_bench.Switch.Position == SupplyPosition.Closed ? watts : 0, 60);
    }

    private void Kilowatthours(int count)
    {
        for (int i = 0; i < count * 20; i++) _bench.Consume(3_000, 60);
    }

    private void Use(Func<bool> until)
    {
        for (int i = 0; i < 100_000 && !until(); i++) _bench.Consume(3_000);
        Assert.True(until());
    }
}
