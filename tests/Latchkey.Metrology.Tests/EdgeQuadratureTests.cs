namespace Latchkey.Metrology.Tests;

public sealed class EdgeQuadratureTests
{
    private const int J = 1_000_000;

    // A short pulse whose end is a ramp: carried back as if it were one smooth piece, its sixth differences would invent a current of 3.5 J.
    [Fact]
    public void NextEventOnTheSameSide_IsNotCarriedBack()
    {
        long squares = new EdgeQuadrature([J, J, J, J, J, J / 2, 0], 65536).Squares();
        Assert.InRange(squares, 0.45 * J * J, 0.55 * J * J); // a whole interval of J² less the half that the sum has counted
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.5)]
    [InlineData(1)]
    public void Decay_IsIntegratedUpToTheJump(double gap)
    {
        const double Tau = 2.4;
        int[] side = [.. Enumerable.Range(0, 7).Select(k => (int)Math.Round(J * Math.Exp(-(k + gap) / Tau)))];
        // Samples as far as anyone cares, and the exact integral of the square.
        double sum = Enumerable.Range(0, 200).Sum(k => Math.Pow(J * Math.Exp(-(k + gap) / Tau), 2)), exact = (double)J * J * Tau / 2;
        double corrected = sum + new EdgeQuadrature(side, (long)(gap * 65536)).Squares();
        Assert.InRange(corrected / exact, 0.993, 1.007);
    }
}
