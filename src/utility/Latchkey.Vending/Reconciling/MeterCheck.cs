using Latchkey.Ledger;

namespace Latchkey.Vending.Reconciling;

/// <summary>The unit ledgers against the meters. More accepted than was ever issued is a token from somewhere else, with certainty.</summary>
internal sealed class MeterCheck(IReconciliationStore store, ILedgerStore ledger, Action<Finding> report)
{
    public void Run() => store.ForEachMeter(meter =>
    {
        long issued = Net(SaleEntries.UnitsIssued(meter.Pan)), accepted = Net(SaleEntries.UnitsAccepted(meter.Pan));
        if (meter.AcceptedTenths > issued + accepted)
            Report(meter, FindingCodes.AcceptedNotSold, "the meter was given more than was ever sold to it", meter.AcceptedTenths - issued - accepted);
        else if (meter.AcceptedTenths > accepted)
            Report(meter, FindingCodes.AcceptedNotProven, "the meter has taken tokens whose proof has not come", meter.AcceptedTenths - accepted);
        else if (meter.AcceptedTenths < accepted)
            Report(meter, FindingCodes.MeterBelowLedger, "the meter knows of less than it has proved", accepted - meter.AcceptedTenths);
        if (meter.ConsumedTenths > meter.AcceptedTenths)
            Report(meter, FindingCodes.ConsumedAboveAccepted, "the meter has let through more than it was given", meter.ConsumedTenths.Value - meter.AcceptedTenths);
    });

    private long Net(AccountId account) => (long)(ledger.FindAccount(account)?.Balance.Net ?? 0);

    private void Report(MeterTotals meter, string code, string problem, long tenths) => report(new Finding(
        ReconciliationKind.UnitsMeter, code, "meter " + meter.Pan, problem, meter.At, tenths, LedgerUnit.TenthsOfKilowattHour));
}
