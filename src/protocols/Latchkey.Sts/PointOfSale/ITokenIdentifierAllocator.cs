namespace Latchkey.Sts;

/// <summary>Gives every token its identifier and remembers it. All points that sell to the same meters must share one, or tokens collide and meters refuse them as used.</summary>
/// <remarks>Source: IEC 62055-41, TokenIdentifier.</remarks>
public interface ITokenIdentifierAllocator
{
    /// <summary>Gives the next identifier and stores it durably before returning.</summary>
    /// <param name="pan">The meter.</param>
    /// <param name="baseDate">The base date of the key that the token is made under.</param>
    /// <param name="wallClock">The system's wall clock: one fixed offset for ever.</param>
    /// <param name="tid">The identifier, or the default when the outcome is not Allocated.</param>
    /// <remarks>Source: IEC 62055-41, TokenIdentifier.</remarks>
    TokenIdentifierOutcome Allocate(MeterPan pan, BaseDate baseDate, DateTime wallClock, out TokenIdentifier tid);
}

/// <summary>An allocator that forgets with its process: for tests, demonstrations and the command line.</summary>
/// <remarks>Safe from several threads. Source: IEC 62055-41, TokenIdentifier.</remarks>
public sealed class VolatileTokenIdentifierAllocator : ITokenIdentifierAllocator
{
    private readonly Dictionary<(MeterPan Pan, BaseDate BaseDate), TokenIdentifier> _last = new();
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public TokenIdentifierOutcome Allocate(MeterPan pan, BaseDate baseDate, DateTime wallClock, out TokenIdentifier tid)
    {
        lock (_gate)
        {
            TokenIdentifier? last = _last.TryGetValue((pan, baseDate), out TokenIdentifier known) ? known : null;
            TokenIdentifierOutcome outcome = TokenIdentifierRule.Next(wallClock, baseDate, last, out tid);
            if (outcome == TokenIdentifierOutcome.Allocated) _last[(pan, baseDate)] = tid;
            return outcome;
        }
    }
}
