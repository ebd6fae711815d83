using Latchkey.Sts;

namespace Latchkey.Vending.Makers;

/// <summary>What a token of a maker's own service does. Numbers are stored.</summary>
public enum MakerTokenKind
{
    /// <summary>Energy.</summary>
    Credit = 1,

    /// <summary>Takes the credit out of the meter.</summary>
    ClearCredit = 2,

    /// <summary>Ends the meter's tamper state.</summary>
    ClearTamper = 3,
}

/// <summary>A wish as a maker's service is asked for it.</summary>
/// <param name="RequestId">Ours, kept before anything is sent. A service that knows ids can be asked by it; most do not.</param>
/// <param name="Tenths">0.1 kWh; zero for a token without energy.</param>
public sealed record MakerWish(Guid RequestId, MakerTokenKind Kind, MeterPan Pan, long Tenths);

/// <summary>The token service of a make of meters whose vending key its maker keeps.</summary>
/// <remarks>
/// Nothing here says that the same request twice gives one token: real services make a second one, good for the meter beside the first. Whoever
/// calls keeps the request first, and after <see cref="MakerOutcome.Unknown"/> never sends it again. A world that fails is an outcome, not an exception.
/// </remarks>
public interface IMakerTokenService
{
    /// <summary>False where the service makes no such token at all.</summary>
    bool Makes(MakerTokenKind kind);

    /// <summary>True where <see cref="FindAsync"/> may find something.</summary>
    bool KnowsRequests { get; }

    /// <summary>Asks for a token: each call may make one.</summary>
    Task<MakerOutcome> MakeAsync(MakerWish wish, CancellationToken cancellationToken);

    /// <summary>Looks for the token of a request that was sent before; makes none. <see cref="MakerOutcome.Made"/> or <see cref="MakerOutcome.Unknown"/>.</summary>
    /// <remarks>That the service does not know the request is no proof: it may be at it still. So there is no such outcome.</remarks>
    Task<MakerOutcome> FindAsync(MakerWish wish, CancellationToken cancellationToken);
}

/// <summary>How a request to a maker's service ended. A closed set.</summary>
public abstract record MakerOutcome
{
    private MakerOutcome()
    {
    }

    /// <param name="AnswerHash">SHA-256 of the answer's bytes, by which maker and seller can speak of the same answer.</param>
    public sealed record Made(TokenNumber Token, ReadOnlyMemory<byte> AnswerHash) : MakerOutcome;

    /// <summary>The service says that it made no token. The code is one of <see cref="VendingCodes"/>.</summary>
    /// <param name="Reason">The service's own words, for people; shortened, and without what must not be shown.</param>
    public sealed record Refused(string Code, string Reason) : MakerOutcome;

    /// <summary>Sent, and no answer that can be read: there may be a token.</summary>
    public sealed record Unknown(string Reason) : MakerOutcome;

    /// <summary>Surely not sent, or not looked at: there is no token.</summary>
    public sealed record NotSent(string Reason) : MakerOutcome;
}
