using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>The signer's own books inside one transaction: a file of its own, apart from the orders and the ledger.</summary>
public interface ISignerBooks
{
    IReadOnlyList<SigningKeyRecord> Keys { get; }

    SigningKeyRecord? FindKey(string keyId);

    void Save(SigningKeyRecord key);

    /// <summary>The line by which this order got its token; null while it has none.</summary>
    SignatureRecord? FindSigned(Guid orderId);

    /// <summary>The line by which a token rests on this entry; null while there is none.</summary>
    SignatureRecord? FindByEntry(Guid entryId);

    /// <summary>True where the signer has promised that this entry will never have a token.</summary>
    bool IsCancelled(Guid entryId);

    /// <summary>All that may stand against a new line, in one look.</summary>
    SignerView Look(SignatureRecord wanted);

    /// <summary>The newest line; null where there is none.</summary>
    SignatureRecord? Last { get; }

    void Append(SignatureRecord signature);

    /// <summary>Every line in order, as stored. <paramref name="line"/> returns false to stop.</summary>
    void ForEach(Func<SignatureRecord, bool> line);
}

/// <summary>What the journal knows of an order that wants a token.</summary>
/// <param name="Signed">The line by which it got its token.</param>
/// <param name="IsCancelled">This entry will never have a token.</param>
/// <param name="TidIsTaken">A token of this meter and base date has the identifier already.</param>
public sealed record SignerView(SignatureRecord? Signed, bool IsCancelled, bool TidIsTaken);

public interface ISignerStore
{
    /// <summary>Runs a step whole or not at all; durable when it answers.</summary>
    Task<T> UpdateAsync<T>(Func<ISignerBooks, T> step, CancellationToken cancellationToken);

    /// <summary>Looks without changing.</summary>
    T Read<T>(Func<ISignerBooks, T> step);

    SigningKeyRecord? FindKey(string keyId);
}
