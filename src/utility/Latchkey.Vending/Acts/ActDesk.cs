using Latchkey.Sts;
using Latchkey.Vending.Apart;
using Latchkey.Vending.Makers;
using Latchkey.Vending.Settlements;
using Latchkey.Vending.Vendors;

namespace Latchkey.Vending;

/// <summary>
/// Everything that takes two people: asked for, approved, done. Refunds, money back, credit notes, money in suspense, makers' answers, limits and stops of
/// keys are done with the second person's word, as budgets are; tokens wait to be fetched.
/// </summary>
/// <param name="keys">The signer's keys where they are in this process; null where the signer has a process of its own, whose keeper then applies what was approved.</param>
public sealed class ActDesk(
    IVendingStore store, ApprovalDesk approvals, IssueDesk issues, RefundDesk refunds, MoneyBackDesk moneyBack, MakerDesk makers, VendorBank bank, SettlementDesk settlements,
    IOutsideSigner signer, KeyAdministration? keys, TimeProvider time)
{
    private const int MostResumed = 200;
    private static readonly TimeSpan ResumedFor = TimeSpan.FromDays(7);

    /// <summary>Asks for an approval of something that could be done now.</summary>
    public async Task<ApprovalOutcome> AskAsync(Guid id, ApprovalEffect effect, string reason, ApprovalPerson by, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        if (!ApprovalKinds.IsAct(effect.Kind))
        {
            return effect.Kind == ApprovalKind.Budget
                ? await approvals.AskAsync(id, effect, reason, by, lifetime, cancellationToken).ConfigureAwait(false)
                : await issues.AskAsync(id, effect, reason, by, lifetime, cancellationToken).ConfigureAwait(false);
        }

        if (approvals.Find(id) is null && await RefusalOfAsync(effect, cancellationToken).ConfigureAwait(false) is { } no) return new ApprovalOutcome.Refused(no.Code, no.Detail);
        return await approvals.AskAsync(id, effect, reason, by, lifetime, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Approves. What is no token is done at once; where that fails it stays approved and <see cref="DoAsync"/> tries again.</summary>
    public async Task<ApprovalOutcome> ApproveAsync(Guid id, ApprovalPerson by, CancellationToken cancellationToken)
    {
        ApprovalOutcome outcome = await issues.ApproveAsync(id, by, cancellationToken).ConfigureAwait(false);
        return outcome is ApprovalOutcome.Done { Approval: { State: ApprovalState.Given } given } && ApprovalKinds.IsAct(given.Effect.Kind)
            ? await DoAsync(id, cancellationToken).ConfigureAwait(false)
            : outcome;
    }

    /// <summary>Both steps at one place: two people who have each been let in by a door of their own.</summary>
    public async Task<ApprovalOutcome> AskAndApproveAsync(Guid id, ApprovalEffect effect, string reason, ApprovalPerson asks, ApprovalPerson answers, CancellationToken cancellationToken)
    {
        if (await AskAsync(id, effect, reason, asks, ApprovalDesk.UsualLifetime, cancellationToken).ConfigureAwait(false) is ApprovalOutcome.Refused unasked) return unasked;
        ApprovalOutcome outcome = await ApproveAsync(id, answers, cancellationToken).ConfigureAwait(false);

        // Nobody waits for another answer: a request that was not given does not stay open.
        if (outcome is ApprovalOutcome.Refused && approvals.Find(id) is { State: ApprovalState.Open }) await approvals.RefuseAsync(id, asks, cancellationToken).ConfigureAwait(false);
        return outcome;
    }

    /// <summary>Does what was approved under this id; once, however often it is asked.</summary>
    public async Task<ApprovalOutcome> DoAsync(Guid id, CancellationToken cancellationToken)
    {
        if (approvals.Find(id) is not { } approval) return No(VendingCodes.ApprovalUnknown, "There is no such request.");
        ApprovalOutcome outcome = approval.Effect.Kind switch
        {
            ApprovalKind.Refund => await refunds.GrantAsync(approval, cancellationToken).ConfigureAwait(false),
            ApprovalKind.CreditNote => await bank.CreditNoteAsync(approval, cancellationToken).ConfigureAwait(false),
            ApprovalKind.BankLine => await bank.AssignAsync(approval, cancellationToken).ConfigureAwait(false),
            ApprovalKind.Settlement => await settlements.ResolveAsync(approval, cancellationToken).ConfigureAwait(false),
            ApprovalKind.KeyLimit or ApprovalKind.KeyResume => await ChangeKeyAsync(approval, cancellationToken).ConfigureAwait(false),
            ApprovalKind.MoneyBack => await moneyBack.GrantAsync(approval, cancellationToken).ConfigureAwait(false),
            ApprovalKind.MakerAnswer => await makers.GrantAsync(approval, cancellationToken).ConfigureAwait(false),
            _ => No(VendingCodes.TokenKindNotOffered, "A token comes of it, or a budget; nothing is left to be done."),
        };
        return outcome is ApprovalOutcome.Done ? new ApprovalOutcome.Done(approvals.Find(id)!) : outcome;
    }

    /// <summary>
    /// Goes on with money that two people gave back: where the program ended in between, where the signer was away, and where it was given at the machine,
    /// which has no line to payment services.
    /// </summary>
    public async Task ResumeAsync(CancellationToken cancellationToken)
    {
        foreach (Approval given in approvals.List(ApprovalState.Given, MostResumed))
        {
            if (given.Effect.Kind == ApprovalKind.MoneyBack && given.StateAt(time.GetUtcNow()) == ApprovalState.Given) await DoAsync(given.Id, cancellationToken).ConfigureAwait(false);
        }

        foreach (Approval used in approvals.List(ApprovalState.Used, MostResumed))
        {
            if (used.Effect.Kind == ApprovalKind.MoneyBack && time.GetUtcNow() - used.UsedAt < ResumedFor) await moneyBack.SendAsync(used, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<ApprovalOutcome> ChangeKeyAsync(Approval approval, CancellationToken cancellationToken)
    {
        if (keys is not null && approval.State != ApprovalState.Used && await RefusalOfAsync(approval.Effect, cancellationToken).ConfigureAwait(false) is { } no) return No(no.Code, no.Detail);
        DateTimeOffset now = time.GetUtcNow();
        (string Code, string Detail)? refusal = await store.UpdateAsync(books => ActSteps.Use(books, approval, ActSteps.OfKey(approval), now), cancellationToken).ConfigureAwait(false);
        if (refusal is { } used) return No(used.Code, used.Detail);
        return keys is not null && await keys.ApplyAsync(approval.Id, approval.Effect, cancellationToken).ConfigureAwait(false) is { } code
            ? No(code, "The key was not changed: look at it and ask again.")
            : new ApprovalOutcome.Done(approval);
    }

    /// <summary>Why it could not be done as things stand; null where it could.</summary>
    private async Task<(string Code, string Detail)?> RefusalOfAsync(ApprovalEffect effect, CancellationToken cancellationToken) => effect.Kind switch
    {
        ApprovalKind.Refund => MeterPan.TryParse(effect.Subject, out MeterPan pan) && store.Read(books => books.FindMeter(pan)) is not null
            ? null
            : (VendingCodes.UnknownMeter, $"Meter {effect.Subject} is not known here."),
        ApprovalKind.CreditNote => bank.RefusalOfNote(effect),
        ApprovalKind.BankLine => bank.RefusalOfLine(effect),
        ApprovalKind.Settlement => settlements.RefusalOf(effect),
        ApprovalKind.MoneyBack => await moneyBack.RefusalOfAsync(effect, cancellationToken).ConfigureAwait(false),
        ApprovalKind.MakerAnswer => makers.RefusalOf(effect),
        _ => await KeyRefusalAsync(effect, cancellationToken).ConfigureAwait(false),
    };

    private async Task<(string Code, string Detail)?> KeyRefusalAsync(ApprovalEffect effect, CancellationToken cancellationToken)
    {
        if (await signer.KeysAsync(cancellationToken).ConfigureAwait(false) is not { } held) return (VendingCodes.SignerUnavailable, "The signer does not answer.");
        if (held.FirstOrDefault(k => k.KeyId == effect.Subject) is not { } key) return (VendingCodes.KeyMissing, $"There is no key {effect.Subject}.");
        return KeyAdministration.EffectNow(key, effect) == effect ? null : (VendingCodes.KeyChanged, "The key stands otherwise than when this was asked; ask again.");
    }

    private static ApprovalOutcome.Refused No(string code, string detail) => new(code, detail);
}
