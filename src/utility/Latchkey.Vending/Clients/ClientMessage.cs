using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>What a vending client said. Numbers are stored.</summary>
public enum ClientMessageKind
{
    Lookup = 1,
    Purchase = 2,
    Retry = 3,
    Trial = 4,
    Reprint = 5,
    KeyChange = 6,
    FaultReport = 7,
    Confirmation = 8,
    Reversal = 9,
    KeyChangeConfirmation = 10,
    KeyChangeReversal = 11,
}

/// <summary>A message of a vending client, kept so that its id is taken once and what it advised can be shown.</summary>
/// <param name="Client">Who sent it; nobody else may refer to it.</param>
/// <param name="Original">The message it refers to, on retries and advices.</param>
/// <param name="Detail">A few words for support: a reason, a fault, a tender. Never a token.</param>
public sealed record ClientMessage(
    Guid Id, ClientMessageKind Kind, string Client, DateTimeOffset At, Guid? Original = null, MeterPan? Pan = null, string Detail = "")
{
    public const int MaxDetailLength = 256;

    /// <summary>True for questions, which are forgotten after a while; sales and advices are kept.</summary>
    public bool IsQuestion => Kind is ClientMessageKind.Lookup or ClientMessageKind.Trial or ClientMessageKind.Reprint;
}

/// <summary>Where clients' messages are kept.</summary>
public interface IClientMessages
{
    /// <summary>Keeps it when its id is new, and says null; otherwise the message that has the id.</summary>
    Task<ClientMessage?> AddAsync(ClientMessage message, CancellationToken cancellationToken);

    ClientMessage? Find(Guid id);

    /// <summary>What refers to a message, oldest first.</summary>
    IReadOnlyList<ClientMessage> Referring(Guid original, int limit);
}
