using Latchkey.Emulators.WeChat;
using Latchkey.Meter;
using Latchkey.Parks.TopUps;
using Latchkey.Payments.Intents;
using Latchkey.Payments.WeChatPay;
using Latchkey.Quantities;
using Latchkey.Simulator;
using Latchkey.Simulator.Physics;

namespace Latchkey.Server.Demo.Story;

/// <summary>What the steps of a story do again and again: let time pass, buy, type, look.</summary>
internal sealed class StoryStage(DemoWorld world, DemoRoomPlan room, DemoRoomPlan neighbour)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);
    private int _purchases;

    public DemoWorld World => world;

    public DemoRoomPlan Room => room;

    public DemoRoomPlan Neighbour => neighbour;

    public FieldMeter Meter => world.Meter(room);

    public DateTimeOffset Now => world.Clock.GetUtcNow();

    public MeterSnapshot Snapshot => Meter.Use(m => m.Snapshot);

    /// <summary>The tenant's phone, oldest message first.</summary>
    public IReadOnlyList<ReceivedMessage> Phone => [.. world.Services.WeChat.Received.Where(m => m.To == room.OpenId)];

    public static void Require(bool condition, string otherwise)
    {
        if (!condition) throw new StoryFailedException(otherwise);
    }

    /// <summary>Lets time pass in steps until something is so.</summary>
    public async Task UntilAsync(Func<bool> isSo, TimeSpan step, TimeSpan limit, string what, CancellationToken cancellationToken)
    {
        DateTimeOffset end = Now + limit;
        while (!isSo())
        {
            Require(Now < end, $"{what} did not happen within {limit}");
            await PassAsync(step, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task PassAsync(TimeSpan step, CancellationToken cancellationToken)
    {
        world.Clock.Advance(step);
        await world.StepAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The tenant pays on the phone page; returns when the token is made.</summary>
    public async Task<TopUp> BuyAsync(DemoRoomPlan buyer, Money amount, CancellationToken cancellationToken)
    {
        Guid id = DemoIds.Of($"story purchase {++_purchases} of {buyer.Building}-{buyer.Number}");
        var wish = new StartTopUp(id, buyer.RoomId, amount, WeChatPayProvider.ProviderName, PaymentMethod.Jsapi, buyer.OpenId);
        StartTopUpOutcome started = await world.Platform.TopUps.StartAsync(wish, cancellationToken).ConfigureAwait(false);
        Require(started is StartTopUpOutcome.Ready, $"the payment could not be started: {started}");
        string tradeNumber = OutTradeNo.FromOrder(id).Value;
        Require(world.Services.Pay.Confirm(tradeNumber, buyer.OpenId) is not null, "WeChat Pay did not take the tenant's confirmation");
        await UntilAsync(() => !Find(id).Tokens.IsEmpty, Beat, TimeSpan.FromMinutes(5), "the token", cancellationToken).ConfigureAwait(false);
        return Find(id);
    }

    public TopUp Find(Guid topUp) => world.Platform.TopUps.Find(topUp) ?? throw new StoryFailedException($"top-up {topUp} is gone");

    /// <summary>Waits until the meter's own word proves the credit.</summary>
    public async Task<TopUp> CreditedAsync(Guid topUp, TimeSpan limit, CancellationToken cancellationToken)
    {
        await UntilAsync(() => Find(topUp).State == TopUpState.Credited, Beat, limit, "the proof of credit", cancellationToken).ConfigureAwait(false);
        return Find(topUp);
    }

    /// <summary>Types twenty digits and the enter key; returns what the meter made of it.</summary>
    public async Task<string> TypeAsync(string token, CancellationToken cancellationToken)
    {
        Meter.Use(m => m.Type(token + "#"));
        world.Clock.AdvanceTo(Meter.Use(m => m.Now));
        await PassAsync(TimeSpan.FromSeconds(2), cancellationToken).ConfigureAwait(false);
        return Snapshot.LastToken?.Status.ToString() ?? "nothing";
    }

    /// <summary>The last contact event of a kind at the tenant's relay.</summary>
    public ContactEvent Contact(ContactEventKind kind) => Meter.Use(m => m.ContactEvents.LastOrDefault(e => e.Kind == kind));

    /// <summary>Microseconds from an instant of the circuit to the nearest zero of the mains voltage; negative before it.</summary>
    public double FromVoltageZeroUs(long timeUs) => Meter.Use(m =>
    {
        double phase = m.Circuit.Mains.At(timeUs / 1e6).Phase / Math.PI;
        double fromZero = phase - Math.Round(phase);
        return fromZero / (2 * m.Circuit.Mains.Hertz) * 1e6;
    });

    public static Money Yuan(int yuan) => Money.FromMajor(yuan, Currency.Cny);
}
