using Latchkey.Ledger;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>An order on its way through the flow, and the answer that somebody waits for.</summary>
internal sealed class OrderTicket(PlaceOrder command)
{
    private readonly TaskCompletionSource<OrderOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PlaceOrder Command => command;

    public Task<OrderOutcome> Outcome => _outcome.Task;

    /// <summary>The order once it is held, and the entry that holds it.</summary>
    public VendOrder? Order { get; private set; }

    public RecordedEntry? Hold { get; private set; }

    /// <summary>The token once it is signed, with the answer that goes with it.</summary>
    public TokenNumber? Token { get; private set; }

    public OrderReceipt? Receipt { get; private set; }

    public byte[]? Answer { get; private set; }

    public HeldEntry Held => new(Hold!.Entry.Id, Hold.Hash);

    public void SetHeld(VendOrder order, RecordedEntry hold) => (Order, Hold) = (order, hold);

    public void SetSigned(TokenNumber token, OrderReceipt receipt) => (Token, Receipt, Answer) = (token, receipt, receipt.ToBytes());

    public void Finish(OrderOutcome outcome) => _outcome.TrySetResult(outcome);

    public void Fail(Exception reason) => _outcome.TrySetException(reason);
}
