using System.Diagnostics;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.HeadEnd.Deliveries;

/// <summary>The message that asks a meter for what a delivery wants.</summary>
internal static class DeliveryMessages
{
    public static MeterMessage For(Delivery delivery, int tokenIndex) => delivery.Content switch
    {
        DeliveryContent.Credit c => new MeterMessage.TokenPush(delivery.Sequence, c.Tokens[tokenIndex].ToBytes()),
        DeliveryContent.Management m => new MeterMessage.TokenPush(delivery.Sequence, m.Token.ToBytes()),
        DeliveryContent.KeyChange k => new MeterMessage.KeyChangeSetPush(delivery.Sequence, [.. k.Tokens.Select(t => t.ToBytes())]),
        DeliveryContent.Relay r => new MeterMessage.RelayCommand(
            delivery.Sequence, r.Position == RelayPosition.On ? RelayAction.Reconnect : RelayAction.Disconnect),
        DeliveryContent.Parameter p => new MeterMessage.ParameterSet(delivery.Sequence, p.Name, p.Value),
        DeliveryContent.ReadNow => new MeterMessage.ReadingRequest(delivery.Sequence),
        var other => throw new UnreachableException(other.GetType().Name),
    };
}
