using System.Diagnostics;
using Latchkey.Ledger;
using Latchkey.Vending.Makers;

namespace Latchkey.Vending;

/// <summary>Leads many orders through their steps together: what waits while one commit is on its way to the disk shares the next.</summary>
/// <remarks>
/// One loop, alive only while it has work. In each of its rounds the signer makes the tokens for what was held in the round before; meanwhile the
/// newcomers are priced and held, in a commit that stays open until the signed orders have joined it with their settlements. In step rather than side
/// by side, because a commit costs much the same for one order as for sixty. Nothing lives here alone: an order that is lost on the way is held in the
/// store, and recovery or the customer's next asking finishes it.
/// </remarks>
internal sealed class OrderFlow(
    IVendingStore store, ITokenSigner signer, MakerLane makers, OrderSteps steps, OrderReleases releases, VendingOptions options, TimeProvider time)
{
    private const int BatchLimit = 256;
    private const int TicketLimit = 16_384;
    private readonly Lock _gate = new();
    private readonly Queue<OrderTicket> _toBook = [];
    private readonly Queue<OrderTicket> _toSign = [];
    private TaskCompletionSource? _bell;
    private bool _working;

    /// <summary>A wish from its beginning.</summary>
    public async Task<OrderOutcome> PlaceAsync(PlaceOrder command, CancellationToken cancellationToken)
    {
        if (await TryPlaceAsync(command, keyIsPrepared: false, cancellationToken).ConfigureAwait(false) is { } outcome) return outcome;
        await options.KeyGate.PrepareAsync(command.Pan, cancellationToken).ConfigureAwait(false);
        return (await TryPlaceAsync(command, keyIsPrepared: true, cancellationToken).ConfigureAwait(false))!;
    }

    /// <summary>An order that is held already: the part that recovery repeats.</summary>
    public async Task<OrderOutcome> FinishAsync(VendOrder order, CancellationToken cancellationToken)
    {
        var ticket = new OrderTicket(order.Command, keyIsPrepared: true);
        ticket.SetHeld(store.Read(books => OrderSteps.Holding(books, order)));
        if (order.Terms is { Make: not null }) _ = AskMakerAsync(ticket);
        else if (!Enter(ticket)) return new OrderOutcome.Pending(order.Id, VendingCodes.Busy);
        return (await ticket.Outcome.WaitAsync(cancellationToken).ConfigureAwait(false))!;
    }

    public static OrderOutcome Answer(VendOrder order, bool isReplay) => order.HasToken
        ? new OrderOutcome.Issued(OrderReceipt.FromBytes(order.Answer.Span), order.Answer, isReplay)
        : new OrderOutcome.Declined(order.RefusalCode ?? VendingCodes.OrderCancelled, "This purchase was given up.");

    /// <summary>Null where the meter's new key comes first, so that what is sold is under it.</summary>
    private async Task<OrderOutcome?> TryPlaceAsync(PlaceOrder command, bool keyIsPrepared, CancellationToken cancellationToken)
    {
        var ticket = new OrderTicket(command, keyIsPrepared);
        if (!Enter(ticket)) return new OrderOutcome.Declined(VendingCodes.Busy, "Too many purchases are under way; ask again with the same id.");
        return await ticket.Outcome.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private bool Enter(OrderTicket ticket)
    {
        lock (_gate)
        {
            if (_toBook.Count + _toSign.Count >= TicketLimit) return false;
            (ticket.Order is null || ticket.Token is not null ? _toBook : _toSign).Enqueue(ticket);
            _bell?.TrySetResult();
            _bell = null;
            if (_working) return true;
            _working = true;
        }

        _ = Task.Run(WorkAsync);
        return true;
    }

    /// <summary>Rounds until there is nothing left; the end is said under the gate, so that nobody is left waiting.</summary>
    private async Task WorkAsync()
    {
        while (true)
        {
            OrderTicket[] sign;
            lock (_gate)
            {
                sign = Take(_toSign);
                _working = sign.Length + _toBook.Count > 0;
                if (!_working) return;
            }

            await RoundAsync(sign).ConfigureAwait(false);
        }
    }

    /// <summary>Books whoever comes while the signer is at work and, last, what it has signed: all in one commit.</summary>
    private async Task RoundAsync(OrderTicket[] sign)
    {
        var signed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        List<(OrderTicket Ticket, string Code)> refused = [];
        Task signing = sign.Length == 0 ? Task.CompletedTask : Task.Run(() => GuardAsync(sign, batch => SignAsync(batch, refused)));
        List<Task> booking = [];
        for (bool isLast = false; !isLast;)
        {
            // Asked before the queue is: the signed are in it before the signing ends.
            isLast = signing.IsCompleted;
            OrderTicket[] book;
            lock (_gate) book = Take(_toBook);
            if (book.Length > 0) booking.Add(GuardAsync(book, batch => BookAsync(batch, isLast ? null : signed.Task)));
            if (!isLast) await Task.WhenAny(signing, ArrivalAsync()).ConfigureAwait(false);
        }

        signed.SetResult();
        await Task.WhenAll(booking).ConfigureAwait(false);
        foreach ((OrderTicket ticket, string code) in refused) await GuardAsync([ticket], _ => RefuseAsync(ticket, code)).ConfigureAwait(false);
    }

    /// <summary>Ends when somebody waits to be booked.</summary>
    private Task ArrivalAsync()
    {
        lock (_gate)
        {
            if (_toBook.Count > 0) return Task.CompletedTask;
            _bell ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _bell.Task;
        }
    }

    private static OrderTicket[] Take(Queue<OrderTicket> queue)
    {
        var batch = new OrderTicket[Math.Min(queue.Count, BatchLimit)];
        for (int i = 0; i < batch.Length; i++) batch[i] = queue.Dequeue();
        return batch;
    }

    private static async Task GuardAsync(OrderTicket[] batch, Func<OrderTicket[], Task> work)
    {
#pragma warning disable CA1031 // whatever failed is the answer to those who wait for it, and not the end of the flow
        try
        {
            await work(batch).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            foreach (OrderTicket ticket in batch) ticket.Fail(e);
        }
#pragma warning restore CA1031
    }

    private void Queue(Queue<OrderTicket> queue, OrderTicket ticket)
    {
        lock (_gate) queue.Enqueue(ticket);
    }

    /// <param name="batch">Newcomers, and those that are signed.</param>
    /// <param name="company">Ends when all that shall share the commit are on their way; null where they are.</param>
    private async Task BookAsync(OrderTicket[] batch, Task? company)
    {
        DateTimeOffset now = time.GetUtcNow();
        IReadOnlyList<StepResult<HoldStep>> results = await store.UpdateEachAsync(
            Array.ConvertAll(batch, ticket => (Func<IVendingBooks, HoldStep>)(books => Step(books, ticket, now))), company, CancellationToken.None).ConfigureAwait(false);
        for (int i = 0; i < batch.Length; i++)
        {
            if (results[i].Fault is { } fault) batch[i].Fail(fault);
            else if (results[i].Value is HoldStep.Held step) GoOn(Holding(batch[i], step));
            else batch[i].Finish(OutcomeOf(batch[i], results[i].Value!));
        }
    }

    private HoldStep Step(IVendingBooks books, OrderTicket ticket, DateTimeOffset now)
    {
        if (ticket.Token is not { } token) return steps.Hold(books, ticket.Command, ticket.KeyIsPrepared, now);
        VendOrder order = OrderSteps.Settle(books, ticket.Order!, ticket.Hold!.Entry, token, ticket.Answer!, now, out bool settled);
        return settled ? new HoldStep.Settled() : new HoldStep.Done(order);
    }

    /// <summary>To our signer with the others; or to a maker's service, for which nobody else waits.</summary>
    private void GoOn(OrderTicket held)
    {
        if (held.Order!.Terms!.Make is null) Queue(_toSign, held);
        else _ = AskMakerAsync(held);
    }

    private static OrderTicket Holding(OrderTicket ticket, HoldStep.Held step)
    {
        ticket.SetHeld(step);
        return ticket;
    }

    private static OrderOutcome? OutcomeOf(OrderTicket ticket, HoldStep step) => step switch
    {
        HoldStep.Settled => new OrderOutcome.Issued(ticket.Receipt!, ticket.Answer!, IsReplay: false),
        HoldStep.Done done => Answer(done.Order, isReplay: true),
        HoldStep.KeyDue => null,
        HoldStep.IdReused => new OrderOutcome.IdReused(ticket.Command.OrderId),
        HoldStep.Declined declined => new OrderOutcome.Declined(declined.Code, declined.Detail),
        _ => throw new UnreachableException(step.GetType().Name),
    };

    private async Task SignAsync(OrderTicket[] batch, List<(OrderTicket Ticket, string Code)> refused)
    {
        IReadOnlyList<SignOutcome> outcomes = await signer.SignAsync(
            Array.ConvertAll(batch, t => (t.Order!, t.Held)), CancellationToken.None).ConfigureAwait(false);
        for (int i = 0; i < batch.Length; i++)
        {
            if (outcomes[i] is not SignOutcome.Signed made)
            {
                refused.Add((batch[i], ((SignOutcome.Refused)outcomes[i]).Code));
                continue;
            }

            batch[i].SetSigned(made.Token, OrderReceipt.Of(batch[i].Order! with { Token = made.Token }, batch[i].Hold!, batch[i].KeyChange, options, signer.IsDevelopment));
            Queue(_toBook, batch[i]);
        }
    }

    /// <summary>Never throws: whatever fails is the answer to who waits for it.</summary>
    private async Task AskMakerAsync(OrderTicket ticket)
    {
#pragma warning disable CA1031 // as in the rounds of the flow
        try
        {
            switch (await makers.RunAsync(MakerErrand.Of(ticket.Order!, ticket.Hold!)).ConfigureAwait(false))
            {
                case MakerAnswer.Made made:
                    ticket.SetSigned(made.Token, OrderReceipt.Of(ticket.Order! with { Token = made.Token }, ticket.Hold!, change: null, options, development: false));
                    if (!Enter(ticket)) ticket.Finish(new OrderOutcome.Pending(ticket.Command.OrderId, VendingCodes.Busy));
                    break;
                case MakerAnswer.Refused refused:
                    await RefuseAsync(ticket, refused.Code, refused.Detail).ConfigureAwait(false);
                    break;
                case MakerAnswer.Waiting waiting:
                    ticket.Finish(new OrderOutcome.Pending(ticket.Command.OrderId, waiting.Code));
                    break;
                case var other:
                    throw new UnreachableException(other.GetType().Name);
            }
        }
        catch (Exception e)
        {
            ticket.Fail(e);
        }
#pragma warning restore CA1031
    }

    private async Task RefuseAsync(OrderTicket ticket, string code, string detail = "The signer refuses; nothing was charged.")
    {
        VendOrder ended = await releases.ReleaseAsync(ticket.Command.OrderId, OrderState.Declined, code, CancellationToken.None).ConfigureAwait(false);
        ticket.Finish(ended switch
        {
            { HasToken: true } => Answer(ended, isReplay: true),
            { State: OrderState.Held } => new OrderOutcome.Pending(ended.Id, code),
            _ => new OrderOutcome.Declined(code, detail),
        });
    }
}
