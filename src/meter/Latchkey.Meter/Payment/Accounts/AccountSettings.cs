using System.Collections.Immutable;

namespace Latchkey.Meter.Payment.Accounts;

/// <summary>One credit as it is set up: the static attributes of COSEM class 112. Amounts are quanta of the account.</summary>
/// <param name="Kind">credit_type.</param>
/// <param name="Priority">1 is used first; 0 is not used.</param>
public sealed record CreditSettings(CreditKind Kind, byte Priority)
{
    public CreditConfiguration Configuration { get; init; }

    public long WarningThreshold { get; init; }

    /// <summary>The lowest it may go.</summary>
    public long Limit { get; init; }

    /// <summary>preset_credit_amount: what invoking an emergency credit lends, or what a period gives.</summary>
    public long Preset { get; init; }

    /// <summary>credit_available_threshold: below this account credit it is on offer.</summary>
    public long AvailableThreshold { get; init; }

    /// <summary>Of a time credit: seconds of running between two gifts, or 0 for each calendar month. Of a consumption credit: watt-hours between them.</summary>
    public long Period { get; init; }

    public bool Asks => Configuration.HasFlag(CreditConfiguration.Confirmation);
}

/// <summary>One charge as it is set up: the static attributes of COSEM class 113.</summary>
/// <param name="Kind">charge_type.</param>
/// <param name="Priority">1 is collected first; 0 is not collected.</param>
public sealed record ChargeSettings(ChargeKind Kind, byte Priority)
{
    /// <summary>unit_charge_active.</summary>
    public UnitCharge Active { get; init; } = UnitCharge.OneForOne;

    /// <summary>unit_charge_passive, or null.</summary>
    public UnitCharge? Passive { get; init; }

    /// <summary>unit_charge_activation_time, seconds since 1970-01-01 UTC; 0 for never.</summary>
    public long ActivationClockSeconds { get; init; }

    /// <summary>Of a time charge: seconds of running between two collections. An outage is not charged for.</summary>
    public uint PeriodSeconds { get; init; }

    public ChargeConfiguration Configuration { get; init; }

    /// <summary>Of a payment charge: hundredths of a percent of the top-up.</summary>
    public ushort Proportion { get; init; }

    /// <summary>When a time charge is collected although the supply is off, limited or friendly. A consumption charge always is.</summary>
    public CollectionRules Rules { get; init; } = CollectionRules.Always;

    /// <summary>The credits in use from which a time charge is collected, one bit each; 0 for all.</summary>
    public byte Credits { get; init; }

    /// <summary>Of a step price.</summary>
    public BlockReset Reset { get; init; }

    /// <summary>The prices that hold.</summary>
    public UnitCharge PricesBy(long passiveIsActive) => passiveIsActive != 0 && Passive is { } passive ? passive : Active;

    public bool IsContinuous => Configuration.HasFlag(ChargeConfiguration.Continuous);
}

/// <summary>How much of a top-up goes to a credit: one row of token_gateway_configuration.</summary>
/// <param name="Credit">Index of the credit.</param>
/// <param name="Percent">1 to 100.</param>
public readonly record struct TokenShare(byte Credit, byte Percent);

/// <summary>The account as it is set up: the static attributes of COSEM class 111 with its credits and charges.</summary>
public sealed record AccountSettings
{
    public const int MaxCredits = 6;
    public const int MaxCharges = 6;

    /// <summary>Each has a running total of its own in every checkpoint.</summary>
    public const int MaxConsumptionCharges = 2;

    /// <summary>What a token moves must fit into one record.</summary>
    public const int MaxPaymentCharges = 2;

    /// <summary>The credit that owes what no other can pay: the first of kind token.</summary>
    public const int TokenCredit = 0;

    public AccountUnit Unit { get; init; } = AccountUnit.Energy;

    /// <summary>Three letters of the currency, or kWh.</summary>
    public string Name { get; init; } = "kWh";

    /// <summary>Exponent of the unit in which amounts are shown: -2 for cents, -3 for watt-hours.</summary>
    public sbyte Scale { get; init; } = -3;

    /// <summary>After running out, supply returns only when the available credit is above this. Quanta.</summary>
    public long ClearanceThreshold { get; init; }

    /// <summary>The most that payment charges may take within <see cref="MaxProvisionSeconds"/>, quanta; 0 for no limit.</summary>
    public long MaxProvision { get; init; }

    public uint MaxProvisionSeconds { get; init; }

    public ImmutableArray<CreditSettings> Credits { get; init; } = [];

    public ImmutableArray<ChargeSettings> Charges { get; init; } = [];

    /// <summary>What is not given away here goes to <see cref="TokenCredit"/>.</summary>
    public ImmutableArray<TokenShare> TokenShares { get; init; } = [];

    /// <summary>Quanta in a thousandth of the unit, in which messages and alarms count.</summary>
    public long QuantaPerMilli => Unit == AccountUnit.Energy ? 1_000_000 : 1_000;

    /// <summary>The account of a meter that nobody has given another: kilowatt-hours, one token credit, and emergency credit if there is any.</summary>
    public static AccountSettings Plain(long emergencyQuanta, long thresholdQuanta) => new()
    {
        Credits =
        [
            new(CreditKind.Token, 1) { Configuration = CreditConfiguration.Visual | CreditConfiguration.ReceivesTokens },
            new(CreditKind.Emergency, emergencyQuanta == 0 ? (byte)0 : (byte)2)
            {
                Configuration = CreditConfiguration.Visual | CreditConfiguration.Confirmation | CreditConfiguration.MustBeRepaid,
                Preset = emergencyQuanta,
                AvailableThreshold = thresholdQuanta,
            },
        ],
        Charges = [new(ChargeKind.Consumption, 1) { Configuration = ChargeConfiguration.Continuous }],
    };
}
