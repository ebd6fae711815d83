using Latchkey.Sts;

namespace Latchkey.Storage.Vending.Rehearsal;

/// <summary>A virtual meter with its customer: every token is judged by the standard's acceptance.</summary>
internal sealed class RehearsedMeter(MeterPan pan, TokenAcceptorState state, int usePerDay, int daysBetween, bool neverBuys, bool answers)
{
    private TokenAcceptorState _state = state;

    public MeterPan Pan => pan;

    public bool NeverBuys => neverBuys;

    /// <summary>Has a module: the seller hears what it takes.</summary>
    public bool Answers => answers;

    public BaseDate BaseDate => _state.Register.BaseDate;

    public long CreditTenths { get; private set; } = (long)usePerDay * (1 + (usePerDay % daysBetween));

    public int BuysOnDay { get; set; } = usePerDay % daysBetween;

    public int DaysBetween => daysBetween;

    /// <summary>0.1 kWh.</summary>
    public int Purchase => usePerDay * daysBetween;

    public bool WantsToBuy(int day) => !neverBuys && (day >= BuysOnDay || CreditTenths < usePerDay);

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
        bool isDark = CreditTenths < usePerDay;
        CreditTenths = Math.Max(0, CreditTenths - usePerDay);
        return isDark;
    }
}
