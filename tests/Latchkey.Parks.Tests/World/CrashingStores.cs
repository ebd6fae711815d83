using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Events;
using Latchkey.HeadEnd.Meters;
using Latchkey.HeadEnd.Readings;
using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Log;
using Latchkey.Parks.Balance;
using Latchkey.Parks.Control;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Occupancies;
using Latchkey.Parks.Store;
using Latchkey.Parks.TopUps;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Refunds;
using Latchkey.Payments.Store;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Parks.Tests;

/// <summary>A park store in front of which, and behind which, the process can die.</summary>
internal sealed class CrashingParkStore(IParkStore inner, CrashPlan plan) : IParkStore
{
    public IReadOnlyList<Park> Parks() => inner.Parks();

    public Park? FindPark(Guid id) => inner.FindPark(id);

    public IReadOnlyList<Building> Buildings(Guid parkId) => inner.Buildings(parkId);

    public Building? FindBuilding(Guid id) => inner.FindBuilding(id);

    public IReadOnlyList<Room> Rooms(Guid parkId) => inner.Rooms(parkId);

    public Room? FindRoom(Guid id) => inner.FindRoom(id);

    public Room? FindRoomByMeter(MeterPan pan) => inner.FindRoomByMeter(pan);

    public Tenant? FindTenant(Guid id) => inner.FindTenant(id);

    public Tenant? FindTenantByOpenId(string openId) => inner.FindTenantByOpenId(openId);

    public Occupancy? OpenOccupancy(Guid roomId) => inner.OpenOccupancy(roomId);

    public Occupancy? FindOccupancy(Guid id) => inner.FindOccupancy(id);

    public IReadOnlyList<Occupancy> Occupancies(Guid roomId) => inner.Occupancies(roomId);

    public TopUp? FindTopUp(Guid id) => inner.FindTopUp(id);

    public IReadOnlyList<TopUp> TopUpsOfRoom(Guid roomId, int limit) => inner.TopUpsOfRoom(roomId, limit);

    public IReadOnlyList<TopUp> TopUpsOfTenant(Guid roomId, Guid tenantId) => inner.TopUpsOfTenant(roomId, tenantId);

    public IReadOnlyList<TopUp> DueTopUps(DateTimeOffset now, int limit) => inner.DueTopUps(now, limit);

    public WatchState? FindWatch(MeterPan pan) => inner.FindWatch(pan);

    public IReadOnlyList<WatchState> WatchesWithNews(int limit) => inner.WatchesWithNews(limit);

    public ForcedSwitch? FindForcedSwitch(Guid id) => inner.FindForcedSwitch(id);

    public IReadOnlyList<ForcedSwitch> ForcedSwitches(Guid roomId, int limit) => inner.ForcedSwitches(roomId, limit);

    public IReadOnlyList<ForcedSwitch> OpenForcedSwitches(int limit) => inner.OpenForcedSwitches(limit);

    public Task<CommitResult> CommitAsync(ParkChanges changes, CancellationToken cancellationToken) =>
        plan.AroundAsync("parks", () => inner.CommitAsync(changes, cancellationToken));
}

/// <inheritdoc cref="CrashingParkStore"/>
internal sealed class CrashingHeadEndStore(IHeadEndStore inner, CrashPlan plan) : IHeadEndStore
{
    public RegisteredMeter? FindMeter(MeterPan pan) => inner.FindMeter(pan);

    public IReadOnlyList<RegisteredMeter> ListMeters(MeterPan? after, int limit) => inner.ListMeters(after, limit);

    public Delivery? FindDelivery(Guid id) => inner.FindDelivery(id);

    public IReadOnlyList<Delivery> OpenDeliveries() => inner.OpenDeliveries();

    public IReadOnlyList<Delivery> DeliveriesOf(MeterPan pan, int limit) => inner.DeliveriesOf(pan, limit);

    public IReadOnlyList<PackedDay> Days(MeterPan pan, ReadingChannel channel, DateOnly from, DateOnly to) => inner.Days(pan, channel, from, to);

    public IReadOnlyList<MeterEvent> Events(MeterPan pan, int limit) => inner.Events(pan, limit);

    public void Commit(HeadEndChanges changes)
    {
        plan.Moment("before head-end");
        inner.Commit(changes);
        plan.Moment("after head-end");
    }
}

/// <inheritdoc cref="CrashingParkStore"/>
internal sealed class CrashingPaymentStore(IPaymentStore inner, CrashPlan plan) : IPaymentStore
{
    public Task<AddPaymentResult> AddAsync(Payment payment, CancellationToken cancellationToken) =>
        plan.AroundAsync("payment add", () => inner.AddAsync(payment, cancellationToken));

    public Task<Payment?> FindAsync(OutTradeNo outTradeNo, CancellationToken cancellationToken) => inner.FindAsync(outTradeNo, cancellationToken);

    public Task<Payment?> FindByTransactionAsync(string provider, string transactionId, CancellationToken cancellationToken) =>
        inner.FindByTransactionAsync(provider, transactionId, cancellationToken);

    public Task<SavePaymentResult> SaveAsync(Payment payment, CancellationToken cancellationToken) =>
        plan.AroundAsync("payment save", () => inner.SaveAsync(payment, cancellationToken));

    public Task<IReadOnlyList<Payment>> DueForQueryAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        inner.DueForQueryAsync(now, limit, cancellationToken);

    public Task<IReadOnlyList<Payment>> ListAsync(int limit, CancellationToken cancellationToken) => inner.ListAsync(limit, cancellationToken);

    public Task<AddRefundOutcome> AddRefundAsync(RefundRequest request, DateTimeOffset now, CancellationToken cancellationToken) =>
        plan.AroundAsync("refund add", () => inner.AddRefundAsync(request, now, cancellationToken));

    public Task<Refund?> FindRefundAsync(OutTradeNo outRefundNo, CancellationToken cancellationToken) => inner.FindRefundAsync(outRefundNo, cancellationToken);

    public Task<SavePaymentResult> SaveRefundAsync(Refund refund, CancellationToken cancellationToken) =>
        plan.AroundAsync("refund save", () => inner.SaveRefundAsync(refund, cancellationToken));

    public Task<IReadOnlyList<Refund>> DueRefundsAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        inner.DueRefundsAsync(now, limit, cancellationToken);

    public Task<bool> AddUnmatchedAsync(UnmatchedPayment unmatched, CancellationToken cancellationToken) => inner.AddUnmatchedAsync(unmatched, cancellationToken);

    public Task<IReadOnlyList<UnmatchedPayment>> ListUnmatchedAsync(int limit, CancellationToken cancellationToken) =>
        inner.ListUnmatchedAsync(limit, cancellationToken);
}

/// <inheritdoc cref="CrashingParkStore"/>
internal sealed class CrashingMessageLog(IMessageLog inner, CrashPlan plan) : IMessageLog
{
    public Task<bool> AddAsync(MessageRecord message, CancellationToken cancellationToken) =>
        plan.AroundAsync("message add", () => inner.AddAsync(message, cancellationToken));

    public Task<MessageRecord?> FindAsync(string noticeId, CancellationToken cancellationToken) => inner.FindAsync(noticeId, cancellationToken);

    public Task<bool> SaveAsync(MessageRecord message, MessageAttempt? attempt, CancellationToken cancellationToken) =>
        plan.AroundAsync("message save", () => inner.SaveAsync(message, attempt, cancellationToken));

    public Task<IReadOnlyList<MessageRecord>> DueAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) =>
        inner.DueAsync(now, limit, cancellationToken);

    public Task<IReadOnlyList<MessageRecord>> ListAsync(string? recipientId, int limit, CancellationToken cancellationToken) =>
        inner.ListAsync(recipientId, limit, cancellationToken);

    public Task<IReadOnlyList<MessageAttempt>> AttemptsOfAsync(string noticeId, CancellationToken cancellationToken) =>
        inner.AttemptsOfAsync(noticeId, cancellationToken);

    public Task<int> CountSentAsync(ChannelKind? channel, string? recipientId, DateTimeOffset since, CancellationToken cancellationToken) =>
        inner.CountSentAsync(channel, recipientId, since, cancellationToken);

    public Task<MessageRecord?> FindByProviderIdAsync(ChannelKind channel, string providerMessageId, CancellationToken cancellationToken) =>
        inner.FindByProviderIdAsync(channel, providerMessageId, cancellationToken);
}

/// <inheritdoc cref="CrashingParkStore"/>
internal sealed class CrashingOrderDesk(IOrderDesk inner, CrashPlan plan) : IOrderDesk
{
    public Task<OrderOutcome> PlaceAsync(PlaceOrder command, CancellationToken cancellationToken) =>
        plan.AroundAsync("order", () => inner.PlaceAsync(command, cancellationToken));

    public TrialOutcome Trial(PlaceOrder command) => inner.Trial(command);

    public VendOrder? Find(Guid orderId) => inner.Find(orderId);

    public IReadOnlyList<VendOrder> OrdersOf(MeterPan pan, int limit) => inner.OrdersOf(pan, limit);

    public Task<bool> MarkDeliveredAsync(Guid orderId, CancellationToken cancellationToken) =>
        plan.AroundAsync("order delivered", () => inner.MarkDeliveredAsync(orderId, cancellationToken));

    public Task<string?> MarkCreditedAsync(Guid orderId, CreditProof proof, CancellationToken cancellationToken) =>
        plan.AroundAsync("order credited", () => inner.MarkCreditedAsync(orderId, proof, cancellationToken));

    public Task<ReversalOutcome> ReverseAsync(Guid orderId, string reason, CancellationToken cancellationToken) =>
        plan.AroundAsync("order reversed", () => inner.ReverseAsync(orderId, reason, cancellationToken));

    public Task FinishAsync(Guid orderId, CancellationToken cancellationToken) => inner.FinishAsync(orderId, cancellationToken);

    public Task<IReadOnlyList<Guid>> RecoverAsync(CancellationToken cancellationToken) => inner.RecoverAsync(cancellationToken);

    public Task<IReadOnlyList<Guid>> ExpireAsync(CancellationToken cancellationToken) => inner.ExpireAsync(cancellationToken);

    public Task<ManagementOutcome> IssueManagementTokenAsync(ManagementRequest request, CancellationToken cancellationToken) =>
        inner.IssueManagementTokenAsync(request, cancellationToken);
}
