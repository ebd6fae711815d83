using Latchkey.Vending;

namespace Latchkey.Server.Platform;

/// <summary>What the demo park and the seeds do on the word of their two made-up founders: opening floats, refunds.</summary>
internal static class FoundingActs
{
    private const int Attempts = 3;

    /// <summary>Does it once, whatever was left of an earlier start.</summary>
    /// <param name="idOf">Names the requests, the same at every start.</param>
    public static async Task DoAsync(
        ActDesk acts, TwoPeople founders, Func<string, Guid> idOf, ApprovalEffect effect, string reason, CancellationToken cancellationToken)
    {
        ApprovalPerson first = ApprovalPerson.AtMachine(founders.First, founders.First), second = ApprovalPerson.AtMachine(founders.Second, founders.Second);
        ApprovalOutcome? outcome = null;

        // A program that ended between asking and giving leaves a request that expires: the next start asks anew.
        for (int attempt = 1; attempt <= Attempts && outcome is not ApprovalOutcome.Done; attempt++)
        {
            Guid id = idOf($"founding {ApprovalKinds.WordOf(effect.Kind)} {effect.Subject} {effect.Detail} {attempt}");
            await acts.AskAsync(id, effect, reason, first, ApprovalDesk.LongestLifetime, cancellationToken).ConfigureAwait(false);
            await acts.ApproveAsync(id, second, cancellationToken).ConfigureAwait(false);
            outcome = await acts.DoAsync(id, cancellationToken).ConfigureAwait(false);
        }

        if (outcome is not ApprovalOutcome.Done) throw new InvalidOperationException($"The founding {effect.Kind} for {effect.Subject} was not taken: {outcome}");
    }
}
