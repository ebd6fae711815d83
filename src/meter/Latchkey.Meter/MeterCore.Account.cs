using Latchkey.Meter.Payment.Accounts;

namespace Latchkey.Meter;

/// <summary>The account as COSEM classes 111 to 113 see it. Who may ask is for the caller to judge; every answer that says done is durable.</summary>
public sealed partial class MeterCore
{
    /// <summary>The account with its credits and charges as it is now; amounts are quanta.</summary>
    public AccountView Account => AccountView.Of(_context);

    public AccountAnswer ActivateAccount(MeterTime now) => Ask(now, o => o.Activate());

    /// <summary>The tenant moves out: what was left and what was owed is frozen, then it is nothing.</summary>
    public AccountAnswer CloseAccount(MeterTime now) => Ask(now, o => o.Close());

    /// <summary>A closed account becomes new, so that it may be set up otherwise.</summary>
    public AccountAnswer ResetAccount(MeterTime now) => Ask(now, o => o.Reset());

    public AccountAnswer UpdateCredit(int credit, long byQuanta, MeterTime now) => Ask(now, o => o.UpdateCredit(credit, byQuanta));

    public AccountAnswer SetCredit(int credit, long quanta, MeterTime now) => Ask(now, o => o.SetCredit(credit, quanta));

    public AccountAnswer InvokeCredit(int credit, MeterTime now) => Ask(now, _ => _account.Invoke(credit));

    public AccountAnswer UpdateUnitCharge(int charge, UnitCharge passive, long activationClockSeconds, MeterTime now) =>
        Ask(now, o => o.UpdateUnitCharge(charge, passive, activationClockSeconds));

    public AccountAnswer ActivatePassiveUnitCharge(int charge, MeterTime now) => Ask(now, _ => _account.ActivatePassive(charge));

    public AccountAnswer CollectCharge(int charge, MeterTime now) => Ask(now, _ => _account.Collect(charge));

    public AccountAnswer UpdateTotalRemaining(int charge, long byQuanta, MeterTime now) => Ask(now, o => o.UpdateRemaining(charge, byQuanta));

    public AccountAnswer SetTotalRemaining(int charge, long quanta, MeterTime now) => Ask(now, o => o.SetRemaining(charge, quanta));

    /// <summary>Gives the meter another account. Refused with the reason, or durable and in force.</summary>
    public AccountFault SetAccount(AccountSettings settings, ushort version, MeterTime now, out AccountAnswer answer)
    {
        AccountFault fault = AccountFault.None;
        answer = Ask(now, o =>
        {
            fault = o.Set(settings, version, out AccountAnswer told);
            return told;
        });
        return fault;
    }

    private AccountAnswer Ask(MeterTime now, Func<AccountOffice, AccountAnswer> what)
    {
        _context.Now = now;
        if (_journal.Acceptor is null || _journal.IsBroken) return AccountAnswer.StorageFailure;
        AccountAnswer answer = what(_office);
        _payment.Settle();
        _supply.Drive();
        return answer;
    }
}
