using Latchkey.ModuleLink.Messages;
using Latchkey.Quantities;

namespace Latchkey.Meter.Tokens;

/// <summary>How a token came in.</summary>
public enum TokenSource : byte
{
    Keypad = 0,
    Remote = 1,
}

/// <summary>What became of one token.</summary>
/// <param name="Status">The result.</param>
/// <param name="Effect">What it did, if accepted.</param>
/// <param name="Credited">The credit it granted; zero for others.</param>
/// <param name="Balance">The balance after it.</param>
/// <param name="Source">How it came in.</param>
/// <param name="Fingerprint">Which token it was.</param>
/// <param name="AtMs">When, on the monotonic clock.</param>
public sealed record TokenReport(
    TokenStatus Status, AcceptedEffect Effect, Energy Credited, Energy Balance, TokenSource Source, TokenFingerprint Fingerprint, long AtMs)
{
    /// <summary>The credit it granted, quanta of the account.</summary>
    public long CreditedQuanta { get; init; }
}
