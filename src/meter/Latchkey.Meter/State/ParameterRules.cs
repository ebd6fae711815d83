using Latchkey.Dlms.Cosem;
using Latchkey.Meter.Payment;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.Meter.State;

/// <summary>The ranges of the parameters that may be set from afar.</summary>
internal static class ParameterRules
{
    private const long MaxAlarmWh = 1_000_000_000;
    private const long ShortestIntervalSeconds = 10;
    private const long LongestIntervalSeconds = 7 * 86_400;
    private const long MaxLimitWatts = 1_000_000;
    private const long MaxEmergencyWh = 100_000;
    private const long MaxDays = 366;
    private const long MaxOffsetMinutes = 14 * 60;

    public static bool IsKnown(MeterParameter parameter) => Enum.IsDefined(parameter);

    /// <summary>The state with the parameter set, or null when it is unknown or its value out of range.</summary>
    public static DurableState? Apply(DurableState state, MeterParameter parameter, long value)
    {
        MeterParameters p = state.Parameters;
        return parameter switch
        {
            MeterParameter.LowCreditAlarm1 when value is >= 0 and <= MaxAlarmWh => state with { Parameters = p with { LowCredit1Wh = (int)value } },
            MeterParameter.LowCreditAlarm2 when value is >= 0 and <= MaxAlarmWh => state with { Parameters = p with { LowCredit2Wh = (int)value } },
            MeterParameter.ReadingIntervalSeconds when value is 0 or (>= ShortestIntervalSeconds and <= LongestIntervalSeconds) =>
                state with { Parameters = p with { ReadingIntervalSeconds = (int)value } },
            MeterParameter.LoadLimitWatts when value is >= 0 and <= MaxLimitWatts => state with { Parameters = p with { LoadLimitWatts = (int)value } },
            MeterParameter.EmergencyLimit when value is >= 0 and <= MaxEmergencyWh => state with { Parameters = p with { EmergencyLimitWh = (int)value } },
            MeterParameter.EmergencyThreshold when value is >= 0 and <= MaxEmergencyWh => state with { Parameters = p with { EmergencyThresholdWh = (int)value } },
            MeterParameter.FriendlyPeriod when value is >= 0 and <= 0x7FFFFF && FriendlyPeriod.FromInt32((int)value).IsValid =>
                state with { Parameters = p with { Friendly = FriendlyPeriod.FromInt32((int)value) } },
            MeterParameter.UtcOffsetMinutes when value is >= -MaxOffsetMinutes and <= MaxOffsetMinutes => state with { Parameters = p with { UtcOffsetMinutes = (int)value } },
            MeterParameter.PaymentMode when value is 0 or 1 => state with { Parameters = p with { IsPostpaid = value == 1 } },
            MeterParameter.ControlMode when value is >= 0 and <= DisconnectControlTable.MaxMode => state with { Supply = state.Supply with { Mode = (byte)value } },
            MeterParameter.AccountState when value is 0 or 1 => state,
            _ => Set(p, parameter, value) is { } set ? state with { Parameters = set } : null,
        };
    }

    private static MeterParameters? Set(MeterParameters p, MeterParameter parameter, long value) => parameter switch
    {
        MeterParameter.LowCreditDays1 when value is >= 0 and <= MaxDays => p with { LowCreditDays1 = (int)value },
        MeterParameter.LowCreditDays2 when value is >= 0 and <= MaxDays => p with { LowCreditDays2 = (int)value },
        MeterParameter.ForceSupply when value is >= 0 and <= (int)ForceMode.Off => p with { Force = (ForceMode)value },
        MeterParameter.Commissioned when value is 0 or 1 => p with { IsDecommissioned = value == 0 },
        MeterParameter.RemindTripSeconds when value is 0 or (>= 5 and <= 600) => p with { RemindTripSeconds = (int)value },
        MeterParameter.OverloadAction when value is 0 or 1 => p with { CountsOverload = value == 1 },
        MeterParameter.LimiterDelaySeconds when value is >= 1 and <= 600 => p with { Limiter = p.Limiter with { SlightMs = (int)value * 1_000 } },
        MeterParameter.LimiterWaitSeconds when value is >= 5 and <= 3_600 => p with { Limiter = p.Limiter with { FirstWaitMs = (int)value * 1_000 } },
        MeterParameter.LimiterTrips when value is >= 1 and <= 20 => p with { Limiter = p.Limiter with { MaxTrips = (int)value } },
        MeterParameter.LimiterForgetMinutes when value is >= 1 and <= 1_440 => p with { Limiter = p.Limiter with { ForgetMs = (int)value * 60_000 } },
        MeterParameter.MalignantStepWatts when value is 0 or (>= 100 and <= MaxLimitWatts) => p with { Malignant = p.Malignant with { StepWatts = (int)value } },
        MeterParameter.MalignantPowerFactor when value is >= 500 and <= 1_000 => p with { Malignant = p.Malignant with { PowerFactorThousandths = (int)value } },
        MeterParameter.ReconnectByHand when value is 0 or 1 => p with { ReconnectsByHand = value == 1 },
        MeterParameter.ArmAfterOutage when value is 0 or 1 => p with { ArmsAfterOutage = value == 1 },
        _ => null,
    };
}
