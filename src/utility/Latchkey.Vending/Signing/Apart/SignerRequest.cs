using Latchkey.Vending.Reconciliation;

namespace Latchkey.Vending.Apart;

/// <summary>What is asked of a signer over its line. There is nothing here that names bytes to encrypt, takes a key in, or raises a limit.</summary>
public abstract record SignerRequest
{
    private SignerRequest()
    {
    }

    /// <summary>The first of a connection.</summary>
    public sealed record Hello : SignerRequest;

    /// <param name="Orders">As many as <see cref="SignerWire.MaxOrders"/>, with those of their fields that a token depends on.</param>
    public sealed record Sign(IReadOnlyList<(VendOrder Order, HeldEntry Held)> Orders) : SignerRequest;

    public sealed record SignManagement(ManagementIssue Issue, HeldEntry Posted) : SignerRequest;

    public sealed record SignKeyChange(KeyChange Change, HeldEntry Posted) : SignerRequest;

    public sealed record Cancel(Guid OrderId, Guid EntryId) : SignerRequest;

    public sealed record Stop(string KeyId, string Reason) : SignerRequest;

    public sealed record Reconcile : SignerRequest;

    /// <param name="After">The last id of the page before; empty for the first page.</param>
    public sealed record Keys(string After) : SignerRequest;

    /// <param name="Orders">As many as <see cref="SignerWire.MaxOrders"/>.</param>
    public sealed record Signed(IReadOnlyList<Guid> Orders) : SignerRequest;
}

/// <summary>What the signer answers.</summary>
public abstract record SignerAnswer
{
    private SignerAnswer()
    {
    }

    public sealed record Welcome(bool IsDevelopment) : SignerAnswer;

    public sealed record Outcomes(IReadOnlyList<SignOutcome> Each) : SignerAnswer;

    public sealed record KeyChangeTokens(KeyChangeSigned Signed) : SignerAnswer;

    public sealed record Cancelled(bool IsPromised) : SignerAnswer;

    public sealed record Stopped : SignerAnswer;

    public sealed record Reconciled(DailyReconciliation Report) : SignerAnswer;

    /// <param name="Each">By rising id; fewer than <see cref="SignerWire.MaxKeys"/> where it is the last page.</param>
    public sealed record HeldKeys(IReadOnlyList<SignerKey> Each) : SignerAnswer;

    /// <param name="Each">For each order that was asked about, whether the journal has a token for it.</param>
    public sealed record HasTokens(IReadOnlyList<bool> Each) : SignerAnswer;

    /// <summary>The signer could not do it and does not say more: its log does. Nobody knows what became of the request.</summary>
    public sealed record Failed : SignerAnswer;
}
