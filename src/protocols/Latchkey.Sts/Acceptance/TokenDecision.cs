namespace Latchkey.Sts;

/// <summary>What a meter would do with a token: made by <see cref="TokenAcceptor.Evaluate(TokenNumber)"/>, put into effect by <see cref="TokenAcceptor.Commit"/>.</summary>
/// <remarks>Between the two the meter writes its journal, so that nothing is shown as accepted that a power cut could take back. Source: IEC 62055-41, acceptance of tokens.</remarks>
public sealed record TokenDecision
{
    internal TokenDecision(TokenAcceptorState basis, TokenResult result, TokenEffect? effect = null, TokenIdentifier? tid = null, TokenAcceptorState? after = null)
    {
        Basis = basis;
        Result = result;
        Effect = effect ?? TokenEffect.Nothing;
        Tid = tid;
        After = after ?? basis;
    }

    /// <summary>The result to show.</summary>
    /// <remarks>Source: IEC 62055-41, TokenResult.</remarks>
    public TokenResult Result { get; }

    /// <summary>Whether the token does anything: accepted, or kept as a part of a key change.</summary>
    /// <remarks>Source: IEC 62055-41, acceptance of tokens.</remarks>
    public bool IsTaken => Effect is not TokenEffect.None;

    /// <summary>What it does; <see cref="TokenEffect.None"/> where it is refused.</summary>
    /// <remarks>Source: IEC 62055-41, acceptance of tokens.</remarks>
    public TokenEffect Effect { get; }

    /// <summary>The identifier that is used up by committing; null where the token carries none. A refused token's is shown and not used up.</summary>
    /// <remarks>Source: IEC 62055-41, TokenIdentifier.</remarks>
    public TokenIdentifier? Tid { get; }

    internal TokenAcceptorState Basis { get; }

    internal TokenAcceptorState After { get; }

    /// <summary>The result and the kind of effect.</summary>
    /// <remarks>Source: IEC 62055-41, acceptance of tokens.</remarks>
    public override string ToString() => $"{Result}: {Effect.GetType().Name}";
}
