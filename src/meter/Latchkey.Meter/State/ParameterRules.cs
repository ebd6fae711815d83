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
            _ => null,
        };
    }
}
