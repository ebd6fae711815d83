namespace Latchkey.Server.Portal.Keys;

/// <summary>A vending key as people may see it: never its material.</summary>
/// <param name="CheckValue">Tells keys apart without showing them.</param>
/// <param name="Tenths">0.1 kWh signed so far.</param>
/// <param name="Signed">Minor units signed so far.</param>
/// <param name="Limit">Minor units that may be signed in all.</param>
/// <param name="Stopped">Why nothing is signed any more; null while the key is good.</param>
public sealed record KeyLine(
    string KeyId, string SupplyGroup, int Revision, string KeyType, int BaseYear, string CheckValue, long Tokens, long Tenths, long Signed, long Limit, DateTimeOffset ActiveFrom,
    DateTimeOffset? IssueUntil, string? Stopped)
{
    public long Left => Math.Max(0, Limit - Signed);

    /// <summary>Of the limit, in whole percent, rounded down: a bar that looks empty is empty.</summary>
    public int LeftPercent => Limit <= 0 ? 0 : (int)Int128.Clamp((Int128)Left * 100 / Limit, 0, 100);
}

/// <summary>The signer's keys: seen by an operator, changed by two.</summary>
public interface IKeyView
{
    /// <summary>True where the keys are in this process; a signer in its own holds its own ceremonies, and here a key can only be stopped.</summary>
    bool HoldsCeremonies { get; }

    /// <summary>By name; null where the signer does not answer.</summary>
    Task<IReadOnlyList<KeyLine>?> ListAsync(CancellationToken cancellationToken);

    /// <summary>Raises what may be signed in all. Null when done, otherwise the code of what is wrong.</summary>
    Task<string?> RaiseAsync(string keyId, long minorUnits, string first, string second, CancellationToken cancellationToken);

    /// <summary>Stops a key; one person is enough for that.</summary>
    Task<string?> StopAsync(string keyId, string reason, CancellationToken cancellationToken);

    /// <summary>Starts a stopped key again.</summary>
    Task<string?> ResumeAsync(string keyId, string first, string second, CancellationToken cancellationToken);
}
