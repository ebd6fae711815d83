using Latchkey.Sts;

namespace Latchkey.Vending.Tests;

public sealed class AnomalyTests
{
    /// <summary>A Monday at ten in the morning on the seller's clock.</summary>
    private static readonly DateTimeOffset Monday = new(2026, 11, 16, 2, 0, 0, TimeSpan.Zero);
    private static readonly MeterPan Pan = MeterPan.Parse("600727000000000009"), Other = MeterPan.Parse("600727111111111153");

    [Fact]
    public void QuietBooks_SayNothingButWithoutTender()
    {
        Anomaly only = Assert.Single(Judge([Gift(1, 55, Monday, "ann")]));
        Assert.Equal((AnomalyRules.WithoutTender, "ann", 1), (only.Rule, only.Who, only.Count));
    }

    [Fact]
    public void NothingIssued_IsNothingSaid() => Assert.Empty(Judge([]));

    public static TheoryData<int, bool> Hours => new() { { 10, false }, { 5, true }, { 6, false }, { 19, false }, { 20, true }, { 0, true } };

    [Theory, MemberData(nameof(Hours))]
    public void OffHours_AreThoseOfTheSellersClock(int hour, bool isOff) =>
        Assert.Equal(isOff, Judge([Gift(1, 55, Monday.AddHours(hour - 10), "ann")]).Any(a => a.Rule == AnomalyRules.OffHours));

    [Fact]
    public void OffHours_AreWeekendsToo() => Assert.Contains(Judge([Gift(1, 55, Monday.AddDays(5), "ann")]), a => a.Rule == AnomalyRules.OffHours);

    [Fact]
    public void RoundValues_OfOnePerson_AreNamedFromTheThirdOn()
    {
        UnpaidIssue[] two = [Gift(1, 1_000, Monday, "ann"), Gift(2, 2_000, Monday.AddDays(1), "ann"), Gift(3, 1_001, Monday.AddDays(2), "ann"), Gift(4, 3_000, Monday, "bo")];
        Assert.DoesNotContain(Judge(two), a => a.Rule == AnomalyRules.RoundValues);
        Anomaly found = Assert.Single(Judge([.. two, Gift(5, 5_000, Monday.AddDays(3), "ann")]), a => a.Rule == AnomalyRules.RoundValues);
        Assert.Equal(("ann", 3), (found.Who, found.Count));
    }

    [Fact]
    public void NoHistory_IsAMeterThatNeverPaidBefore()
    {
        UnpaidIssue[] issues = [Gift(1, 55, Monday, "ann"), Gift(2, 55, Monday, "ann") with { Pan = Other }];
        Assert.Equal([Other.ToString()], Judge(issues, pan => pan == Pan ? Monday.AddDays(-9) : null).Where(a => a.Rule == AnomalyRules.NoHistory).Select(a => a.Who));
        Assert.Equal(2, Judge(issues, _ => Monday.AddDays(1)).Count(a => a.Rule == AnomalyRules.NoHistory));
    }

    [Fact]
    public void Burst_IsTenWithinAnHour()
    {
        UnpaidIssue[] slow = [.. Enumerable.Range(0, 30).Select(i => Gift(i, 55, Monday.AddMinutes(7 * i), "ann"))];
        Assert.DoesNotContain(Judge(slow), a => a.Rule == AnomalyRules.Burst);
        UnpaidIssue[] fast = [.. slow, .. Enumerable.Range(100, 10).Select(i => Gift(i, 55, Monday.AddDays(1).AddMinutes(6.6 * (i - 100)), "ann"))];
        Anomaly burst = Assert.Single(Judge(fast), a => a.Rule == AnomalyRules.Burst);
        Assert.Equal((10, Monday.AddDays(1)), (burst.Count, burst.First));
    }

    [Fact]
    public void OneHandBehindMostOfIt_IsNamed_AndAPairToo()
    {
        UnpaidIssue[] issues = [.. Enumerable.Range(0, 10).Select(i => Gift(i, 55, Monday.AddDays(i / 3), i < 6 ? "ann" : "bo" + i))];
        IReadOnlyList<Anomaly> found = Judge(issues);
        Assert.Equal(("ann", 6), found.Where(a => a.Rule == AnomalyRules.SamePerson).Select(a => (a.Who, a.Count)).Single());
        Assert.Equal(("ann + eve", 6), found.Where(a => a.Rule == AnomalyRules.SamePair).Select(a => (a.Who, a.Count)).Single());
        Assert.DoesNotContain(Judge(issues[..9]), a => a.Rule == AnomalyRules.SamePerson);
    }

    [Fact]
    public void SameMeter_IsNamedFromTheThirdGiftOn() =>
        Assert.Contains(Judge([Gift(1, 55, Monday, "a"), Gift(2, 55, Monday, "b"), Gift(3, 55, Monday, "c")]), a => a.Rule == AnomalyRules.SameMeter && a.Who == Pan.ToString());

    [Fact]
    public void EngineeringTokens_CountForHoursAndBurstsOnly()
    {
        UnpaidIssue tamper = Gift(1, 0, Monday.AddHours(12), "ann") with { Kind = "clear-tamper" };
        Assert.Equal([AnomalyRules.OffHours], Judge([tamper]).Select(a => a.Rule));
    }

    private static IReadOnlyList<Anomaly> Judge(UnpaidIssue[] issues, Func<MeterPan, DateTimeOffset?>? firstPaid = null) =>
        new AnomalyRules(new AnomalyOptions(), at => at.ToOffset(TimeSpan.FromHours(8)).DateTime)
            .Judge([.. issues.OrderBy(i => i.At).ThenBy(i => i.Id)], firstPaid ?? (_ => Monday.AddYears(-1)));

    private static UnpaidIssue Gift(int id, long tenths, DateTimeOffset at, string by) => new(new Guid(id, 0, 0, new byte[8]), "free-issue", Pan, at, tenths, by, "eve");
}
