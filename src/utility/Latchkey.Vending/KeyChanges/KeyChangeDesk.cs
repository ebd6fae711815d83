using Latchkey.Ledger;
using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>Plans a meter's change of keys, issues the tokens, and knows when it is done.</summary>
/// <remarks>From the moment the set is issued everything is sold under the new key, and the set goes with every purchase until the meter has proven that it has it: a set that was lost on the way is no dark home.</remarks>
public sealed class KeyChangeDesk(IKeyChangeStore store, IVendingStore orders, IKeyChangeSigner signer, VendingOptions options, TimeProvider time)
{
    private const int OrdersLookedThrough = 20;
    private static readonly AccountId Issued = AccountId.Require("tokens:management");

    public KeyChange? Find(MeterPan pan) => store.Find(pan);

    /// <summary>Plans it. Null when it is planned, or already was; otherwise the code of what stands against it.</summary>
    public Task<string?> PlanAsync(MeterPan pan, VendingKeyRevision target, TariffIndex? tariff, KeyChangePolicy policy, bool takesThirdToken, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        return store.UpdateAsync<string?>(
            (books, changes) =>
            {
                if (books.FindMeter(pan) is not { } meter) return VendingCodes.UnknownMeter;
                if (options.Makers.CodeOf(meter.Make) is not null) return VendingCodes.MadeByMaker;
                if (changes.Find(pan) is { State: not KeyChangeState.Done } open) return open.Policy == policy ? null : VendingCodes.KeyChangeOpen;
                var plan = KeyChangePlan.For(new MeterKeyRecord(meter.Key, takesThirdToken), target, tariff, options.WallClock(now));
                if (plan.Refusal != IssueRefusal.None || !plan.IsNeeded) return VendingCodes.KeyChangeImpossible;
                Guid id = DerivedId.Of(new Guid(PlaceOf(meter.Key)), "to " + Convert.ToHexString(PlaceOf(plan.To.Key))[..24]);
                changes.Save(new KeyChange(id, meter.Key, plan.To.Key, takesThirdToken, policy, KeyChangeState.Planned, now, null, []), options.Day(now));
                return null;
            },
            cancellationToken);
    }

    /// <summary>The tokens of a meter's planned change. Asked again it gives the same ones.</summary>
    public async Task<KeyChangeOutcome> IssueAsync(MeterPan pan, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        (KeyChange? change, string? code, RecordedEntry? entry) = await store.UpdateAsync((books, changes) => Prepare(books, changes, pan, now), cancellationToken).ConfigureAwait(false);
        if (change is null) return new KeyChangeOutcome.Declined(code!, "No change of keys can be issued for this meter now.");
        if (change.Tokens.Count > 0) return new KeyChangeOutcome.Issued(change);
        KeyChangeSigned signed = await signer.SignAsync(change, new HeldEntry(entry!.Entry.Id, entry.Hash), cancellationToken).ConfigureAwait(false);
        if (signed.Refusal is { } refusal) return new KeyChangeOutcome.Declined(refusal, "The signer refuses.");
        KeyChange made = change with { Tokens = signed.Tokens };
        await store.UpdateAsync(
            (_, changes) =>
            {
                changes.Save(made, options.Day(now));
                return true;
            },
            cancellationToken).ConfigureAwait(false);
        return new KeyChangeOutcome.Issued(made);
    }

    /// <summary>What goes with a purchase: the set of a change that is open, made now where its time has come; null where there is none.</summary>
    public async Task<KeyChange?> ForPurchaseAsync(MeterPan pan, CancellationToken cancellationToken) =>
        OpenFor(pan) is not null && await IssueAsync(pan, cancellationToken).ConfigureAwait(false) is KeyChangeOutcome.Issued made ? made.Change : null;

    /// <summary>The change that would go with a purchase now; its tokens need not be made yet.</summary>
    public KeyChange? OpenFor(MeterPan pan) => store.Find(pan) is { } change && GoesWithPurchase(change) ? change : null;

    /// <summary>Whether this change goes with a purchase: its time has come, and the meter has not shown that it has the key.</summary>
    internal bool GoesWithPurchase(KeyChange? change) => change switch
    {
        null or { State: KeyChangeState.Done } or { State: KeyChangeState.Planned, Policy: KeyChangePolicy.OnRequest } => false,
        { State: KeyChangeState.Issued } => !IsProven(change),
        _ => true,
    };

    /// <summary>The meter has the new key. False where no issued change waits for that.</summary>
    public Task<bool> MarkDoneAsync(MeterPan pan, CancellationToken cancellationToken) => store.UpdateAsync(
        (_, changes) =>
        {
            if (changes.Find(pan) is not { State: KeyChangeState.Issued } change) return false;
            changes.Save(change with { State = KeyChangeState.Done }, options.Day(time.GetUtcNow()));
            return true;
        },
        cancellationToken);

    /// <summary>Ends an issued change whose meter has shown that it has the new key. False where there is none, or it has not.</summary>
    public async Task<bool> SettleAsync(MeterPan pan, CancellationToken cancellationToken) =>
        store.Find(pan) is { State: KeyChangeState.Issued } change && IsProven(change) && await MarkDoneAsync(pan, cancellationToken).ConfigureAwait(false);

    /// <summary>The meter has taken a token that was sold under the new key.</summary>
    private bool IsProven(KeyChange change) =>
        orders.OrdersOf(change.Pan, OrdersLookedThrough).Any(o => o.State == OrderState.Credited && o.Terms is { } terms && terms.Key == change.To);

    private (KeyChange? Change, string? Code, RecordedEntry? Entry) Prepare(IVendingBooks books, IKeyChangeBooks changes, MeterPan pan, DateTimeOffset now)
    {
        if (changes.Find(pan) is not { State: not KeyChangeState.Done } change) return (null, VendingCodes.NoKeyChange, null);
        if (change.State == KeyChangeState.Issued) return (change, null, books.FindEntry(change.EntryId));
        if (books.FindMeter(pan) is not { } meter || meter.Key != change.From) return (null, VendingCodes.NoKeyChange, null);
        if (options.Makers.CodeOf(meter.Make) is not null) return (null, VendingCodes.MadeByMaker, null);

        // The minute of the set is taken from the new key's row: what is sold after it has a later one.
        TokenIdentifier? last = books.LastTid(pan, change.To.BaseDate);
        if (TidSequence.Next(options.WallClock(now), change.To, last, options.TidLeadMinutes, out TokenIdentifier tid) is { } code) return (null, code, null);
        KeyChange issued = change with { State = KeyChangeState.Issued, At = now, Tid = tid };
        Post(books, issued, now);
        books.SetLastTid(pan, change.To.BaseDate, tid);
        changes.MoveMeter(meter, change.To);
        changes.Save(issued, options.Day(now));
        return (issued, null, books.FindEntry(issued.EntryId));
    }

    private static void Post(IVendingBooks books, KeyChange change, DateTimeOffset now)
    {
        AccountId meter = ManagementSteps.IssuedTo(change.Pan);
        books.Open(new LedgerAccount(Issued, LedgerUnit.Token, AccountClass.Memorandum));
        books.Open(new LedgerAccount(meter, LedgerUnit.Token, AccountClass.Memorandum));
        PostResult result = books.Post(JournalEntry.Post(
            change.EntryId, now, MemoOf(change), Posting.Debit(meter, LedgerUnit.Token, change.TokenCount), Posting.Credit(Issued, LedgerUnit.Token, change.TokenCount)));
        if (result is not (PostResult.Posted or PostResult.AlreadyPosted)) throw new InvalidOperationException($"The books refuse key change {change.Id}: {result}.");
    }

    internal static string MemoOf(KeyChange change) => "management " + change.Id.ToString("D");

    internal static Posting LegOf(KeyChange change) => Posting.Debit(ManagementSteps.IssuedTo(change.Pan), LedgerUnit.Token, change.TokenCount);

    /// <summary>Sixteen bytes that name a key: the id of a change follows from both ends of it.</summary>
    private static byte[] PlaceOf(in DecoderKeyAttributes key) =>
        System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes($"{key.Pan} {SigningKeyTerms.KeyIdOf(key)} {key.TariffIndex} {key.KeyExpiry.Value}"))[..16];
}
