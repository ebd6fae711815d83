using Latchkey.Ledger;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>An order on its way through the flow, and the answer that somebody waits for.</summary>
/// <param name="keyIsPrepared">True where the meter's new key, if one was due, has been seen to.</param>
internal sealed class OrderTicket(PlaceOrder command, bool keyIsPrepared)
{
    private readonly TaskCompletionSource<OrderOutcome?> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PlaceOrder Command => command;

    public bool KeyIsPrepared => keyIsPrepared;

    /// <summary>Null where the meter must be given its new key first.</summary>
    public Task<OrderOutcome?> Outcome => _outcome.Task;

    /// <summary>The order once it is held, and the entry that holds it.</summary>
    public VendOrder? Order { get; private set; }

    public RecordedEntry? Hold { get; private set; }

    /// <summary>The meter's newest change of keys when the order was held.</summary>
    public KeyChange? KeyChange { get; private set; }

    /// <summary>The token once it is signed, with the answer that goes with it.</summary>
    public TokenNumber? Token { get; private set; }

    public OrderReceipt? Receipt { get; private set; }

    public byte[]? Answer { get; private set; }

    public HeldEntry Held => new(Hold!.Entry.Id, Hold.Hash);

    public void SetHeld(HoldStep.Held step) => (Order, Hold, KeyChange) = (step.Order, step.Entry, step.KeyChange);

    public void SetSigned(TokenNumber token, OrderReceipt receipt) => (Token, Receipt, Answer) = (token, receipt, receipt.ToBytes());

    public void Finish(OrderOutcome? outcome) => _outcome.TrySetResult(outcome);

    public void Fail(Exception reason) => _outcome.TrySetException(reason);
}
