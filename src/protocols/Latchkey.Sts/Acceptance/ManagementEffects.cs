namespace Latchkey.Sts;

/// <summary>What a management token's value means.</summary>
internal static class ManagementEffects
{
    /// <summary>The effect, or null where the value is out of range.</summary>
    internal static TokenEffect? Of(in ManagementToken token) => token.SubClass switch
    {
        ManagementSubClass.SetMaximumPowerLimit => new TokenEffect.SetMaximumPowerLimit(new TransferAmount(token.Value).Steps),
        ManagementSubClass.SetMaximumPhasePowerUnbalanceLimit => new TokenEffect.SetMaximumPhasePowerUnbalanceLimit(new TransferAmount(token.Value).Steps),
        ManagementSubClass.ClearCredit => IsRegister(token.Value) ? new TokenEffect.ClearCredit((CreditRegister)token.Value) : null,
        ManagementSubClass.SetTariffRate => new TokenEffect.SetTariffRate(token.Value),
        ManagementSubClass.SetWaterMeterFactor => new TokenEffect.SetWaterMeterFactor(token.Value),
        ManagementSubClass.ClearTamperCondition => token.Value == 0 ? new TokenEffect.ClearTamperCondition() : null,
        ManagementSubClass.ExtendedSet => new TokenEffect.ExtendedSet(ExtendedParameter.FromField(token.Value)),
        _ => throw new System.Diagnostics.UnreachableException($"{token.SubClass} has another layout."),
    };

    private static bool IsRegister(ushort value) => value is <= (ushort)CreditRegister.TimeCurrency or (ushort)CreditRegister.All;
}
