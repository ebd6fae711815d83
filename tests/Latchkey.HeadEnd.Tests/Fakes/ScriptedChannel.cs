using Latchkey.HeadEnd.Channels;
using Latchkey.Sts;

namespace Latchkey.HeadEnd.Tests;

/// <summary>A channel that keeps what it was given; the test decides what arrives.</summary>
internal sealed class ScriptedChannel(string name = "radio") : IDeviceChannel
{
    public string Name => name;

    public List<DeliveryAttempt> Sent { get; } = [];

    public SubmitResult Answer { get; set; } = SubmitResult.Taken;

    public Func<MeterPan, bool> Knows { get; set; } = _ => true;

    public Action<DeliveryAttempt>? OnSubmit { get; set; }

    public bool Reaches(MeterPan pan) => Knows(pan);

    public SubmitResult Submit(DeliveryAttempt attempt)
    {
        if (Answer != SubmitResult.Taken) return Answer;
        Sent.Add(attempt);
        OnSubmit?.Invoke(attempt);
        return Answer;
    }
}
