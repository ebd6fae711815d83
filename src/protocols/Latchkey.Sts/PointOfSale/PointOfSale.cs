using System.Numerics;

namespace Latchkey.Sts;

/// <summary>Makes tokens as a point of sale must: tests first, then the key change that the meter needs, then the token under the new key.</summary>
/// <remarks>It keeps no state of its own: identifiers are the allocator's, keys the holder's, and the meter's record the caller's. Source: IEC 62055-41, POS application.</remarks>
public sealed class PointOfSale(IVendingKeys keys, ITokenIdentifierAllocator identifiers, StaTables? tables = null, KeyTypeMoves? moves = null)
{
    /// <summary>Sells credit in units.</summary>
    /// <param name="request">Whom for, and when.</param>
    /// <param name="subClass">Electricity, water, gas or time in units.</param>
    /// <param name="steps">The amount in steps of 0.1 kWh, 0.1 m³ or 0.1 minute; more than 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A sub-class other than 0 to 3, or more than four random bits.</exception>
    /// <exception cref="InvalidOperationException">The holder has no vending key for a revision that was named.</exception>
    /// <remarks>Source: IEC 62055-41, POS application; TransferCredit, sub-classes 0 to 3.</remarks>
    public SaleOutcome Sell(SaleRequest request, CreditSubClass subClass, long steps)
    {
        if (steps <= 0 || !TransferAmount.TryFromSteps(steps, out TransferAmount amount)) return new SaleOutcome.Refused(IssueRefusal.AmountOutOfRange);
        return Issue(request, TokenClass.CreditTransfer, steps, amount.Steps, tid => CreditTokenCodec.Encode(new CreditToken(subClass, request.Random, tid, amount)));
    }

    /// <summary>Sells credit in money, or with a negative amount takes it back.</summary>
    /// <param name="request">Whom for, and when.</param>
    /// <param name="subClass">Electricity, water, gas or time in currency.</param>
    /// <param name="steps">The amount in steps of 10⁻⁵ of the base currency; not 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A sub-class other than 4 to 7.</exception>
    /// <exception cref="InvalidOperationException">The holder has no vending key for a revision that was named.</exception>
    /// <remarks>Source: IEC 62055-41:2018, POS application; TransferCredit, sub-classes 4 to 7.</remarks>
    public SaleOutcome SellCurrency(SaleRequest request, CreditSubClass subClass, BigInteger steps)
    {
        if (steps.IsZero || !CurrencyAmount.TryFromSteps(steps, out CurrencyAmount amount)) return new SaleOutcome.Refused(IssueRefusal.AmountOutOfRange);
        return Issue(request, TokenClass.CreditTransfer, steps, amount.Steps, tid => CreditTokenCodec.Encode(new CurrencyCreditToken(subClass, tid, amount)));
    }

    /// <summary>Makes a management token: limits, clearing, tamper.</summary>
    /// <param name="request">Whom for, and when.</param>
    /// <param name="subClass">A sub-class that carries an identifier.</param>
    /// <param name="value">The 16-bit value, see <see cref="ManagementSubClass"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A sub-class of another layout, or more than four random bits.</exception>
    /// <exception cref="InvalidOperationException">The holder has no vending key for a revision that was named.</exception>
    /// <remarks>Source: IEC 62055-41, POS application; class 2.</remarks>
    public SaleOutcome Manage(SaleRequest request, ManagementSubClass subClass, ushort value) =>
        Issue(request, TokenClass.MeterSpecificManagement, value, value, tid => ManagementTokenCodec.Encode(new ManagementToken(subClass, request.Random, tid, value)));

    /// <summary>The tokens of a key change without credit, in order; empty where none is needed.</summary>
    /// <exception cref="InvalidOperationException">The plan is refused, or the holder has no vending key for one of its two keys.</exception>
    /// <remarks>Source: IEC 62055-41, key-change tokens.</remarks>
    public IReadOnlyList<TokenNumber> ChangeKey(KeyChangePlan plan)
    {
        if (plan.Refusal != IssueRefusal.None) throw new InvalidOperationException($"The key change is refused: {plan.Refusal}.");
        using DecoderKey newKey = Derive(plan.To.Key);
        return KeyChangeTokens(plan, newKey);
    }

    private SaleOutcome Issue(SaleRequest request, TokenClass tokenClass, BigInteger asked, BigInteger granted, Func<TokenIdentifier, ulong> block)
    {
        KeyChangePlan plan = KeyChangePlan.For(request.Meter, request.Target, request.Tariff, request.WallClock, moves);
        IssueRefusal refusal = plan.Refusal;
        if (refusal == IssueRefusal.None) refusal = IssueChecks.Check(request.Target, request.WallClock);
        bool isCreditUnderDefault = tokenClass == TokenClass.CreditTransfer && plan.To.Key.KeyType == KeyType.Default;
        if (refusal == IssueRefusal.None && isCreditUnderDefault) refusal = IssueRefusal.DefaultKeyTakesNoCredit;
        if (refusal != IssueRefusal.None) return new SaleOutcome.Refused(refusal);

        // The identifier comes last among the tests, so that a refusal uses none up; a lead over the clock may still pass the key's end.
        refusal = IssueChecks.From(identifiers.Allocate(plan.To.Key.Pan, plan.To.Key.BaseDate, request.WallClock, out TokenIdentifier tid));
        if (refusal == IssueRefusal.None) refusal = IssueChecks.Check(plan.To.Key.KeyExpiry, tid);
        if (refusal != IssueRefusal.None) return new SaleOutcome.Refused(refusal);

        using DecoderKey newKey = Derive(plan.To.Key);
        using TokenCipher newCipher = TokenCipher.Create(plan.To.Key.Algorithm, newKey, tables);
        TokenNumber token = newCipher.Seal(tokenClass, block(tid));
        return new SaleOutcome.Issued(KeyChangeTokens(plan, newKey), token, tid, asked, granted, plan.To);
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
