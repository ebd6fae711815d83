using Latchkey.Storage.Vending.Bench;
using Latchkey.Testing;

namespace Latchkey.Storage.Tests.Vending;

public sealed class VendBenchTests
{
    // Speeds are the bench's business; that it sells, counts and audits what it sold is a test's.
    [Fact]
    public async Task Run_ForAMoment_GivesItsFiguresAndBooksThatAgree()
    {
        using var directory = new TemporaryDirectory();
        IReadOnlyList<VendFigure> figures = await VendBench.RunAsync(directory.Path, TimeSpan.FromMilliseconds(200), CancellationToken.None);
        Assert.Equal(14, figures.Count);
        Assert.Equal(0, figures[10].Value);
        Assert.All(figures.Take(10), f => Assert.True(f.Value > 0, f.Name));
    }
}
