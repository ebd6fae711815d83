namespace Latchkey.Server.Api;

/// <summary>One delivery of a token to a meter.</summary>
/// <param name="State">Stable code of the state.</param>
/// <param name="ProofLevel">0 none, 1 the link has acknowledged, 2 the meter's authenticated answer, 3 read back from the meter.</param>
public sealed record DeliveryLine(
    string DeliveryId, Guid? PurchaseId, string MeterPan, string Kind, string State, int ProofLevel, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset? ProvenAt, string? Channel);

/// <summary>Reads deliveries.</summary>
public interface IDeliveryView
{
    /// <summary>The newest first, at most <paramref name="limit"/>; of one meter when a PAN is given.</summary>
    ValueTask<IReadOnlyList<DeliveryLine>> ListAsync(string? pan, int limit, CancellationToken cancellationToken);
}

/// <summary>What is answered to a provider.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Refusal">A stable code when it was not taken; null when it was, or had been before.</param>
public readonly record struct CallbackReply(int Status, string? Refusal);

/// <summary>Hands a payment provider's callback to the desk that can judge it.</summary>
public interface IPaymentCallbacks
{
    /// <summary>Judges the raw body with its headers.</summary>
    ValueTask<CallbackReply> TakeAsync(IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);
}
