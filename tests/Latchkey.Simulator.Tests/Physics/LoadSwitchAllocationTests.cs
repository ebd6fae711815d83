using Latchkey.Meter.LoadSwitch;
using Latchkey.Simulator.Physics;

namespace Latchkey.Simulator.Tests.Physics;

/// <summary>Runs with no other test beside it: the runtime counts what a thread allocates in blocks, and a neighbour's collection may end one early.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}

[Collection(Alone.Name)]
public sealed class LoadSwitchAllocationTests
{
    [Fact]
    public void SamplesAndPolls_AllocateNothing()
    {
        var rig = new SwitchRig(new() { Seed = 3, StartsClosed = true }, new LoadSwitchSettings());
        rig.Circuit.Load = new SpectralLoad(40, 0.3);
        rig.Run(1_400_000);
        var samples = new Recorder();
        rig.Circuit.Run(1_000_000, samples);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach ((Latchkey.Metrology.RawSample s, long t) in samples.Samples)
        {
            rig.Firmware.OnSample(s, t);
            rig.Firmware.Poll();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
