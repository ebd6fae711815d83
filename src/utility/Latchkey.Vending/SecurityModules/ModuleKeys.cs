namespace Latchkey.Vending.SecurityModules;

/// <summary>Enters keys that lie in a security module into the signer's books: terms, counters and a limit of the signer's own beside the module's.</summary>
public sealed class ModuleKeys(ISecurityModule module, ISignerStore store, IJournalMac mac)
{
    /// <summary>Takes in every key of the module that the books do not know. One that they know under another check value is refused.</summary>
    /// <param name="creditLimit">Minor units that may be signed with each in all, until two people raise it.</param>
    /// <returns>Null when done, otherwise the code of what is wrong.</returns>
    public async Task<string?> EnterAsync(long creditLimit, TwoPeople approval, CancellationToken cancellationToken)
    {
        if (!approval.AreTwo) return VendingCodes.ApproversMissing;
        if (creditLimit < 0) return VendingCodes.KeyDamaged;
        ModuleAnswer<IReadOnlyList<ModuleKey>> answer = await module.KeysAsync(cancellationToken).ConfigureAwait(false);
        if (!answer.IsDone) return ModuleAnswer.CodeOf(answer.Result);
        return await store.UpdateAsync(books => Enter(books, answer.Value!, creditLimit), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Every key of the books beside what the module says of it.</summary>
    /// <remarks>
    /// A module counts what it made and nobody got, so a little more than the journal is an answer that was lost; much more is somebody who uses the module
    /// past this program. Its units are its own, which is why people compare them and not this program.
    /// </remarks>
    public async Task<ModuleAnswer<IReadOnlyList<ModuleKeyCheck>>> CompareAsync(CancellationToken cancellationToken)
    {
        ModuleAnswer<IReadOnlyList<ModuleKey>> answer = await module.KeysAsync(cancellationToken).ConfigureAwait(false);
        if (!answer.IsDone) return ModuleAnswer.No<IReadOnlyList<ModuleKeyCheck>>(answer.Result);
        IReadOnlyList<SigningKeyRecord> known = store.Read(books => books.Keys);
        return ModuleAnswer.Done<IReadOnlyList<ModuleKeyCheck>>(
            [.. known.Select(key => new ModuleKeyCheck(key, answer.Value!.FirstOrDefault(k => k.Terms.KeyId == key.KeyId && k.CheckValue == key.CheckValue)))]);
    }

    private string? Enter(ISignerBooks books, IReadOnlyList<ModuleKey> keys, long creditLimit)
    {
        foreach (ModuleKey key in keys)
        {
            if (books.FindKey(key.Terms.KeyId) is { } there && there.CheckValue != key.CheckValue) return VendingCodes.SignedOtherwise;
        }

        foreach (ModuleKey key in keys.Where(k => books.FindKey(k.Terms.KeyId) is null))
            books.Save(SignerSeal.Seal(mac, new SigningKeyRecord(key.Terms, key.CheckValue, ReadOnlyMemory<byte>.Empty, creditLimit, default, null, default)));
        return null;
    }
}

/// <summary>A key as the signer's books have it and as the module has it; null where the module has it no more.</summary>
public sealed record ModuleKeyCheck(SigningKeyRecord Booked, ModuleKey? InModule);
