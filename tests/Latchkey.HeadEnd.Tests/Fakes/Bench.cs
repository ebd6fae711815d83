using Latchkey.HeadEnd.Deliveries;
using Latchkey.HeadEnd.Meters;
using Latchkey.Sts;

namespace Latchkey.HeadEnd.Tests;

/// <summary>A head-end with one meter and a channel under the test's control.</summary>
internal sealed class Bench : IDisposable
{
    private readonly MessageKeyVault _vault = new(TestMeters.MasterKey());

    public Bench(IHeadEndStore? store = null, HeadEndOptions? options = null)
    {
        Store = store ?? new InMemoryHeadEndStore();
        Options = options ?? new HeadEndOptions { Seed = 42 };
        Meter = new FakeMeter(1);
        Desk = Open();
        Desk.Register(new MeterRegistration(Meter.Pan, TestMeters.MessageKey(1), "kpm31", CoverageClass.Normal), Now);
    }

    public IHeadEndStore Store { get; }

    public HeadEndOptions Options { get; }

    public FakeMeter Meter { get; }

    public ScriptedChannel Channel { get; } = new();

    public HeadEndDesk Desk { get; private set; }

    public DateTimeOffset Now { get; set; } = TestMeters.Start;

    public MeterPan Pan => Meter.Pan;

    /// <summary>The process dies and starts again on what is stored.</summary>
    public void Restart() => Desk = Open();

    public Delivery SubmitCredit(int id = 1, int token = 1, uint? tid = null) => Submit(id, Credit(token, tid));

    public Delivery Submit(int id, DeliveryContent content) =>
        Assert.IsType<SubmitOutcome.Accepted>(Desk.Submit(new DeliveryRequest(TestMeters.Id(id), Pan, content), Now)).Delivery;

    public static DeliveryContent.Credit Credit(int token, uint? tid = null) => new([new DeliveryToken(TestMeters.Token(token), tid)]);

    /// <summary>The meter hears the newest datagram and its answer comes back.</summary>
    public ReceiveOutcome Answer() => Receive(Meter.Hear(Channel.Sent[^1].Datagram) ?? throw new InvalidOperationException("The meter is silent."));

    public ReceiveOutcome Receive(byte[] datagram) => Desk.Receive(Pan, datagram, Channel.Name, Now);

    public Delivery Delivery(int id = 1) => Desk.FindDelivery(TestMeters.Id(id)) ?? throw new InvalidOperationException("No such delivery.");

    /// <summary>Lets the timers run for a while.</summary>
    public void Run(TimeSpan time)
    {
        DateTimeOffset end = Now + time;
        while (Desk.NextDue is { } due && due <= end)
        {
            Now = due > Now ? due : Now;
            Desk.Tick(Now);
        }

        Now = end;
    }

    public void Dispose() => _vault.Dispose();

    private HeadEndDesk Open() => new(Store, _vault, [Channel], Options);
}
