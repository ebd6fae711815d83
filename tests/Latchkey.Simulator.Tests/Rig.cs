using Latchkey.Meter;
using Latchkey.Meter.Update;
using Latchkey.ModuleLink.Envelope;
using Latchkey.ModuleLink.Frames;
using Latchkey.ModuleLink.Messages;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Loads;
using Latchkey.Simulator.Memory;
using Latchkey.Sts;

namespace Latchkey.Simulator.Tests;

/// <summary>A virtual meter on the bench, with its mint and its head-end's side of the messages.</summary>
internal sealed class Rig : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly byte[] Secret = [.. Enumerable.Range(0, 16).Select(i => (byte)(i + 100))];
    private readonly MessageKey _key = new(Secret);
    private ReplayWindow _window;
    private uint _counter;

    public Rig(int watts = 0, ModuleKind? module = null, MemoryNvmImage? image = null, MeterProfile? profile = null, DateTimeOffset? start = null, TestMint? mint = null, FirmwareKey? firmware = null)
    {
        Mint = mint ?? new TestMint();
        Image = image ?? new MemoryNvmImage();
        Meter = new VirtualMeter(
            new VirtualMeterOptions
            {
                Profile = profile ?? MeterProfile.Kpm31,
                Attributes = Mint.Attributes,
                Key = Mint.Key,
                MessageKey = Secret,
                Start = start ?? Start,
                Module = module,
                NoModule = module is null,
                Seed = 7,
                FirmwareKey = firmware,
            },
            Image)
        {
            Load = new ConstantLoad(watts),
        };
    }

    public TestMint Mint { get; }

    public MemoryNvmImage Image { get; }

    public VirtualMeter Meter { get; }

    public MeterSnapshot Snapshot => Meter.Snapshot;

    public void Run(double seconds) => Meter.Advance(TimeSpan.FromMicroseconds(Math.Round(seconds * 1e6)));

    /// <summary>Mains off for longer than the hold-up charge lasts, and on again.</summary>
    public void CyclePower()
    {
        Meter.MainsOn = false;
        Run(5);
        Meter.MainsOn = true;
    }

    /// <summary>Types the token, enters it and waits for the answer.</summary>
    public TokenStatus Enter(TokenNumber token)
    {
        Meter.Type(token.ToString() + "#", pauseMs: 200);
        return Snapshot.LastToken?.Status ?? throw new InvalidOperationException("No token was taken.");
    }

    public bool Send(MeterMessage message) =>
        Meter.Deliver(MessageEnvelope.Seal(_key, MessageDirection.ToMeter, ++_counter, MeterMessageCodec.Encode(message)));

    public bool SendAgain(MeterMessage message, uint counter) =>
        Meter.Deliver(MessageEnvelope.Seal(_key, MessageDirection.ToMeter, counter, MeterMessageCodec.Encode(message)));

    /// <summary>Everything authentic and new that has come from the meter.</summary>
    public List<MeterMessage> Received()
    {
        var messages = new List<MeterMessage>();
        while (Meter.TryTakeOutgoing(out OutgoingMessage outgoing))
        {
            Assert.Equal(
                EnvelopeResult.Opened,
                MessageEnvelope.TryOpen(_key, MessageDirection.FromMeter, outgoing.Sealed.Span, out uint counter, out ReadOnlySpan<byte> body));
            Assert.True(_window.TryAccept(counter, out _window));
            Assert.True(MeterMessageCodec.TryDecode(body, out MeterMessage? message));
            messages.Add(message!);
        }

        return messages;
    }

    public void Dispose()
    {
        Meter.Dispose();
        Mint.Dispose();
        _key.Dispose();
    }
}
