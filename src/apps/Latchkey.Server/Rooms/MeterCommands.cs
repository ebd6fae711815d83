using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.Server.Portal.Meters;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Server.Rooms;

/// <summary>Tokens that carry no energy, on the word of two people.</summary>
internal sealed class MeterCommands(IOrderDesk orders, HeadEndDesk headEnd, TimeProvider time) : IMeterCommands
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
        var request = new ManagementRequest(TopUpIds.Next(), number, ManagementSubClass.ClearTamperCondition, 0, Reason, requestedBy, approvedBy);
        switch (await orders.IssueManagementTokenAsync(request, cancellationToken))
        {
            case ManagementOutcome.Issued { Issue: { Token: { } token } issue }:
                var content = new DeliveryContent.Management(new DeliveryToken(token, issue.Tid.Minutes));
                return headEnd.Submit(new DeliveryRequest(request.Id, number, content), time.GetUtcNow()) is SubmitOutcome.Accepted ? null : Parks.ParkCodes.HeadEndRefused;
            case ManagementOutcome.Declined declined:
                return declined.Code;
            default:
                return VendingCodes.KeyNotActive;
        }
    }
}
