using System.Globalization;

namespace Latchkey.Vending;

/// <summary>What is claimed where money goes back: that there is no token, or what its meter has proved of it. Part of what two people approve.</summary>
/// <param name="Attempt">1 for the first; the next only where a payment service has refused to pay the one before.</param>
/// <param name="Reason">Null where the purchase has no token.</param>
/// <param name="Evidence">What the meter's answer is found by; empty without a token.</param>
public sealed record MoneyBackClaim(int Attempt, UnusedReason? Reason, string Evidence)
{
    private const string NoToken = "no-token";

    /// <summary>False where it says nothing, or too much.</summary>
    public bool IsWellFormed => Reason is null
        ? Evidence.Length == 0
        : Evidence.Length is > 0 and <= UnusedProof.MaxEvidenceLength && Evidence == Evidence.Trim() && !Evidence.Any(char.IsControl);

    public override string ToString() => Reason is { } reason
        ? string.Create(CultureInfo.InvariantCulture, $"{Attempt} {UnusedReasons.WordOf(reason)} {Evidence}")
        : string.Create(CultureInfo.InvariantCulture, $"{Attempt} {NoToken}");

    /// <summary>Reads what <see cref="ToString"/> wrote, and nothing else.</summary>
    public static bool TryParse(string text, out MoneyBackClaim claim)
    {
        string[] parts = text.Split(' ', 3);
        claim = new MoneyBackClaim(0, null, string.Empty);
        if (!int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int attempt)) return false;
        if (parts is [_, NoToken]) claim = new MoneyBackClaim(attempt, null, string.Empty);
        else if (parts.Length == 3 && UnusedReasons.TryParse(parts[1], out UnusedReason reason)) claim = new MoneyBackClaim(attempt, reason, parts[2]);
        return claim.Attempt > 0 && claim.IsWellFormed;
    }
}
