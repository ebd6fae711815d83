using Latchkey.Meter.Payment;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Sts;

namespace Latchkey.Meter.Tokens;

/// <summary>What the meter can take of what a token brings: credit of the account's own unit, and no more than its registers hold.</summary>
internal static class TokenLimits
{
    /// <summary>A step of a currency token is ten millionths of the unit.</summary>
    private const long QuantaPerCurrencyStep = 10;

    public static TokenResult Of(TokenEffect effect, MeterContext context) => effect switch
    {
        TokenEffect.Credit { SubClass: CreditSubClass.Electricity } when context.Account.Unit == AccountUnit.Energy => Credit(CreditOf(effect), context),
        TokenEffect.CurrencyCredit { SubClass: CreditSubClass.ElectricityCurrency } money when context.Account.Unit == AccountUnit.Currency =>
            money.Amount.TryGetSteps(out long steps) && steps is > -CreditTotals.Capacity / QuantaPerCurrencyStep and < CreditTotals.Capacity / QuantaPerCurrencyStep
                ? Credit(CreditOf(effect), context)
                : TokenResult.OverflowError,
        TokenEffect.ClearCredit { Register: CreditRegister.All } => TokenResult.Accept,
        TokenEffect.ClearCredit { Register: CreditRegister.Electricity } when context.Account.Unit == AccountUnit.Energy => TokenResult.Accept,
        TokenEffect.ClearCredit { Register: CreditRegister.ElectricityCurrency } when context.Account.Unit == AccountUnit.Currency => TokenResult.Accept,
        TokenEffect.ClearTamperCondition or TokenEffect.SetMaximumPowerLimit or TokenEffect.SetMaximumPhasePowerUnbalanceLimit => TokenResult.Accept,
        TokenEffect.KeyChange or TokenEffect.KeyChangePart or TokenEffect.Test => TokenResult.Accept,
        _ => TokenResult.FunctionError,
    };

    /// <summary>What a token credits, quanta; negative for one that takes back, 0 for others.</summary>
    public static long CreditOf(TokenEffect effect) => effect switch
    {
        TokenEffect.Credit credit => CreditTotals.ToQuanta(credit.Amount.ToEnergy()),
        TokenEffect.CurrencyCredit money => money.Amount.TryGetSteps(out long steps) ? steps * QuantaPerCurrencyStep : 0,
        _ => 0,
    };

    private static TokenResult Credit(long quanta, MeterContext context)
    {
        // A closed account has no owner whom the credit would be for; the token stays good for the next.
        if (context.Position.Status != AccountStatus.Active) return TokenResult.NotReady;
        if (quanta < 0) return -quanta > context.Position.Net(AccountSettings.TokenCredit) ? TokenResult.RangeError : TokenResult.Accept;
        return quanta > CreditTotals.Capacity - context.State.GrantedQuanta ? TokenResult.OverflowError : TokenResult.Accept;
    }
}
