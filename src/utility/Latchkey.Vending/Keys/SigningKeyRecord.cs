using System.Globalization;
using System.Text;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>What a vending key may be used for, and how long.</summary>
/// <param name="ActiveFrom">Nothing is signed before.</param>
/// <param name="IssueUntil">Nothing is signed from then on; null where it does not end.</param>
public sealed record SigningKeyTerms(
    SupplyGroupCode SupplyGroup,
    KeyRevisionNumber KeyRevision,
    KeyType KeyType,
    BaseDate BaseDate,
    DateTimeOffset ActiveFrom,
    DateTimeOffset? IssueUntil)
{
    /// <summary>Names the key: group, revision, type, base date.</summary>
    public string KeyId => string.Create(CultureInfo.InvariantCulture, $"{SupplyGroup}-{KeyRevision.Value}-{(int)KeyType}-{BaseDate.Year}");

    public static string KeyIdOf(in DecoderKeyAttributes meter) =>
        new SigningKeyTerms(meter.SupplyGroup, meter.KeyRevision, meter.KeyType, meter.BaseDate, default, null).KeyId;
}

/// <summary>What has been signed with a key since it was taken in.</summary>
public readonly record struct KeyCounters(long Tokens, long Tenths, long MinorUnits);

/// <summary>A vending key as the signer keeps it: wrapped, with its terms, its counters and its limit under one MAC.</summary>
/// <param name="CheckValue">Tells keys apart without showing them.</param>
/// <param name="Wrapped">The key under the key-encryption key; useless without it.</param>
/// <param name="CreditLimit">Minor units that may be signed in all; two people raise it.</param>
/// <param name="StoppedReason">Why nothing is signed any more; null while the key is good.</param>
/// <param name="Mac">Over everything above: counters and limits cannot be changed by who has only the file.</param>
public sealed record SigningKeyRecord(
    SigningKeyTerms Terms,
    string CheckValue,
    ReadOnlyMemory<byte> Wrapped,
    long CreditLimit,
    KeyCounters Counters,
    string? StoppedReason,
    ReadOnlyMemory<byte> Mac)
{
    public string KeyId => Terms.KeyId;

    /// <summary>The approval by which it was changed last; null where none was. Under the MAC, too.</summary>
    public Guid? LastAct { get; init; }

    internal byte[] CanonicalBytes() => Encoding.UTF8.GetBytes(string.Join(
        '\n',
        KeyId,
        Terms.ActiveFrom.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
        Terms.IssueUntil?.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture) ?? "-",
        CheckValue,
        Convert.ToHexString(Wrapped.Span),
        CreditLimit.ToString(CultureInfo.InvariantCulture),
        Counters.Tokens.ToString(CultureInfo.InvariantCulture),
        Counters.Tenths.ToString(CultureInfo.InvariantCulture),
        Counters.MinorUnits.ToString(CultureInfo.InvariantCulture),
        StoppedReason ?? string.Empty) + (LastAct is { } act ? "\n" + act.ToString("N") : string.Empty));
}
