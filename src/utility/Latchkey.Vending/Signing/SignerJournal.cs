namespace Latchkey.Vending;

/// <summary>The signer's own journal and counters, the same for every way of making tokens: nothing leaves the signer that is not a line here.</summary>
internal sealed class SignerJournal(ISignerStore store, IJournalMac mac, TimeProvider time)
{
    /// <summary>Counts those tokens that may be counted, all in one commit, and lets them out.</summary>
    public async Task<IReadOnlyList<SignOutcome>> CountAsync(PreparedToken[] tokens, CancellationToken cancellationToken)
    {
        string?[] refusals = Array.ConvertAll(tokens, t => t.Refusal);
        if (Array.IndexOf(refusals, null) >= 0)
        {
            refusals = await store.UpdateAsync(
                books =>
                {
                    var counting = new KeyCounting(books, mac, time.GetUtcNow());
                    string?[] said = Array.ConvertAll(tokens, t => t.Refusal ?? Admit(books, t.Line!, counting));
                    counting.Save();
                    return said;
                },
                cancellationToken).ConfigureAwait(false);
        }

        return [.. tokens.Select<PreparedToken, SignOutcome>((t, i) => refusals[i] is { } code ? new SignOutcome.Refused(code) : new SignOutcome.Signed(t.Token))];
    }

    /// <summary>Counts a set of key-change tokens; null when it may leave. The set counts as one, on the new key: that is the one it brings into the world.</summary>
    public Task<string?> CountSetAsync(SignatureRecord line, CancellationToken cancellationToken) => store.UpdateAsync(
        books =>
        {
            var counting = new KeyCounting(books, mac, time.GetUtcNow());
            string? said = Admit(books, line, counting);
            counting.Save();
            return said;
        },
        cancellationToken);

    /// <summary>What would be said of a token now, and nothing kept: for whoever must not ask a module for one in vain.</summary>
    public string?[] Foresee(IReadOnlyList<SignatureRecord> wanted) => store.Read(books =>
    {
        var counting = new KeyCounting(books, mac, time.GetUtcNow());
        return wanted.Select(line => Judge(books, line, counting, out _, compareToken: false)).ToArray();
    });

    public Task<NoTokenPromise> CancelAsync(Guid orderId, Guid entryId, CancellationToken cancellationToken) => store.UpdateAsync(
        books =>
        {
            if (books.FindSigned(orderId) is not null) return NoTokenPromise.HasToken;
            if (books.IsCancelled(entryId)) return NoTokenPromise.Given;
            Append(books, new SignatureRecord(
                0, orderId, SignatureKind.Cancelled, string.Empty, default, 0, default, 0, 0, entryId, new byte[SignatureRecord.HashLength], default));
            return NoTokenPromise.Given;
        },
        cancellationToken);

    public Task StopAsync(string keyId, string reason, CancellationToken cancellationToken) => store.UpdateAsync(
        books =>
        {
            if (books.FindKey(keyId) is not { } key) return true;
            SigningKeyRecord stopped = key with { StoppedReason = reason };

            // A record that somebody edited is not made good by sealing it anew: it stays damaged, which signs nothing either.
            books.Save(SignerSeal.IsIntact(mac, key) ? SignerSeal.Seal(mac, stopped) : stopped);
            return true;
        },
        cancellationToken);

    /// <summary>Counts the token, unless it was counted before; or says why it may not be.</summary>
    private string? Admit(ISignerBooks books, SignatureRecord wanted, KeyCounting counting)
    {
        string? refusal = Judge(books, wanted, counting, out bool isNew, compareToken: true);
        if (refusal is null && isNew) Append(books, wanted);
        return refusal;
    }

    private static string? Judge(ISignerBooks books, SignatureRecord wanted, KeyCounting counting, out bool isNew, bool compareToken)
    {
        isNew = false;
        SignerView view = books.Look(wanted);
        if (view.Signed is { } earlier)
            return earlier.HasSameContentAs(compareToken ? wanted : wanted with { TokenHash = earlier.TokenHash }) ? null : VendingCodes.SignedOtherwise;
        if (view.IsCancelled) return VendingCodes.OrderCancelled;

        // Two orders with one identifier would be one token for the meter: whoever comes second gets none.
        if (view.TidIsTaken) return VendingCodes.SignedOtherwise;
        isNew = true;
        return counting.Count(wanted);
    }

    private void Append(ISignerBooks books, SignatureRecord line)
    {
        SignatureRecord? last = books.Last;
        SignatureRecord numbered = line with { Number = (last?.Number ?? 0) + 1 };
        ReadOnlyMemory<byte> before = last?.Mac ?? default;
        books.Append(numbered with { Mac = mac.Mac(before.Span, numbered.CanonicalBytes()) });
    }
}
