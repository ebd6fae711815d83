namespace Latchkey.Sts;

/// <summary>Makes the tokens of a sale: tests first, then the key change that the meter needs, then credit under the new key.</summary>
/// <remarks>It keeps no state of its own: identifiers are the allocator's, keys the holder's, and the meter's record the caller's. Source: IEC 62055-41, POS application.</remarks>
public sealed class PointOfSale(IVendingKeys keys, ITokenIdentifierAllocator identifiers, StaTables? tables = null, KeyTypeMoves? moves = null)
{
    /// <summary>Sells credit in units.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A sub-class other than 0 to 3, or more than four random bits.</exception>
    /// <exception cref="InvalidOperationException">The holder has no vending key for a revision that was named.</exception>
    /// <remarks>Source: IEC 62055-41, POS application.</remarks>
    public SaleOutcome Sell(SaleRequest request)
    {
        if (request.Steps <= 0 || !TransferAmount.TryFromSteps(request.Steps, out TransferAmount amount)) return new SaleOutcome.Refused(IssueRefusal.AmountOutOfRange);
        KeyChangePlan plan = KeyChangePlan.For(request.Meter, request.Target, request.Tariff, request.WallClock, moves);
        if (plan.Refusal != IssueRefusal.None) return new SaleOutcome.Refused(plan.Refusal);
        IssueRefusal refusal = IssueChecks.Check(request.Target, request.WallClock);
        if (refusal == IssueRefusal.None && plan.To.Key.KeyType == KeyType.Default) refusal = IssueRefusal.DefaultKeyTakesNoCredit;
        if (refusal != IssueRefusal.None) return new SaleOutcome.Refused(refusal);

        // The identifier comes last among the tests, so that a refusal uses none up; a lead over the clock may still pass the key's end.
        refusal = IssueChecks.From(identifiers.Allocate(plan.To.Key.Pan, plan.To.Key.BaseDate, request.WallClock, out TokenIdentifier tid));
        if (refusal == IssueRefusal.None) refusal = IssueChecks.Check(plan.To.Key.KeyExpiry, tid);
        if (refusal != IssueRefusal.None) return new SaleOutcome.Refused(refusal);

        using DecoderKey newKey = Derive(plan.To.Key);
        using TokenCipher newCipher = TokenCipher.Create(plan.To.Key.Algorithm, newKey, tables);
        ulong block = CreditTokenCodec.Encode(new CreditToken(request.SubClass, request.Random, tid, amount));
        TokenNumber credit = newCipher.Seal(TokenClass.CreditTransfer, block);
        return new SaleOutcome.Issued(KeyChangeTokens(plan, newKey), credit, tid, request.Steps, amount.Steps, plan.To);
    }

    /// <summary>The tokens of a key change without credit, in order; empty where none is needed.</summary>
    /// <exception cref="InvalidOperationException">The plan is refused, or the holder has no vending key for one of its two keys.</exception>
    /// <remarks>Source: IEC 62055-41, key-change tokens.</remarks>
    public IReadOnlyList<TokenNumber> ChangeKey(KeyChangePlan plan)
    {
        if (plan.Refusal != IssueRefusal.None) throw new InvalidOperationException($"The key change is refused: {plan.Refusal}.");
        using DecoderKey newKey = Derive(plan.To.Key);
        return KeyChangeTokens(plan, newKey);
    }

    private IReadOnlyList<TokenNumber> KeyChangeTokens(KeyChangePlan plan, DecoderKey newKey)
    {
        if (!plan.IsNeeded) return [];
        using DecoderKey oldKey = Derive(plan.From.Key);
        using TokenCipher oldCipher = TokenCipher.Create(plan.From.Key.Algorithm, oldKey, tables);
        return plan.MakeTokens(oldCipher, newKey);
    }

    private DecoderKey Derive(in DecoderKeyAttributes attributes)
    {
        var key = new DecoderKey();
        if (keys.TryDerive(attributes, key)) return key;
        key.Dispose();
        throw new InvalidOperationException($"No vending key is held for group {attributes.SupplyGroup}, revision {attributes.KeyRevision}.");
    }
}
