namespace Latchkey.Sts;

/// <summary>What a point of sale knows of a meter: its key's attributes, and which key-change tokens it takes.</summary>
/// <param name="Key">The attributes of the key that the meter has now.</param>
/// <param name="TakesThirdKeyChangeToken">Whether a meter with a 64-bit key takes the token that tells its supply group.</param>
/// <remarks>Source: IEC 62055-41, meter record of the point of sale.</remarks>
public readonly record struct MeterKeyRecord(DecoderKeyAttributes Key, bool TakesThirdKeyChangeToken)
{
    /// <summary>How many tokens a key change of this meter takes.</summary>
    /// <remarks>Source: IEC 62055-41:2018, key-change tokens.</remarks>
    public KeyChangeForm KeyChangeForm => KeyChangeSet.FormFor(Key.Algorithm, TakesThirdKeyChangeToken);
}

/// <summary>A revision of a supply group's vending key, without the key: what the key-load data say about it.</summary>
/// <param name="SupplyGroup">The group.</param>
/// <param name="KeyType">Default, unique or common.</param>
/// <param name="KeyRevision">The revision.</param>
/// <param name="KeyExpiry">Until when meters' keys made from it may be used.</param>
/// <param name="BaseDate">From when identifiers count.</param>
/// <param name="ActiveFrom">The first wall-clock minute at which it may be used.</param>
/// <param name="IssueUntil">The last wall-clock minute at which tokens may be issued under it, or null.</param>
/// <remarks>Source: IEC 62055-41, VendingKey attributes; STS key-load files.</remarks>
public sealed record VendingKeyRevision(
    SupplyGroupCode SupplyGroup,
    KeyType KeyType,
    KeyRevisionNumber KeyRevision,
    KeyExpiryNumber KeyExpiry,
    BaseDate BaseDate,
    DateTime ActiveFrom,
    DateTime? IssueUntil = null)
{
    /// <summary>The attributes of a meter's key under this revision.</summary>
    /// <remarks>Source: IEC 62055-41, decoder key generation.</remarks>
    public DecoderKeyAttributes For(in DecoderKeyAttributes meter) => meter with
    {
        SupplyGroup = SupplyGroup,
        KeyType = KeyType,
        KeyRevision = KeyRevision,
        KeyExpiry = KeyExpiry,
        BaseDate = BaseDate,
    };

    /// <summary>Whether a meter's key was made from this revision.</summary>
    /// <remarks>Source: IEC 62055-41, decoder key generation.</remarks>
    public bool IsBehind(in DecoderKeyAttributes meter) =>
        SupplyGroup == meter.SupplyGroup && KeyType == meter.KeyType && KeyRevision == meter.KeyRevision && BaseDate == meter.BaseDate;

    /// <summary>The newest revision of a group that may be used at a time, or null: the latest base date first, then the latest start, then the highest number.</summary>
    /// <remarks>Source: IEC 62055-41, VendingKey attributes.</remarks>
    public static VendingKeyRevision? Current(IEnumerable<VendingKeyRevision> revisions, SupplyGroupCode group, DateTime wallClock) => revisions
        .Where(r => r.SupplyGroup == group && IssueChecks.Check(r, wallClock) == IssueRefusal.None)
        .OrderByDescending(r => r.BaseDate.Year)
        .ThenByDescending(r => r.ActiveFrom)
        .ThenByDescending(r => r.KeyRevision.Value)
        .FirstOrDefault();
}
