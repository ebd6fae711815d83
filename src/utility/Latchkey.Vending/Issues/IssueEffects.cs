using System.Globalization;
using Latchkey.Ledger;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Makes what is asked for out of what a person says. Null and the problem where no token could say it.</summary>
public static class IssueEffects
{
    public const string AnyMeter = "any";
    private const int MaxReferenceLength = 40;
    private static readonly string Tenths = LedgerUnit.TenthsOfKilowattHour.ToString();

    /// <param name="tenths">0.1 kWh, exactly what one token can carry.</param>
    public static ApprovalEffect? FreeIssue(MeterPan pan, long tenths, out string? problem) =>
        IsCarriable(tenths, out problem) ? new ApprovalEffect(ApprovalKind.FreeIssue, pan.ToString(), tenths, Tenths, string.Empty) : null;

    /// <param name="reference">The work order or report that says what was left in the replaced meter: one transfer each.</param>
    public static ApprovalEffect? Transfer(MeterPan from, MeterPan to, long tenths, string reference, out string? problem)
    {
        if (!IsCarriable(tenths, out problem)) return null;
        problem = from == to ? "The replaced meter and the new one are the same."
            : reference.Trim().Length is 0 or > MaxReferenceLength || reference.Any(char.IsControl) ? $"A transfer needs a reference of 1 to {MaxReferenceLength} characters."
            : null;
        return problem is null ? new ApprovalEffect(ApprovalKind.CreditTransfer, to.ToString(), tenths, Tenths, $"{from} {reference.Trim()}") : null;
    }

    /// <param name="value">Watts for the two limits, the register for clear credit; not looked at for clear tamper.</param>
    public static ApprovalEffect? Management(ApprovalKind kind, MeterPan pan, long value, out string? problem) => ManagementEffects.Of(kind, pan, value, out problem);

    /// <param name="control">The control field: one bit a test; null for every test.</param>
    /// <param name="isFourDigit">The form for manufacturers with codes of four digits.</param>
    public static ApprovalEffect? MeterTest(ulong? control, int manufacturer, bool isFourDigit, out string? problem)
    {
        MeterTestSubClass form = isFourDigit ? MeterTestSubClass.FourDigitManufacturer : MeterTestSubClass.TwoDigitManufacturer;
        var token = new MeterTestToken(form, control ?? MeterTestToken.AllTests(form), manufacturer);
        problem = token.Control == 0 || manufacturer < 0 || !MeterTestTokenCodec.TryEncode(token, out _) ? "The tests or the manufacturer's code do not fit this form of token." : null;
        return problem is null
            ? new ApprovalEffect(ApprovalKind.MeterTest, AnyMeter, checked((long)token.Control), isFourDigit ? "tests-2" : "tests-1", manufacturer.ToString(CultureInfo.InvariantCulture))
            : null;
    }

    internal static MeterTestToken? TestOf(ApprovalEffect effect) =>
        effect.Kind == ApprovalKind.MeterTest && int.TryParse(effect.Detail, NumberStyles.None, CultureInfo.InvariantCulture, out int manufacturer)
            ? new MeterTestToken(effect.Unit == "tests-2" ? MeterTestSubClass.FourDigitManufacturer : MeterTestSubClass.TwoDigitManufacturer, checked((ulong)effect.Amount), manufacturer)
            : null;

    private static bool IsCarriable(long tenths, out string? problem)
    {
        bool fits = TransferAmount.TryFromSteps(tenths, out TransferAmount amount);
        problem = tenths <= 0 ? "Energy is an amount above zero."
            : !fits ? "One token cannot carry as much energy."
            : amount.Steps != tenths ? string.Create(CultureInfo.InvariantCulture, $"One token cannot say {tenths / 10m:0.0} kWh; the next it can say is {amount.Steps / 10m:0.0} kWh.")
            : null;
        return problem is null;
    }
}
