using CsCheck;

namespace Latchkey.Sts.Tests;

public sealed class TokenIdentifierTests
{
    private static readonly DateTime NewYear2014 = new(2014, 1, 1, 0, 0, 0, DateTimeKind.Unspecified);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 2)]
    [InlineData(2, 2)]
    [InlineData(1_440, 1_440)]
    [InlineData(1_441, 1_442)]
    public void TryForOrdinaryToken_AtOneMinutePastMidnight_TakesTheNextMinute(int minutes, uint expected)
    {
        Assert.True(TokenIdentifier.TryForOrdinaryToken(NewYear2014.AddMinutes(minutes), BaseDate.Year2014, out TokenIdentifier tid));
        Assert.Equal(expected, tid.Minutes);
    }

    [Fact]
    public void TryFromTime_TheMinuteAfterTheLast_IsRefused() =>
        Assert.False(TokenIdentifier.TryFromTime(BaseDate.Year1993.LastMinute.AddMinutes(1), BaseDate.Year1993, out _));

    [Fact]
    public void TryFromTime_BeforeTheBaseDate_IsRefused() => Assert.False(TokenIdentifier.TryFromTime(NewYear2014.AddTicks(-1), BaseDate.Year2014, out _));

    [Fact]
    public void TryNext_AtTheEnd_IsRefusedAndNeverWraps() => Assert.False(TokenIdentifier.FromMinutes(TokenIdentifier.MaxMinutes).TryNext(out _));

    [Fact]
    public void TryNext_IsLaterAndNeverReserved() =>
        StsGen.Tid.Sample(tid => !tid.TryNext(out TokenIdentifier next) || (next > tid && !next.IsReserved && next.Minutes - tid.Minutes <= 2));

    [Fact]
    public void ToTime_LeadsBack() => StsGen.Tid.Sample(tid =>
        TokenIdentifier.TryFromTime(tid.ToTime(BaseDate.Year2035), BaseDate.Year2035, out TokenIdentifier back) && back == tid);

    [Fact]
    public void TryFromTime_AnyTime_GivesAResult() =>
        Gen.DateTime.Sample(time => TokenIdentifier.TryFromTime(time, BaseDate.Year2014, out _) == (time >= NewYear2014 && time < BaseDate.Year2014.LastMinute.AddMinutes(1)));

    [Theory]
    [InlineData(85, 85 << 16, false)]
    [InlineData(85, (86 << 16) - 1, false)]
    [InlineData(85, 86 << 16, true)]
    [InlineData(255, 0xFFFFFF, false)]
    [InlineData(0, 0xFFFF, false)]
    [InlineData(0, 0x10000, true)]
    public void KeyExpiryNumber_ExpiresOnlyAboveItsOwnStep(byte ken, uint minutes, bool expired) =>
        Assert.Equal(expired, new KeyExpiryNumber(ken).IsExpiredAt(TokenIdentifier.FromMinutes(minutes)));

    // 171 × 65 536 minutes are 7 782.4 days. A published table prints 21:36 of that day, the same minute on a twelve-hour clock misread.
    [Fact]
    public void KeyExpiryNumber_170OfBaseDate2014_ExpiresWhenItsStepEnds() =>
        Assert.Equal(new DateTime(2035, 4, 23, 9, 36, 0, DateTimeKind.Unspecified), new KeyExpiryNumber(170).ExpiresAt(BaseDate.Year2014));
}
