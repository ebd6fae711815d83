namespace Latchkey.Meter.Payment.Accounts;

/// <summary>Why settings of an account are refused; the numbers are told.</summary>
public enum AccountFault : byte
{
    None = 0,
    Format = 1,
    Unit = 2,

    /// <summary>The first credit must be a token credit that is used, and there are 1 to 6.</summary>
    Credits = 3,
    Priority = 4,
    Amount = 5,
    Period = 6,
    Charges = 7,
    Price = 8,
    Proportion = 9,
    TokenShares = 10,

    /// <summary>What the account counts in cannot change while there is something in it.</summary>
    AccountInUse = 11,
}

/// <summary>What settings of an account must hold to.</summary>
public static class AccountRules
{
    private const long MaxAmount = CreditTotals.Capacity;
    private const uint ShortestPeriodSeconds = 60;
    private const uint LongestPeriodSeconds = 366 * 86_400;
    private const int WholeProportion = 10_000;

    public static AccountFault Check(AccountSettings settings)
    {
        bool named = settings.Name.Length is > 0 and <= 8 && settings.Name.All(char.IsAsciiLetterOrDigit);
        if (!named || settings.Scale is < -6 or > 0 || !Enum.IsDefined(settings.Unit)) return AccountFault.Unit;
        if (!IsAmount(settings.ClearanceThreshold) || !IsAmount(settings.MaxProvision)) return AccountFault.Amount;
        if (settings.Credits.Length is 0 or > AccountSettings.MaxCredits) return AccountFault.Credits;
        if (settings.Credits[AccountSettings.TokenCredit] is not { Kind: CreditKind.Token, Priority: > 0, Limit: <= 0 }) return AccountFault.Credits;
        if (HasTwice(settings.Credits.Select(c => c.Priority))) return AccountFault.Priority;
        if (settings.Charges.Length > AccountSettings.MaxCharges) return AccountFault.Charges;
        if (settings.Charges.Count(c => c.Kind == ChargeKind.Consumption) is 0 or > AccountSettings.MaxConsumptionCharges) return AccountFault.Charges;
        if (settings.Charges.Count(c => c.Kind == ChargeKind.Payment) > AccountSettings.MaxPaymentCharges) return AccountFault.Charges;
        foreach (CreditSettings credit in settings.Credits)
        {
            if (Check(credit) is var fault and not AccountFault.None) return fault;
        }

        foreach (ChargeSettings charge in settings.Charges)
        {
            if (Check(charge) is var fault and not AccountFault.None) return fault;
        }

        bool shared = settings.TokenShares.Sum(s => s.Percent) <= 100 && settings.TokenShares.All(s => s.Credit < settings.Credits.Length && s.Percent > 0);
        return shared ? AccountFault.None : AccountFault.TokenShares;
    }

    private static AccountFault Check(CreditSettings credit)
    {
        if (!Enum.IsDefined(credit.Kind)) return AccountFault.Credits;
        bool inRange = IsAmount(credit.Preset) && IsAmount(credit.AvailableThreshold) && IsAmount(credit.WarningThreshold)
            && credit.Limit is >= -MaxAmount and <= MaxAmount;
        if (!inRange) return AccountFault.Amount;
        bool timed = credit.Kind switch
        {
            CreditKind.Time => credit.Period is 0 or (>= ShortestPeriodSeconds and <= LongestPeriodSeconds),
            CreditKind.Consumption => credit.Period is > 0 and <= MaxAmount,
            _ => true,
        };
        return timed ? AccountFault.None : AccountFault.Period;
    }

    private static AccountFault Check(ChargeSettings charge)
    {
        if (!Enum.IsDefined(charge.Kind) || !Enum.IsDefined(charge.Reset)) return AccountFault.Charges;
        if (!charge.Active.IsValid || charge.Passive is { IsValid: false }) return AccountFault.Price;
        if (charge.Proportion > WholeProportion) return AccountFault.Proportion;
        bool timed = charge.Kind != ChargeKind.Time || charge.PeriodSeconds is >= ShortestPeriodSeconds and <= LongestPeriodSeconds;
        return timed ? AccountFault.None : AccountFault.Period;
    }

    private static bool IsAmount(long quanta) => quanta is >= 0 and <= MaxAmount;

    private static bool HasTwice(IEnumerable<byte> priorities)
    {
        byte[] used = [.. priorities.Where(p => p > 0)];
        return used.Distinct().Count() != used.Length;
    }
}
