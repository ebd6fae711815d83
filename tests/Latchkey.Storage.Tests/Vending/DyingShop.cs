using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Storage.Tests.Vending;

internal sealed class PowerCutException : Exception;

/// <summary>Counts durable steps over store and signer, and ends the program at one of them.</summary>
internal sealed class Cut(int step, bool After)
{
    private int _seen;

    public async Task<T> Pass<T>(Func<Task<T>> durable)
    {
        bool here = ++_seen == step;
        if (here && !After) throw new PowerCutException();
        T result = await durable();
        return here ? throw new PowerCutException() : result;
    }
}

internal sealed class DyingStore(SqliteVendingStore inner, Cut cut) : IVendingStore
{
    public Task<T> UpdateAsync<T>(Func<IVendingBooks, T> step, CancellationToken cancellationToken) =>
        cut.Pass(() => inner.UpdateAsync(step, cancellationToken));

    public Task<IReadOnlyList<StepResult<T>>> UpdateEachAsync<T>(
        IReadOnlyList<Func<IVendingBooks, T>> steps, Task? company, CancellationToken cancellationToken) =>
        cut.Pass(() => inner.UpdateEachAsync(steps, company, cancellationToken));

    public T Read<T>(Func<IVendingBooks, T> step) => inner.Read(step);

    public IReadOnlyList<VendOrder> InState(OrderState state, int limit, Guid? after = null) => inner.InState(state, limit, after);

    public IReadOnlyList<VendOrder> OrdersOf(MeterPan pan, int limit) => inner.OrdersOf(pan, limit);

    public IReadOnlyList<VendOrder> Newest(int limit) => inner.Newest(limit);

    public void ForEach(Action<VendOrder> order) => inner.ForEach(order);
}

internal sealed class DyingSigner(ITokenSigner inner, Cut cut) : ITokenSigner
{
    public TokenNumber? LastToken { get; private set; }

    public bool IsDevelopment => inner.IsDevelopment;

    public Task<SignOutcome> SignAsync(VendOrder order, HeldEntry held, CancellationToken cancellationToken) => cut.Pass(async () =>
    {
        SignOutcome outcome = await inner.SignAsync(order, held, cancellationToken);
        LastToken = (outcome as SignOutcome.Signed)?.Token;
        return outcome;
    });

    public Task<IReadOnlyList<SignOutcome>> SignAsync(
        IReadOnlyList<(VendOrder Order, HeldEntry Held)> orders, CancellationToken cancellationToken) => cut.Pass(async () =>
    {
        IReadOnlyList<SignOutcome> outcomes = await inner.SignAsync(orders, cancellationToken);
        LastToken = (outcomes[^1] as SignOutcome.Signed)?.Token;
        return outcomes;
    });

    public Task<SignOutcome> SignAsync(ManagementIssue issue, HeldEntry posted, CancellationToken cancellationToken) =>
        cut.Pass(() => inner.SignAsync(issue, posted, cancellationToken));

    public Task<NoTokenPromise> CancelAsync(Guid orderId, Guid entryId, CancellationToken cancellationToken) =>
        cut.Pass(() => inner.CancelAsync(orderId, entryId, cancellationToken));

    public Task StopAsync(string keyId, string reason, CancellationToken cancellationToken) => inner.StopAsync(keyId, reason, cancellationToken);
}

/// <summary>Neither signs the orders it is told of nor promises that they will never be signed.</summary>
internal sealed class StubbornSigner(ITokenSigner inner, Func<VendOrder, bool> refused) : ITokenSigner
{
    public bool IsDevelopment => inner.IsDevelopment;

    public async Task<SignOutcome> SignAsync(VendOrder order, HeldEntry held, CancellationToken cancellationToken) =>
        refused(order) ? new SignOutcome.Refused(VendingCodes.KeyStopped) : await inner.SignAsync(order, held, cancellationToken);

    public async Task<IReadOnlyList<SignOutcome>> SignAsync(IReadOnlyList<(VendOrder Order, HeldEntry Held)> orders, CancellationToken cancellationToken)
    {
        List<SignOutcome> outcomes = [];
        foreach ((VendOrder order, HeldEntry held) in orders) outcomes.Add(await SignAsync(order, held, cancellationToken));
        return outcomes;
    }

    public Task<SignOutcome> SignAsync(ManagementIssue issue, HeldEntry posted, CancellationToken cancellationToken) =>
        inner.SignAsync(issue, posted, cancellationToken);

    public Task<NoTokenPromise> CancelAsync(Guid orderId, Guid entryId, CancellationToken cancellationToken) => Task.FromResult(NoTokenPromise.HasToken);

    public Task StopAsync(string keyId, string reason, CancellationToken cancellationToken) => inner.StopAsync(keyId, reason, cancellationToken);
}
