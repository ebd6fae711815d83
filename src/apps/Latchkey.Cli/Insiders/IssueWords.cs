using System.Globalization;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Cli.Insiders;

/// <summary>What a person says of a token that nobody pays for, before it is known to make sense.</summary>
/// <param name="Amount">kWh, watts, a register, a mask of tests; by kind.</param>
internal sealed record IssueWords(string? Meter, string? Amount, string? From, string? Reference)
{
    private const decimal MostKilowattHours = 1_820_162.4m;

    /// <summary>The effect; null and the problem where the words make none.</summary>
    public ApprovalEffect? EffectOf(ApprovalKind kind, out string? problem)
    {
        MeterPan pan = default;
        if (ApprovalKinds.IsForMeter(kind) && MeterNumber.Read(Meter, out pan) is { } code)
        {
            problem = $"{code}: '{Meter}' is no meter's number";
            return null;
        }

        switch (kind)
        {
            case ApprovalKind.FreeIssue when TryReadTenths(out long tenths):
                return IssueEffects.FreeIssue(pan, tenths, out problem);
            case ApprovalKind.CreditTransfer when MeterNumber.Read(From, out _) is { } wrong:
                problem = $"{wrong}: '{From}' is no meter's number";
                return null;
            case ApprovalKind.CreditTransfer when TryReadTenths(out long tenths):
                _ = MeterNumber.Read(From, out MeterPan from);
                return IssueEffects.Transfer(from, pan, tenths, Reference ?? string.Empty, out problem);
            case ApprovalKind.FreeIssue or ApprovalKind.CreditTransfer:
                problem = "energy is written as kWh with at most one decimal, for example 12.5";
                return null;
            case ApprovalKind.ClearTamper:
                return IssueEffects.Management(kind, pan, 0, out problem);
            case ApprovalKind.ClearCredit or ApprovalKind.PowerLimit or ApprovalKind.PhaseUnbalance when TryReadWhole(kind, out long value):
                return IssueEffects.Management(kind, pan, value, out problem);
            case ApprovalKind.MeterTest when Amount is null || TryReadWhole(kind, out _):
                _ = TryReadWhole(kind, out long control);
                return IssueEffects.MeterTest(Amount is null ? null : (ulong)control, 0, isFourDigit: false, out problem);
            default:
                problem = kind == ApprovalKind.Budget ? "a budget is asked for with 'latchkey budget set'" : "a whole number is missing: watts, a register, or a mask of tests";
                return null;
        }
    }

    private bool TryReadTenths(out long tenths)
    {
        tenths = 0;
        if (!decimal.TryParse(Amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal kilowattHours) || kilowattHours > MostKilowattHours) return false;
        decimal steps = kilowattHours * 10;
        tenths = decimal.ToInt64(decimal.Truncate(steps));
        return steps == tenths;
    }

    private bool TryReadWhole(ApprovalKind kind, out long value)
    {
        bool isAll = kind == ApprovalKind.ClearCredit && Amount is null or "all";
        value = isAll ? (long)CreditRegister.All : 0;
        return isAll || long.TryParse(Amount, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
