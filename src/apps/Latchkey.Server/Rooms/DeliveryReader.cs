using Latchkey.HeadEnd;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Meters;
using Latchkey.Server.Api;
using Latchkey.Sts;

namespace Latchkey.Server.Rooms;

/// <summary>Deliveries of one meter, or the newest of the park.</summary>
internal sealed class DeliveryReader(HeadEndDesk headEnd) : IDeliveryView
{
    private const int MostMeters = 2_000;

    public ValueTask<IReadOnlyList<DeliveryLine>> ListAsync(string? pan, int limit, CancellationToken cancellationToken)
    {
        IEnumerable<Delivery> deliveries = pan is null
            ? headEnd.ListMeters(null, MostMeters).SelectMany(meter => headEnd.DeliveriesOf(meter.Pan, limit)).OrderByDescending(delivery => delivery.CreatedAt).Take(limit)
            : MeterPan.TryParse(pan, out MeterPan number) ? headEnd.DeliveriesOf(number, limit) : [];
        return ValueTask.FromResult<IReadOnlyList<DeliveryLine>>([.. deliveries.Select(Line)]);
    }

    private DeliveryLine Line(Delivery delivery) => new(
        delivery.Id.ToString("D"),
        delivery.Content is DeliveryContent.Credit ? delivery.Id : null,
        delivery.Pan.ToString(),
        CodeText.Of(delivery.Content.GetType().Name),
        CodeText.Of(delivery.State),
        (int)delivery.Proof,
        delivery.Exchanges,
        delivery.CreatedAt,
        delivery.State == DeliveryState.Proven ? delivery.ClosedAt : null,
        headEnd.FindMeter(delivery.Pan) is RegisteredMeter { LastChannel: { } channel } ? channel : null);
}
