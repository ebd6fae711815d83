namespace Latchkey.Sts;

/// <summary>What must be done to bring a meter from the key it has to the key it should have.</summary>
/// <remarks>Source: IEC 62055-41, key-change tokens; STS 402-1, TID roll-over.</remarks>
public sealed record KeyChangePlan
{
    private KeyChangePlan(MeterKeyRecord from, MeterKeyRecord to, IssueRefusal refusal)
    {
        From = from;
        To = to;
        Refusal = refusal;
    }

    /// <summary>The meter now.</summary>
    /// <remarks>Source: IEC 62055-41, key-change tokens; STS 402-1, TID roll-over.</remarks>
    public MeterKeyRecord From { get; }

    /// <summary>The meter afterwards: what its record must say once the tokens were accepted.</summary>
    /// <remarks>Source: IEC 62055-41, key-change tokens; STS 402-1, TID roll-over.</remarks>
    public MeterKeyRecord To { get; }

    /// <summary>None, KeyChangeNotPossible, KeyExpired or another refusal of the wanted key.</summary>
    /// <remarks>Source: IEC 62055-41, POS application.</remarks>
    public IssueRefusal Refusal { get; }

    /// <summary>Whether the meter needs any token at all.</summary>
    /// <remarks>Source: IEC 62055-41, key-change tokens; STS 402-1, TID roll-over.</remarks>
    public bool IsNeeded => Refusal == IssueRefusal.None && From.Key != To.Key;

    /// <summary>Whether the meter will forget its identifiers: the base dates differ.</summary>
    /// <remarks>Unused credit made under the old key must be entered first, and credit under the new key only afterwards. Source: IEC 62055-41, RolloverKeyChange.</remarks>
    public bool IsRollOver => From.Key.BaseDate != To.Key.BaseDate;

    /// <summary>How many tokens the meter will be given.</summary>
    /// <remarks>Source: IEC 62055-41, key-change tokens; STS 402-1, TID roll-over.</remarks>
    public int TokenCount => IsNeeded ? (int)From.KeyChangeForm : 0;

    /// <summary>Plans the change of one meter to a revision of its vending key, and if wanted to another tariff.</summary>
    /// <param name="record">The meter now. Its own key may have expired: that is what key changes are for.</param>
    /// <param name="target">The wanted revision.</param>
    /// <param name="tariff">The wanted tariff index, or null to keep it.</param>
    /// <param name="wallClock">The system's wall clock.</param>
    /// <param name="moves">Which key types may follow which; null for the standard's.</param>
    /// <remarks>Source: IEC 62055-41, key-change tokens: no change to an expired key.</remarks>
    public static KeyChangePlan For(in MeterKeyRecord record, VendingKeyRevision target, TariffIndex? tariff, DateTime wallClock, KeyTypeMoves? moves = null)
    {
        DecoderKeyAttributes wanted = target.For(record.Key) with { TariffIndex = tariff ?? record.Key.TariffIndex };
        MeterKeyRecord after = record with { Key = wanted };
        if (wanted == record.Key) return new KeyChangePlan(record, after, IssueRefusal.None);

        IssueRefusal refusal = IssueChecks.Check(target, wallClock);
        if (refusal == IssueRefusal.None && !IsPossible(record.Key, wanted, moves ?? KeyTypeMoves.Standard)) refusal = IssueRefusal.KeyChangeNotPossible;
        return new KeyChangePlan(record, after, refusal);
    }

    /// <summary>The tokens in the order in which they are best entered.</summary>
    /// <param name="oldCipher">The cipher under the meter's present key.</param>
    /// <param name="newKey">The key that <see cref="To"/> describes.</param>
    /// <exception cref="InvalidOperationException">The plan is refused.</exception>
    /// <remarks>Source: IEC 62055-41:2018, Set1stSectionDecoderKey to Set4thSectionDecoderKey.</remarks>
    public IReadOnlyList<TokenNumber> MakeTokens(TokenCipher oldCipher, DecoderKey newKey)
    {
        if (Refusal != IssueRefusal.None) throw new InvalidOperationException($"The key change is refused: {Refusal}.");
        if (!IsNeeded) return [];
        KeyChangeSection[] sections = KeyChangeSet.Divide(newKey, To.Key, From.KeyChangeForm, IsRollOver);
        return [.. sections.Select(section => oldCipher.Seal(TokenClass.MeterSpecificManagement, section.Encode()))];
    }

    // A meter's base date only ever advances by one step, because a key-change token can only say that it does.
    private static bool IsPossible(in DecoderKeyAttributes from, in DecoderKeyAttributes to, KeyTypeMoves moves) =>
        from.Algorithm == to.Algorithm
        && moves.Allows(from.KeyType, to.KeyType)
        && (from.BaseDate == to.BaseDate || from.BaseDate.Next == to.BaseDate);
}
