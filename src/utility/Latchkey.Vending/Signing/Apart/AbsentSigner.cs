using Latchkey.Vending.Reconciliation;

namespace Latchkey.Vending.Apart;

/// <summary>No signer at all: for programs beside the server that keep books and sell nothing. What is asked of it stays as it is.</summary>
public sealed class AbsentSigner : IOutsideSigner
{
    private static readonly SignOutcome.Refused Unknown = new(VendingCodes.SignerUnavailable);

    private AbsentSigner()
    {
    }

    public static AbsentSigner Instance { get; } = new();

    public bool IsDevelopment => true;

    public string? Ailment => "There is no signer here.";

    public Task<SignOutcome> SignAsync(VendOrder order, HeldEntry held, CancellationToken cancellationToken) => Task.FromResult<SignOutcome>(Unknown);

    public Task<IReadOnlyList<SignOutcome>> SignAsync(IReadOnlyList<(VendOrder Order, HeldEntry Held)> orders, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SignOutcome>>([.. orders.Select(_ => Unknown)]);

    public Task<SignOutcome> SignAsync(ManagementIssue issue, HeldEntry posted, CancellationToken cancellationToken) => Task.FromResult<SignOutcome>(Unknown);

    public Task<KeyChangeSigned> SignAsync(KeyChange change, HeldEntry posted, CancellationToken cancellationToken) =>
        Task.FromResult(new KeyChangeSigned(VendingCodes.SignerUnavailable, []));

    public Task<NoTokenPromise> CancelAsync(Guid orderId, Guid entryId, CancellationToken cancellationToken) => Task.FromResult(NoTokenPromise.Unknown);

    public Task StopAsync(string keyId, string reason, CancellationToken cancellationToken) =>
        throw new SignerAwayException("There is no signer here; stop the key with 'latchkey keys stop' in the signer's directory.");

    public Task<IReadOnlyList<SignerKey>?> KeysAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<SignerKey>?>(null);

    public Task<IReadOnlySet<Guid>?> SignedAsync(IReadOnlyList<Guid> orders, CancellationToken cancellationToken) => Task.FromResult<IReadOnlySet<Guid>?>(null);

    public Task<DailyReconciliation> ReconcileAsync(CancellationToken cancellationToken) => Task.FromResult(DailyReconciliation.Missed(VendingCodes.SignerUnavailable));
}
