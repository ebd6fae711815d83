using Latchkey.HeadEnd;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Messages;
using Latchkey.Parks.Store;
using Latchkey.Payments.Desk;
using Latchkey.Payments.Intents;
using Latchkey.Vending;
using Microsoft.Extensions.Logging;

namespace Latchkey.Parks.TopUps;

/// <summary>Leads purchases from the tenant's phone to the tenant's light.</summary>
/// <remarks>
/// Each step asks one room something that may be asked twice, then writes the row. Where the process dies in between, the step is made
/// again with the same id and finds what it did: one payment, one order, one token, one delivery, one message of each kind.
/// </remarks>
public sealed partial class TopUpDesk
{
    private readonly IParkStore _store;
    private readonly PaymentDesk _payments;
    private readonly IOrderDesk _orders;
    private readonly HeadEndDesk _headEnd;
    private readonly TenantMessages _messages;
    private readonly IMoneyBackRecord _returns;
    private readonly TopUpOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<TopUpDesk> _logger;

    public TopUpDesk(
        IParkStore store,
        PaymentDesk payments,
        IOrderDesk orders,
        HeadEndDesk headEnd,
        TenantMessages messages,
        IMoneyBackRecord returns,
        TopUpOptions options,
        TimeProvider time,
        ILogger<TopUpDesk> logger)
    {
        (_store, _payments, _orders, _headEnd) = (store, payments, orders, headEnd);
        (_messages, _returns, _options, _time, _logger) = (messages, returns, options, time, logger);
    }

    /// <summary>Checks that the sale could be made, writes the wish down and asks for the payment.</summary>
    public async Task<StartTopUpOutcome> StartAsync(StartTopUp command, CancellationToken cancellationToken)
    {
        if (command.Id == Guid.Empty) return new StartTopUpOutcome.Refused(ParkCodes.TopUpIdMissing, string.Empty);
        TopUp? stored = _store.FindTopUp(command.Id);
        bool isReplay = stored is not null;
        if (stored is null)
        {
            (TopUp? fresh, StartTopUpOutcome? refusal) = Draft(command);
            if (fresh is null) return refusal!;
            await _store.CommitAsync(new ParkChanges { TopUps = [fresh] }, cancellationToken).ConfigureAwait(false);
            stored = Require(command.Id); // of two who came at once the first is stored, and the other finds it here
        }

        return IsSame(stored, command) ? await PromptAsync(stored, isReplay, cancellationToken).ConfigureAwait(false) : new StartTopUpOutcome.IdReused();
    }

    public TopUp? Find(Guid id) => _store.FindTopUp(id);

    /// <summary>Makes every step that can be made now. Call it when something about the top-up became known: a notification, a proof.</summary>
    public async Task<TopUp?> AdvanceAsync(Guid id, CancellationToken cancellationToken)
    {
        // Far more than any top-up has; a row that will not settle is a fault, not a reason to spin.
        const int MostSteps = 32;
        for (int i = 0; i < MostSteps; i++)
        {
            if (_store.FindTopUp(id) is not { } topUp) return null;
            TopUp next = await StepAsync(topUp, cancellationToken).ConfigureAwait(false);
            bool isSettled = next with { DueAt = topUp.DueAt, Failures = topUp.Failures, Code = topUp.Code } == topUp;
            if (next != topUp) await SaveAsync(next, cancellationToken).ConfigureAwait(false);
            if (isSettled) return _store.FindTopUp(id);
            if (next.State != topUp.State) LogMoved(id, topUp.State, next.State);
        }

        throw new InvalidOperationException($"Top-up {id:N} does not settle.");
    }

    /// <summary>Advances what is due, the longest waiting first. One that fails is postponed and does not hold up the others.</summary>
    public async Task<int> RunAsync(int limit, CancellationToken cancellationToken)
    {
        IReadOnlyList<TopUp> due = _store.DueTopUps(_time.GetUtcNow(), limit);
        foreach (TopUp topUp in due) await AdvanceOrPostponeAsync(topUp.Id, cancellationToken).ConfigureAwait(false);
        return due.Count;
    }

    internal async Task AdvanceOrPostponeAsync(Guid id, CancellationToken cancellationToken)
    {
#pragma warning disable CA1031 // whatever fails for one top-up is written to it and to the log, and is tried again
        try
        {
            await AdvanceAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e, id);
            if (_store.FindTopUp(id) is { } stored) await SaveAsync(Postponed(stored, e.GetType().Name), cancellationToken).ConfigureAwait(false);
        }
#pragma warning restore CA1031
    }

    private (TopUp? Fresh, StartTopUpOutcome? Refusal) Draft(StartTopUp command)
    {
        if (_store.FindRoom(command.RoomId) is not { } room) return Refusal(ParkCodes.UnknownRoom);
        if (room.Meter is not { } pan) return Refusal(ParkCodes.RoomWithoutMeter);
        if (_store.OpenOccupancy(room.Id) is not { } occupancy) return Refusal(ParkCodes.RoomVacant);
        // The payment's own number is not known yet; ours stands for it in the trial.
        var trial = new PlaceOrder(command.Id, pan, command.Amount, _options.SalesChannel, OutTradeNo.FromOrder(command.Id).Value);
        if (_orders.Trial(trial) is TrialOutcome.Declined declined) return Refusal(declined.Code, declined.Detail);
        DateTimeOffset now = _time.GetUtcNow();
        var fresh = new TopUp
        {
            Id = command.Id,
            RoomId = room.Id,
            TenantId = occupancy.TenantId,
            Pan = pan,
            Amount = command.Amount,
            Provider = command.Provider,
            Method = command.Method,
            Payer = command.Payer,
            CreatedAt = now,
            DueAt = now + _options.RetryWaits[0],
        };
        return (fresh, null);
    }

    private static (TopUp?, StartTopUpOutcome?) Refusal(string code, string detail = "") => (null, new StartTopUpOutcome.Refused(code, detail));

    private static bool IsSame(TopUp stored, StartTopUp command) =>
        (stored.RoomId, stored.Amount, stored.Provider, stored.Method, stored.Payer)
        == (command.RoomId, command.Amount, command.Provider, command.Method, command.Payer);

    private async Task<StartTopUpOutcome> PromptAsync(TopUp topUp, bool isReplay, CancellationToken cancellationToken)
    {
        if (topUp.State is not (TopUpState.Created or TopUpState.AwaitingPayment)) return new StartTopUpOutcome.UnderWay(topUp);
        StartOutcome outcome = await _payments.StartAsync(topUp.Provider, IntentOf(topUp), cancellationToken).ConfigureAwait(false);
        TopUp moved = await AdvanceAsync(topUp.Id, cancellationToken).ConfigureAwait(false) ?? topUp;
        return outcome switch
        {
            StartOutcome.Ready ready => new StartTopUpOutcome.Ready(moved, ready.Prompt, isReplay),
            StartOutcome.Refused refused => new StartTopUpOutcome.Refused(refused.Code, refused.Detail),
            StartOutcome.Unavailable unavailable => new StartTopUpOutcome.Unavailable(unavailable.Code),
            StartOutcome.IdReused => new StartTopUpOutcome.IdReused(),
            _ => new StartTopUpOutcome.UnderWay(moved),
        };
    }

    // The deadline follows from the row, so that a retry asks for the same payment.
    private PaymentIntent IntentOf(TopUp topUp) => new(
        OutTradeNo.FromOrder(topUp.Id), topUp.Amount, topUp.Method, topUp.Payer, $"Electricity, meter {topUp.Pan.Drn}", topUp.CreatedAt + _options.PaymentWindow);

    private async Task SaveAsync(TopUp topUp, CancellationToken cancellationToken) =>
        // Somebody else who was first has made the same step: what is stored then is the truth.
        await _store.CommitAsync(new ParkChanges { TopUps = [topUp] }, cancellationToken).ConfigureAwait(false);

    private TopUp Require(Guid id) => _store.FindTopUp(id) ?? throw new InvalidOperationException("A top-up that was written down is gone.");

    private TopUp Postponed(TopUp topUp, string code)
    {
        TimeSpan wait = _options.RetryWaits[Math.Min(topUp.Failures, _options.RetryWaits.Count - 1)];
        return topUp with { Failures = topUp.Failures + 1, Code = code, DueAt = _time.GetUtcNow() + wait };
    }

    private (Park Park, Room Room, Tenant Tenant)? Whom(TopUp topUp)
    {
        if (_store.FindRoom(topUp.RoomId) is not { } room || _store.FindTenant(topUp.TenantId) is not { } tenant) return null;
        if (_store.FindBuilding(room.BuildingId) is not { } building || _store.FindPark(building.ParkId) is not { } park) return null;
        return (park, room, tenant);
    }

    [LoggerMessage(5301, LogLevel.Information, "Top-up {TopUpId}: {From} to {To}")]
    private partial void LogMoved(Guid topUpId, TopUpState from, TopUpState to);

    [LoggerMessage(5302, LogLevel.Error, "Top-up {TopUpId} failed and is tried again")]
    private partial void LogFailed(Exception exception, Guid topUpId);
}
