using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.Parks.Store;

namespace Latchkey.Parks.Control;

/// <summary>Forced switching: one person asks, another agrees, the head-end delivers.</summary>
public sealed class ControlDesk(IParkStore store, HeadEndDesk headEnd, TimeProvider time)
{
    private const int ShortestReason = 5;
    private const int LongestReason = 200;
    private const int AtOnce = 100;

    /// <summary>Writes a request down. The same request again changes nothing.</summary>
    public async Task<ForcedSwitchOutcome> RequestAsync(
        Guid id, Guid roomId, RelayPosition position, string reason, string requestedBy, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(requestedBy);
        if (store.FindRoom(roomId) is not { } room) return ForcedSwitchOutcome.NotFound;
        if (room.Meter is null) return ForcedSwitchOutcome.NoMeter;
        if (reason.Trim().Length is < ShortestReason or > LongestReason) return ForcedSwitchOutcome.ReasonMissing;
        if (store.FindForcedSwitch(id) is { } earlier) return IsSame(earlier, roomId, position, requestedBy);
        var request = new ForcedSwitch
        {
            Id = id, RoomId = roomId, Position = position, Reason = reason.Trim(), RequestedBy = requestedBy, RequestedAt = time.GetUtcNow(),
        };
        await store.CommitAsync(new ParkChanges { ForcedSwitches = [request] }, cancellationToken).ConfigureAwait(false);
        return store.FindForcedSwitch(id) is { } stored ? IsSame(stored, roomId, position, requestedBy) : ForcedSwitchOutcome.NotFound;
    }

    /// <summary>The second person's word. Agreed, it is written first and then handed to the head-end.</summary>
    public async Task<ForcedSwitchOutcome> DecideAsync(Guid id, bool agree, string decidedBy, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(decidedBy);
        if (store.FindForcedSwitch(id) is not { } request) return ForcedSwitchOutcome.NotFound;
        if (string.Equals(request.RequestedBy, decidedBy, StringComparison.OrdinalIgnoreCase)) return ForcedSwitchOutcome.SamePerson;
        if (request.State != ForcedSwitchState.Requested || HasLapsed(request)) return ForcedSwitchOutcome.NotOpen;
        ForcedSwitch decided = request with
        {
            State = agree ? ForcedSwitchState.Approved : ForcedSwitchState.Refused, DecidedBy = decidedBy, DecidedAt = time.GetUtcNow(),
        };
        CommitResult result = await store.CommitAsync(new ParkChanges { ForcedSwitches = [decided] }, cancellationToken).ConfigureAwait(false);
        if (result != CommitResult.Committed) return ForcedSwitchOutcome.NotOpen;
        return agree ? await HandOverAsync(decided with { Version = decided.Version + 1 }, cancellationToken).ConfigureAwait(false) : ForcedSwitchOutcome.Done;
    }

    /// <summary>Hands over what was agreed and not yet taken, and lets requests lapse that nobody agreed to.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (ForcedSwitch request in store.OpenForcedSwitches(AtOnce))
        {
            if (request.State == ForcedSwitchState.Approved) await HandOverAsync(request, cancellationToken).ConfigureAwait(false);
            else if (HasLapsed(request)) await SaveAsync(request with { State = ForcedSwitchState.Lapsed }, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ForcedSwitchOutcome> HandOverAsync(ForcedSwitch request, CancellationToken cancellationToken)
    {
        if (store.FindRoom(request.RoomId)?.Meter is not { } pan) return ForcedSwitchOutcome.NoMeter;
        var delivery = new DeliveryRequest(request.Id, pan, new DeliveryContent.Relay(request.Position));
        if (headEnd.Submit(delivery, time.GetUtcNow()) is not SubmitOutcome.Accepted) return ForcedSwitchOutcome.NotDeliverable;
        await SaveAsync(request with { State = ForcedSwitchState.HandedOver }, cancellationToken).ConfigureAwait(false);
        return ForcedSwitchOutcome.Done;
    }

    private async Task SaveAsync(ForcedSwitch request, CancellationToken cancellationToken) =>
        await store.CommitAsync(new ParkChanges { ForcedSwitches = [request] }, cancellationToken).ConfigureAwait(false);

    private bool HasLapsed(ForcedSwitch request) => time.GetUtcNow() - request.RequestedAt > ForcedSwitch.Patience;

    private static ForcedSwitchOutcome IsSame(ForcedSwitch stored, Guid roomId, RelayPosition position, string requestedBy) =>
        (stored.RoomId, stored.Position, stored.RequestedBy) == (roomId, position, requestedBy) ? ForcedSwitchOutcome.Done : ForcedSwitchOutcome.IdReused;
}
