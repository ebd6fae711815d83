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

    public Task<SignOutcome> SignAsync(VendOrder order, HeldEntry held, CancellationToken cancellationToken) => Task.FromResult<SignOutcome>(Unknown);

    public Task<IReadOnlyList<SignOutcome>> SignAsync(IReadOnlyList<(VendOrder Order, HeldEntry Held)> orders, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SignOutcome>>([.. orders.Select(_ => Unknown)]);

    public Task<SignOutcome> SignAsync(ManagementIssue issue, HeldEntry posted, CancellationToken cancellationToken) => Task.FromResult<SignOutcome>(Unknown);

    public Task<KeyChangeSigned> SignAsync(KeyChange change, HeldEntry posted, CancellationToken cancellationToken) =>
        Task.FromResult(new KeyChangeSigned(VendingCodes.SignerUnavailable, []));

    public Task<bool> CancelAsync(Guid orderId, Guid entryId, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task StopAsync(string keyId, string reason, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("There is no signer here; stop the key with 'latchkey keys stop' in the signer's directory.");

    public Task<Reconciliation> ReconcileAsync(CancellationToken cancellationToken) => Task.FromResult(Reconciliation.Missed(VendingCodes.SignerUnavailable));
}
