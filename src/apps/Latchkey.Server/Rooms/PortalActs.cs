using Latchkey.Server.Portal.TopUps;
using Latchkey.Vending;

namespace Latchkey.Server.Rooms;

/// <summary>What two people do at one screen of the portal, each let in by a password of their own: asked by the one, approved by the other, done.</summary>
internal sealed class PortalActs(ActDesk acts)
{
    /// <summary>Null when done, otherwise the code of what is wrong.</summary>
    public async Task<string?> DoAsync(ApprovalEffect effect, string reason, string first, string second, CancellationToken cancellationToken)
    {
        ApprovalPerson asks = ApprovalPerson.AtPortal(first, isOperator: true), answers = ApprovalPerson.AtPortal(second, isOperator: true);
        return await acts.AskAndApproveAsync(TopUpIds.Next(), effect, reason, asks, answers, cancellationToken) is ApprovalOutcome.Refused refused ? refused.Code : null;
    }
}
