using CsCheck;
using Latchkey.Meter.LoadSwitch;

namespace Latchkey.Meter.Tests.LoadSwitch;

public sealed class DelayEstimatorTests
{
    private static readonly DelayModel Nominal = new();

    [Fact]
    public void NominalOpening_AtTwelveVolts_TakesItsReferenceTime() =>
        Assert.InRange(Nominal.OperateMs(close: false, 12, 20)!.Value, 6.35, 6.45); // 4 ms · ln(1/0.45) + 3.2 ms

    [Fact]
    public void Coil_BelowTheBreakawayVoltage_MovesNothing() => Assert.Null(Nominal.OperateMs(close: false, 12 * 0.5, 20));

    [Fact]
    public void AnUnknownRelay_IsUncertainByAlmostAMillisecond()
    {
        (double _, double sigma) = new DelayEstimator(Nominal, close: false).Predict(12, 20)!.Value;
        Assert.InRange(sigma, 0.6, 0.9);
    }

    [Fact]
    public void AfterTwoOperations_TheUncertaintyIsThatOfTheJitter()
    {
        var estimator = new DelayEstimator(Nominal, close: false);
        for (int n = 0; n < 6; n++) Assert.True(estimator.Learn(7.1, 0.036, 12, 20));
        (double delay, double sigma) = estimator.Predict(12, 20)!.Value;
        Assert.InRange(delay, 7.05, 7.12);
        Assert.InRange(sigma, 0.1, 0.2);
    }

    [Fact]
    public void AnImpossibleObservation_IsNotBelieved_SeveralAre()
    {
        var estimator = new DelayEstimator(Nominal, close: false);
        for (int n = 0; n < 6; n++) estimator.Learn(6.4, 0.036, 12, 20);
        Assert.False(estimator.Learn(14, 0.036, 12, 20));
        Assert.InRange(estimator.Predict(12, 20)!.Value.DelayMs, 6.3, 6.5);
        for (int n = 0; n < 8; n++) estimator.Learn(8, 0.036, 12, 20); // the relay has changed
        Assert.InRange(estimator.Predict(12, 20)!.Value.DelayMs, 7.8, 8.1);
    }

    [Fact]
    public void State_StoredAndRestored_PredictsTheSame()
    {
        var first = new DelayEstimator(Nominal, close: true);
        for (int n = 0; n < 5; n++) first.Learn(9 + (n * 0.01), 0.036, 11.5, 40);
        Span<byte> bytes = stackalloc byte[DelayState.Size];
        first.Export().Write(bytes);
        Assert.True(DelayState.TryRead(bytes, out DelayState state));
        var second = new DelayEstimator(Nominal, close: true);
        second.Restore(state);
        second.RestoreJitter(first.StoredJitter);
        Assert.Equal(first.Predict(12, 0)!.Value.DelayMs, second.Predict(12, 0)!.Value.DelayMs, 5);
        // The jitter is kept in steps of 2 µs.
        Assert.Equal(first.Predict(12, 0)!.Value.SigmaMs, second.Predict(12, 0)!.Value.SigmaMs, 0.001);
    }

    [Fact]
    public void Memory_FromArbitraryBytes_IsReadWholeOrRefused() =>
        Gen.Byte.Array[0, LoadSwitchMemory.Size + 4].Sample(bytes =>
        {
            if (!LoadSwitchMemory.TryRead(bytes, out LoadSwitchMemory memory)) return memory == LoadSwitchMemory.Factory;
            return memory.TotalMicrocoulombs >= 0 && memory.Opening.VarianceTheta > 0;
        });

    [Fact]
    public void Memory_WrittenAndRead_IsTheSame()
    {
        LoadSwitchMemory memory = LoadSwitchMemory.Factory with
        {
            SignedMicrocoulombs = -1234, TotalMicrocoulombs = 98_765, Operations = 17, MakeHistory = 5, AimsAtPeak = true,
            MakePeakDeciamps = 940, HasFailed = true, Position = SwitchPosition.Closed, Wanted = SwitchPosition.Open,
        };
        Span<byte> bytes = stackalloc byte[LoadSwitchMemory.Size];
        memory.Write(bytes);
        Assert.True(LoadSwitchMemory.TryRead(bytes, out LoadSwitchMemory read));
        Assert.Equal(memory, read);
    }
}
