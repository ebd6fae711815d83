namespace Latchkey.Metrology.Tests;

public sealed class AllocationTests
{
    [Fact]
    public void SamplesAndFrames_AllocateNothing()
    {
        MetrologyCore core = new(Calibration.Nominal);
        RawSample[] second = [.. Enumerable.Range(0, RawSample.RateHz).Select(n => new Signal().At(n))];
        Pass(core, second);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int s = 0; s < 125; s++) Pass(core, second);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(126 * RawSample.RateHz, core.SamplesTaken);
    }

    private static void Pass(MetrologyCore core, RawSample[] samples)
    {
        foreach (ref readonly RawSample s in samples.AsSpan())
        {
            core.OnSample(s);
            if (core.TryTakeFrame(out FrameSums f)) core.ApplyFrame(f);
        }
    }
}
