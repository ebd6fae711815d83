using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>A rehearsal's meter with the customer who lives on it: real tokens go in, and what comes of them is what the standard's acceptance says.</summary>
/// <param name="usePerDay">0.1 kWh.</param>
public abstract class CustomerMeter(TokenAcceptorState state, int usePerDay)
{
    private TokenAcceptorState _state = state;

    public BaseDate BaseDate => _state.Register.BaseDate;

    /// <summary>0.1 kWh.</summary>
    public long CreditTenths { get; set; }

    /// <summary>The credit was not enough for today.</summary>
    public bool IsDark { get; private set; }

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
}
