using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.Server.Portal.Meters;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Server.Rooms;

/// <summary>Tokens that carry no energy, on the word of two people.</summary>
internal sealed class MeterCommands(ApprovalDesk approvals, IssueDesk issues, HeadEndDesk headEnd, TimeProvider time) : IMeterCommands
{
    private const string Reason = "clear tamper ordered at the portal";

    public ValueTask<string?> ReadNowAsync(string pan, CancellationToken cancellationToken)
    {
        if (!MeterPan.TryParse(pan, out MeterPan number)) return ValueTask.FromResult<string?>(VendingCodes.PanCheckDigit);
        SubmitOutcome outcome = headEnd.Submit(new DeliveryRequest(TopUpIds.Next(), number, new DeliveryContent.ReadNow()), time.GetUtcNow());
        return ValueTask.FromResult(outcome is SubmitOutcome.Accepted ? null : Parks.ParkCodes.HeadEndRefused);
    }

    public async ValueTask<string?> ClearTamperAsync(string pan, string requestedBy, string approvedBy, CancellationToken cancellationToken)
    {
        if (!MeterPan.TryParse(pan, out MeterPan number)) return VendingCodes.PanCheckDigit;
        Guid id = TopUpIds.Next();
        ApprovalPerson asks = ApprovalPerson.AtPortal(requestedBy, isOperator: true), answers = ApprovalPerson.AtPortal(approvedBy, isOperator: true);
        ApprovalEffect effect = IssueEffects.Management(ApprovalKind.ClearTamper, number, 0, out _)!;
        if (await issues.AskAsync(id, effect, Reason, asks, ApprovalDesk.UsualLifetime, cancellationToken) is ApprovalOutcome.Refused unasked) return unasked.Code;
        if (await approvals.GiveAsync(id, answers, cancellationToken) is ApprovalOutcome.Refused refused)
        {
            // Nobody waits for an answer any more: the request does not stay open behind the dialog.
            await approvals.RefuseAsync(id, asks, cancellationToken);
            return refused.Code;
        }

        return await issues.IssueAsync(id, cancellationToken) switch
        {
            IssueOutcome.Issued issued => Deliver(headEnd, issued, number, time.GetUtcNow()),
            IssueOutcome.Declined declined => declined.Code,
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    /// <summary>Sends a token that was approved to its meter; null when the head-end has it.</summary>
    internal static string? Deliver(HeadEndDesk headEnd, IssueOutcome.Issued issued, MeterPan number, DateTimeOffset now) =>
        issued.Tid is { } tid && headEnd.Submit(
            new DeliveryRequest(issued.Approval.Id, number, new DeliveryContent.Management(new DeliveryToken(issued.Token, tid.Minutes))), now) is SubmitOutcome.Accepted
            ? null
            : Parks.ParkCodes.HeadEndRefused;
}
