using Latchkey.Meter.LoadSwitch;

namespace Latchkey.Meter.Tests.LoadSwitch;

public sealed class OpeningAimTests
{
    // The plain reference: constant arc voltage, an arc at any current. 80 A, 50 Hz.
    private static readonly ContactModel Plain = new() { IgniteAmps = 0, IgniteVolts = 0, ArcVoltsPerMs = 0 };

    [Theory]
    [InlineData(0.05, 0.18)]
    [InlineData(0.1, 0.33)]
    [InlineData(0.2, 0.58)]
    [InlineData(0.5, 1.15)]
    [InlineData(0.9, 1.66)]
    public void Lead_AtUnityFactor_IsThatOfTheSineRule(double sigmaMs, double leadMs) =>
        Assert.InRange(LeadMs(1, sigmaMs), leadMs - 0.05, leadMs + 0.05);

    [Theory]
    [InlineData(0.05, 0.62)]
    [InlineData(0.1, 0.76)]
    [InlineData(0.2, 1.00)]
    [InlineData(0.5, 1.54)]
    [InlineData(0.9, 2.01)]
    public void Lead_AtFactorOneTenth_LeavesTheGapTimeToHold(double sigmaMs, double leadMs) =>
        Assert.InRange(LeadMs(0.1, sigmaMs), leadMs - 0.08, leadMs + 0.08);

    [Fact]
    public void Energy_ShortlyBeforeTheZero_IsTheClosedForm()
    {
        OpeningAim aim = Evaluate(1, 0.1);
        int point = (int)Math.Round(CycleProfile.Points * (0.5 - (0.3 / 20)));
        // U I w x² / 2 at the point's own lead.
        double lead = (0.5 - (point / (double)CycleProfile.Points)) * 0.02;
        Assert.InRange(aim.Energy[point] / (13 * 80 * Math.Sqrt(2) * 2 * Math.PI * 50 * lead * lead / 2), 0.97, 1.03);
    }

    [Fact]
    public void RandomInstant_CostsTwoThirdsOfTheWorst() =>
        Assert.InRange(Evaluate(1, 0.1).RandomJoules, 4.6, 4.8); // U I / w for a pure sine: 4.7 J

    [Fact]
    public void Polarities_OfASine_AreHalfACycleApart()
    {
        OpeningAim aim = Evaluate(0.8, 0.15);
        double apart = Math.Abs(aim.Positive.Point - aim.Negative.Point) / CycleProfile.Points;
        Assert.InRange(apart, 0.495, 0.505);
    }

    [Fact]
    public void DirectCurrent_HasNoZero()
    {
        var profile = new CycleProfile();
        profile.Fill(20_000, x => (325 * Math.Sin(2 * Math.PI * x), 10));
        var aim = new OpeningAim();
        aim.Evaluate(profile, Plain, 0.1);
        Assert.False(aim.HasZeros);
    }

    [Fact]
    public void HalfWave_IsOpenedWhereNothingFlows()
    {
        var profile = new CycleProfile();
        profile.Fill(20_000, x => (325 * Math.Sin(2 * Math.PI * x), Math.Max(0, 30 * Math.Sin(2 * Math.PI * x))));
        var aim = new OpeningAim();
        aim.Evaluate(profile, new ContactModel(), 0.2);
        Assert.True(Math.Min(aim.Positive.Joules, aim.Negative.Joules) < 1e-6);
    }

    private static double LeadMs(double powerFactor, double sigmaMs)
    {
        double point = Evaluate(powerFactor, sigmaMs).Positive.Point / CycleProfile.Points;
        double zero = 0.5 + (Math.Acos(powerFactor) / (2 * Math.PI));
        double lead = (zero - point) * 20;
        return lead > 15 ? lead - 20 : lead;
    }

    private static OpeningAim Evaluate(double powerFactor, double sigmaMs)
    {
        double phi = Math.Acos(powerFactor);
        var profile = new CycleProfile();
        profile.Fill(20_000, x => (230 * Math.Sqrt(2) * Math.Sin(2 * Math.PI * x), 80 * Math.Sqrt(2) * Math.Sin((2 * Math.PI * x) - phi)));
        var aim = new OpeningAim();
        aim.Evaluate(profile, Plain, sigmaMs);
        return aim;
    }
}
