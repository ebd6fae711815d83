using Latchkey.Ledger;
using Latchkey.Sts;

namespace Latchkey.Vending.SecurityModules;

/// <summary>
/// The signer over an STS security module. The module makes the tokens; that there is a committed entry for each, that it is made for one order and
/// counted once, is held here, by the same journal as for keys in software.
/// </summary>
/// <remarks>
/// An order is judged before the module is asked, so that what is refused costs nothing of the module's limit. What the module answers is counted
/// before anybody sees it. An answer that does not come leaves the order as it is: asked again, the module makes the same token.
/// </remarks>
/// <param name="mac">Seals journal and key records; its key is not in the database.</param>
public sealed class SecurityModuleSigner(ISecurityModule module, ISignerStore store, IJournalMac mac, ILedgerReader ledger, TimeProvider time)
    : ITokenSigner, IKeyChangeSigner, IDisposable
{
    private const int Tries = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private readonly SignerJournal _journal = new(store, mac, time);
    private readonly SemaphoreSlim _line = new(1, 1);

    public bool IsDevelopment => module.Identity.IsDevelopment;

    public void Dispose() => _line.Dispose();

    public async Task<SignOutcome> SignAsync(VendOrder order, HeldEntry held, CancellationToken cancellationToken) =>
        (await SignAsync([(order, held)], cancellationToken).ConfigureAwait(false))[0];

    public async Task<IReadOnlyList<SignOutcome>> SignAsync(IReadOnlyList<(VendOrder Order, HeldEntry Held)> orders, CancellationToken cancellationToken)
    {
        IReadOnlyList<(RecordedEntry? Entry, EntryKind? End)> entries = ledger.FindWithEnd([.. orders.Select(o => o.Held.EntryId)]);
        var wishes = new TokenWish<CreditToken>[orders.Count];
        string?[] refusals = [.. orders.Select((o, i) => TokenWish.Of(o.Order, o.Held, entries[i].Entry, entries[i].End, out wishes[i]))];
        Foresee(refusals, wishes);
        var tokens = new PreparedToken[orders.Count];
        bool isSilent = false;
        for (int i = 0; i < tokens.Length; i++)
        {
            // One time-out is enough for a batch: the others would wait for theirs one after the other.
            if ((refusals[i] ?? (isSilent ? VendingCodes.SignerUnavailable : null)) is { } code)
            {
                tokens[i] = PreparedToken.No(code);
                continue;
            }

            var request = new ModuleCreditRequest(wishes[i].Meter, wishes[i].Content);
            ModuleAnswer<TokenNumber> answer = await AskAsync(c => module.MakeCreditTokenAsync(request, c), cancellationToken).ConfigureAwait(false);
            isSilent = answer.Result == ModuleResult.NoAnswer;
            tokens[i] = Prepared(wishes[i].Line, answer, TokenClass.CreditTransfer);
        }

        return await _journal.CountAsync(tokens, cancellationToken).ConfigureAwait(false);
    }

    public async Task<SignOutcome> SignAsync(ManagementIssue issue, HeldEntry posted, CancellationToken cancellationToken)
    {
        string? code = TokenWish.Of(ledger, issue, posted, out TokenWish<ManagementToken> wish) ?? _journal.Foresee([wish.Line])[0];
        if (code is not null) return new SignOutcome.Refused(code);
        var request = new ModuleManagementRequest(wish.Meter, wish.Content);
        ModuleAnswer<TokenNumber> answer = await AskAsync(c => module.MakeManagementTokenAsync(request, c), cancellationToken).ConfigureAwait(false);
        return (await _journal.CountAsync([Prepared(wish.Line, answer, TokenClass.MeterSpecificManagement)], cancellationToken).ConfigureAwait(false))[0];
    }

    public async Task<KeyChangeSigned> SignAsync(KeyChange change, HeldEntry posted, CancellationToken cancellationToken)
    {
        string? code = TokenWish.Of(ledger, change, posted, out SignatureRecord? line)
            ?? (store.FindKey(SigningKeyTerms.KeyIdOf(change.From)) is null ? VendingCodes.KeyMissing : null)
            ?? _journal.Foresee([line!])[0];
        if (code is not null) return new KeyChangeSigned(code, []);
        var request = new ModuleKeyChangeRequest(change.From, change.To, new MeterKeyRecord(change.From, change.TakesThirdToken).KeyChangeForm);
        ModuleAnswer<IReadOnlyList<TokenNumber>> answer = await AskAsync(c => module.MakeKeyChangeTokensAsync(request, c), cancellationToken).ConfigureAwait(false);
        if (!answer.IsDone) return new KeyChangeSigned(ModuleAnswer.CodeOf(answer.Result), []);
        bool isSet = answer.Value!.Count == change.TokenCount && answer.Value.All(t => t.Class == TokenClass.MeterSpecificManagement);
        if (!isSet) return new KeyChangeSigned(VendingCodes.ModuleRefused, []);
        string? refusal = await _journal.CountSetAsync(line! with { TokenHash = TokenWish.HashOf(answer.Value) }, cancellationToken).ConfigureAwait(false);
        return refusal is null ? new KeyChangeSigned(null, answer.Value) : new KeyChangeSigned(refusal, []);
    }

    public Task<NoTokenPromise> CancelAsync(Guid orderId, Guid entryId, CancellationToken cancellationToken) => _journal.CancelAsync(orderId, entryId, cancellationToken);

    public Task StopAsync(string keyId, string reason, CancellationToken cancellationToken) => _journal.StopAsync(keyId, reason, cancellationToken);

    /// <summary>All wishes of a batch against the same counters, so that together they stay within the limit.</summary>
    private void Foresee(string?[] refusals, TokenWish<CreditToken>[] wishes)
    {
        int[] open = [.. Enumerable.Range(0, refusals.Length).Where(i => refusals[i] is null)];
        if (open.Length == 0) return;
        string?[] said = _journal.Foresee([.. open.Select(i => wishes[i].Line)]);
        for (int i = 0; i < open.Length; i++) refusals[open[i]] = said[i];
    }

    /// <summary>A busy module has done nothing and is asked again a few times; one that did not answer is left for the order's next turn.</summary>
    private async Task<ModuleAnswer<T>> AskAsync<T>(Func<CancellationToken, Task<ModuleAnswer<T>>> request, CancellationToken cancellationToken)
    {
        await _line.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ModuleAnswer<T> answer = await request(cancellationToken).ConfigureAwait(false);
            for (int n = 1; n < Tries && answer.Result == ModuleResult.Busy; n++)
            {
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
                answer = await request(cancellationToken).ConfigureAwait(false);
            }

            return answer;
        }
        finally
        {
            _line.Release();
        }
    }

    private static PreparedToken Prepared(SignatureRecord line, ModuleAnswer<TokenNumber> answer, TokenClass expected)
    {
        if (!answer.IsDone) return PreparedToken.No(ModuleAnswer.CodeOf(answer.Result));
        return answer.Value.Class == expected
            ? new PreparedToken(null, answer.Value, line with { TokenHash = TokenWish.HashOf(answer.Value) })
            : PreparedToken.No(VendingCodes.ModuleRefused);
    }
}
