using Latchkey.Ledger;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>The committed entry that an order for a token rests on. The signer looks it up itself and believes nothing of this but the id.</summary>
public readonly record struct HeldEntry(Guid EntryId, ChainHash Hash);

/// <summary>Makes tokens, and only for what the books have committed. It never encrypts bytes for anybody.</summary>
public interface ITokenSigner
{
    /// <summary>True where the keys are in software: every receipt says so.</summary>
    bool IsDevelopment { get; }

    /// <summary>The token of a held order. Asked again for the same order it gives the same token and counts nothing.</summary>
    Task<SignOutcome> SignAsync(VendOrder order, HeldEntry held, CancellationToken cancellationToken);

    /// <summary>As for one; several at once share the signer's commit. In the order they were asked for.</summary>
    Task<IReadOnlyList<SignOutcome>> SignAsync(IReadOnlyList<(VendOrder Order, HeldEntry Held)> orders, CancellationToken cancellationToken);

    /// <summary>The token of a management order that two people approved.</summary>
    Task<SignOutcome> SignAsync(ManagementIssue issue, HeldEntry posted, CancellationToken cancellationToken);

    /// <summary>Makes sure that this hold of the order never gets a token, or says why nobody can.</summary>
    Task<NoTokenPromise> CancelAsync(Guid orderId, Guid entryId, CancellationToken cancellationToken);

    /// <summary>Stops a key: nothing is signed with it until people have looked.</summary>
    Task StopAsync(string keyId, string reason, CancellationToken cancellationToken);
}

/// <summary>What a signer says when it is asked that a hold never gets a token.</summary>
public enum NoTokenPromise
{
    /// <summary>There is none, and there never will be.</summary>
    Given = 1,

    /// <summary>The order has one already.</summary>
    HasToken = 2,

    /// <summary>The signer did not answer: there may be one, and it may be asked again.</summary>
    Unknown = 3,
}

/// <summary>A token, or the code of why there is none.</summary>
public abstract record SignOutcome
{
    private SignOutcome()
    {
    }

    public sealed record Signed(TokenNumber Token) : SignOutcome;

    /// <summary><c>signer-unavailable</c> says that nobody knows: the order stays held. Every other code is final for this hold.</summary>
    public sealed record Refused(string Code) : SignOutcome;
}
