using Latchkey.Ledger;

namespace Latchkey.Vending.Reconciliation;

/// <summary>What payers paid by themselves, by their providers' own records: each payment has bought something, or is on its way back and arrives.</summary>
internal sealed class PayerCheck(IReconciliationStore store, IVendingStore orders, ReconciliationOptions options, DateTimeOffset now, Action<Finding> report)
{
    public void Run()
    {
        foreach ((string channel, string provider) in options.Providers) store.ForEachPayment(provider, payment => See(channel, payment));
    }

    private void See(string channel, PaymentStanding payment)
    {
        if (payment.Paid.RefundedMinorUnits >= payment.Paid.Amount.MinorUnits) return;
        if (payment.IsReturnStuck) Report(FindingCodes.RefundNotPaid, channel, payment, "the payer's bank did not take the money back: act at the payment service");
        else if (payment.ReturnOpenSince is { } since) SeeOpen(channel, payment, since);
        else if (!HasBought(channel, payment)) SeeIdle(channel, payment);
    }

    private void SeeOpen(string channel, PaymentStanding payment, DateTimeOffset since)
    {
        if (now - since > options.RefundTime) Report(FindingCodes.RefundNotPaid, channel, payment, "the payment service was asked to pay it back and has not said the last word");
    }

    private void SeeIdle(string channel, PaymentStanding payment)
    {
        if (payment.IsReturnRefused) Report(FindingCodes.RefundNotPaid, channel, payment, "the payment service closed its return without paying: two people give it back anew");

        // A settlement file that has the payment names it, too; once is enough.
        else if (now - payment.Paid.At > options.SellTime && store.FindSettled(channel, SettlementKind.Payment, payment.Reference) is null)
            Report(FindingCodes.PaidWithoutToken, channel, payment, "a customer paid this, no purchase used it and nothing went back");
    }

    private bool HasBought(string channel, PaymentStanding payment) => orders.Read(books => books.FindPayment(channel, payment.Reference)) is not null;

    private void Report(string code, string channel, PaymentStanding payment, string problem) => report(new Finding(
        ReconciliationKind.Settlement, code, $"{channel} {payment.Reference}", problem, payment.Paid.At,
        payment.Paid.Amount.MinorUnits - payment.Paid.RefundedMinorUnits, LedgerUnit.Of(payment.Paid.Amount.Currency)));
}
