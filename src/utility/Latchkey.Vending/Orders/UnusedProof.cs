using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>How it is known that a meter has never taken a token and never will. Numbers are stored.</summary>
public enum UnusedReason
{
    /// <summary>The meter refused this very token as old: it was not used, and older identifiers are closed for good.</summary>
    RefusedAsOld = 1,

    /// <summary>The meter's key was changed since: the token cannot be read by it any more.</summary>
    KeyChanged = 2,
}

/// <summary>A meter's authenticated answer that frees the money of a token. "Already used" is the opposite: it proves the credit.</summary>
/// <param name="Tid">The identifier of the token that the meter answers for.</param>
/// <param name="Evidence">What the answer can be found by: for example the hash of the message in hexadecimal.</param>
public sealed record UnusedProof(UnusedReason Reason, TokenIdentifier Tid, DateTimeOffset At, string Evidence)
{
    internal const int MaxEvidenceLength = 64;
}
