using Latchkey.Storage.Vending.Bench;
using Latchkey.Testing;

namespace Latchkey.Storage.Tests.Vending;

public sealed class AuditBenchTests
{
    [Fact]
    public async Task Run_OverAFewBooks_FindsThemRightAndNamesEveryRecordThatIsNot()
    {
        using var directory = TemporaryDirectory.InMemory();
        IReadOnlyList<VendFigure> figures = await AuditBench.RunAsync(directory.Path, 6_000, Environment.TickCount, CancellationToken.None);
        Assert.All(figures, f => Assert.True(f.Holds, $"{f.Name}: {f.Value} {f.Limit}"));
        Assert.Equal((6_000, 3_000), (figures[0].Value, figures[1].Value));
        Assert.Equal(6, figures[9].Value);
    }
}
