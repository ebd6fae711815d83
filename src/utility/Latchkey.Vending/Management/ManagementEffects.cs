using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Between a management token's 16 bits and what two people are asked to approve.</summary>
internal static class ManagementEffects
{
    private const string Watts = "W", Register = "register";

    /// <summary>What a request would do; null where its kind or its value is not offered here.</summary>
    public static ApprovalEffect? Of(ManagementRequest request) => request.Kind switch
    {
        ManagementSubClass.ClearTamperCondition when request.Value == 0 => new(ApprovalKind.ClearTamper, request.Pan.ToString(), 1, "token", string.Empty),
        ManagementSubClass.ClearCredit when IsRegister(request.Value) => new(ApprovalKind.ClearCredit, request.Pan.ToString(), request.Value, Register, string.Empty),
        ManagementSubClass.SetMaximumPowerLimit => new(ApprovalKind.PowerLimit, request.Pan.ToString(), new TransferAmount(request.Value).Steps, Watts, string.Empty),
        ManagementSubClass.SetMaximumPhasePowerUnbalanceLimit => new(ApprovalKind.PhaseUnbalance, request.Pan.ToString(), new TransferAmount(request.Value).Steps, Watts, string.Empty),
        _ => null,
    };

    /// <summary>The effect that a person asks for: watts for the limits, a register for clear credit, nothing for clear tamper. Null and the problem where there is none.</summary>
    public static ApprovalEffect? Of(ApprovalKind kind, MeterPan pan, long value, out string? problem)
    {
        problem = null;
        switch (kind)
        {
            case ApprovalKind.ClearTamper:
                return Of(new ManagementRequest(default, pan, ManagementSubClass.ClearTamperCondition, 0, string.Empty, string.Empty, string.Empty));
            case ApprovalKind.ClearCredit when value is >= 0 and <= ushort.MaxValue && IsRegister((ushort)value):
                return Of(new ManagementRequest(default, pan, ManagementSubClass.ClearCredit, (ushort)value, string.Empty, string.Empty, string.Empty));
            case ApprovalKind.ClearCredit:
                problem = "A register is 0 (electricity) to 7, or 65535 for all.";
                return null;
            case ApprovalKind.PowerLimit or ApprovalKind.PhaseUnbalance:
                if (TransferAmount.TryFromSteps(value, out TransferAmount watts) && watts.Steps == value && value > 0)
                    return new ApprovalEffect(kind, pan.ToString(), value, Watts, string.Empty);
                problem = watts.Steps > value && value > 0 ? $"A token cannot say {value} W; the next it can say is {watts.Steps} W." : "Watts are 1 to 18201624.";
                return null;
            default:
                problem = "That is no token for a meter's management.";
                return null;
        }
    }

    /// <summary>The request that an approval is for; its approvers are those of the record and nobody else.</summary>
    public static ManagementRequest? RequestOf(Approval approval)
    {
        if (!MeterPan.TryParse(approval.Effect.Subject, out MeterPan pan)) return null;
        (ManagementSubClass Kind, ushort Value)? token = approval.Effect.Kind switch
        {
            ApprovalKind.ClearTamper => (ManagementSubClass.ClearTamperCondition, 0),
            ApprovalKind.ClearCredit => (ManagementSubClass.ClearCredit, checked((ushort)approval.Effect.Amount)),
            ApprovalKind.PowerLimit => (ManagementSubClass.SetMaximumPowerLimit, Field(approval.Effect.Amount)),
            ApprovalKind.PhaseUnbalance => (ManagementSubClass.SetMaximumPhasePowerUnbalanceLimit, Field(approval.Effect.Amount)),
            _ => null,
        };
        return token is { } t
            ? new ManagementRequest(approval.Id, pan, t.Kind, t.Value, approval.Request.Reason, approval.First?.ToString() ?? string.Empty, approval.Second?.ToString() ?? string.Empty)
            : null;
    }

    private static ushort Field(long watts) => TransferAmount.TryFromSteps(watts, out TransferAmount amount) ? amount.Field : (ushort)0;

    private static bool IsRegister(ushort value) => value is <= (ushort)CreditRegister.TimeCurrency or (ushort)CreditRegister.All;
}
