using Latchkey.Meter.Payment.Accounts;
using Latchkey.Meter.Payment.Calendars;

namespace Latchkey.Simulator.Bench;

/// <summary>Accounts and calendars for the bench, with something of everything.</summary>
internal static class LifeAccounts
{
    public const long Unit = 1_000_000;

    /// <summary>Tenths of a thousandth of the unit for a kilowatt-hour, by rate.</summary>
    public static IReadOnlyList<int> Prices { get; } = [5_500, 9_100, 3_000, 1_234];

    public const int StandingCharge = 3;
    public const int Debt = 1;
    public const int DebtProportion = 1_777;
    public const int DebtInstalment = 2;
    public const uint StandingPeriod = 3_600;

    /// <summary>A hundredth of the unit each hour.</summary>
    public const long StandingAmount = Unit / 100;

    /// <summary>Money, four rates, emergency credit and overdraft, a reserve, a free gift, a standing charge, a debt by share and one by time.</summary>
    public static AccountSettings Money { get; } = new()
    {
        Unit = AccountUnit.Currency,
        Name = "CNY",
        Scale = -2,
        Credits =
        [
            new(CreditKind.Token, 2) { Configuration = CreditConfiguration.Visual | CreditConfiguration.ReceivesTokens },
            new(CreditKind.Emergency, 3)
            {
                Configuration = CreditConfiguration.Confirmation | CreditConfiguration.MustBeRepaid, Preset = 10 * Unit, AvailableThreshold = 3 * Unit,
            },
            new(CreditKind.Emergency, 4) { Configuration = CreditConfiguration.Confirmation, Preset = 2 * Unit, AvailableThreshold = 1 },
            new(CreditKind.Reserved, 5) { Configuration = CreditConfiguration.Confirmation | CreditConfiguration.ReceivesTokens, AvailableThreshold = Unit },
            new(CreditKind.Time, 1) { Preset = Unit / 2, Period = 86_400 },
        ],
        Charges =
        [
            new(ChargeKind.Consumption, 1) { Configuration = ChargeConfiguration.Continuous, Active = UnitCharge.ByRate(-4, 3, [.. Prices]) },
            new(ChargeKind.Payment, 2) { Configuration = ChargeConfiguration.Percentage, Proportion = DebtProportion },
            new(ChargeKind.Time, 4) { PeriodSeconds = 7_200, Active = UnitCharge.Flat(2, -2, 0), Rules = CollectionRules.None },
            new(ChargeKind.Time, 3) { Configuration = ChargeConfiguration.Continuous, PeriodSeconds = StandingPeriod, Active = UnitCharge.Flat(1, -2, 0) },
        ],
        TokenShares = [new(3, 5)],
    };

    /// <summary>Four rates, another order on Sundays and holidays.</summary>
    public static Calendar Rates { get; } = new()
    {
        Schedules =
        [
            [new(0, 3), new(360, 2), new(480, 0), new(660, 1), new(780, 0), new(1_080, 1), new(1_260, 2), new(1_380, 3)],
            [new(0, 3), new(600, 2)],
        ],
        Seasons = [new(1, 1, [0, 0, 0, 0, 0, 0, 1])],
        SpecialDays = [new(0, 1, 1, 1), new(0, 10, 1, 1)],
    };
}
