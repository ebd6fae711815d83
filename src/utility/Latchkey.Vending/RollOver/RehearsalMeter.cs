using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>A virtual meter with its customer: real tokens go in, what comes of them is what the standard's acceptance says.</summary>
internal sealed class RehearsalMeter(int feeder, MeterKeyRecord record, TokenAcceptorState state, int usePerDay, int daysBetweenPurchases, bool neverBuys)
{
    private TokenAcceptorState _state = state;

    public int Feeder => feeder;

    public int UsePerDay => usePerDay;

    public bool NeverBuys => neverBuys;

    /// <summary>What the point of sale believes.</summary>
    public MeterKeyRecord Record { get; set; } = record;

    public BaseDate BaseDate => _state.Register.BaseDate;

    public long CreditTenths { get; set; }

    public int BuysOnDay { get; set; }

    /// <summary>How much this customer buys at a time.</summary>
    public int Purchase => usePerDay * daysBetweenPurchases;

    public int DaysBetweenPurchases => daysBetweenPurchases;

    /// <summary>The customer types a token; the meter's answer.</summary>
    public (TokenResult Result, bool IsTaken) Type(TokenAcceptorOptions options, TokenNumber token, DateTimeOffset now)
    {
        using TokenAcceptor acceptor = TokenAcceptor.Restore(options, _state);
        TokenDecision decision = acceptor.Evaluate(token, now);
        if (!decision.IsTaken) return (decision.Result, false);
        if (decision.Effect is TokenEffect.Credit credit) CreditTenths += credit.Amount.Steps;
        acceptor.Commit(decision);
        _state = acceptor.Export();
        return (decision.Result, true);
    }

    /// <summary>One day's use; true where the credit was not enough for it.</summary>
    public bool Use()
    {
        IsDark = CreditTenths < usePerDay;
        CreditTenths = Math.Max(0, CreditTenths - usePerDay);
        return IsDark;
    }

    /// <summary>The credit was not enough for today.</summary>
    public bool IsDark { get; private set; }
}
