using Latchkey.Ledger;

namespace Latchkey.Server.SelfCheck;

/// <summary>The books can be read, and their totals balance.</summary>
internal sealed class LedgerProbe(ILedgerStore ledger) : IVitalProbe
{
    public const string Ledger = "ledger", OutOfBalance = "ledger-out-of-balance";

    public IReadOnlyList<string> Names { get; } = [Ledger];

    public bool IsOfTheServer => true;

    // It reads every account.
    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public ValueTask<IReadOnlyList<Vital>> LookAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<Vital>>(
        [ledger.TrialBalance().IsBalanced ? Vital.Well(Ledger) : new Vital(Ledger, VitalState.Failing, OutOfBalance, "the totals do not balance: stop selling and run 'latchkey audit verify'")]);
}
