using Latchkey.Dlms.Bench;

namespace Latchkey.Dlms.Tests;

public sealed class BenchTests
{
    [Fact]
    public void Bench_RunBriefly_GivesEveryFigure_AndTheReadPathAllocatesNothing()
    {
        IReadOnlyList<DlmsFigure> figures = DlmsBench.Run(TimeProvider.System, TimeSpan.FromMilliseconds(50));
        Assert.Equal(22, figures.Count);
        Assert.All(figures, f => Assert.True(f.Value >= 0 && f.Name.Length > 0));
        Assert.All(figures.Where(f => f.Limit == "= 0" || f.Unit == "octets"), f => Assert.True(f.Holds, f.Name));
    }

    [Fact]
    public void HdlcCarrier_DeliversTheApdu()
    {
        var line = new BenchHdlc(new byte[3000]);
        for (int i = 0; i < 20; i++) Assert.InRange(line.Carry(), 3000, 6000);
        Assert.Equal(3000, line.Received);
    }
}
