using CsCheck;

namespace Latchkey.Sts.Tests;

public sealed class TokenIdentifierRuleTests
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Unspecified);

    [Fact]
    public void Next_TheSameMinuteAgain_TakesTheNext()
    {
        Assert.Equal(TokenIdentifierOutcome.Allocated, TokenIdentifierRule.Next(Noon, BaseDate.Year2014, null, out TokenIdentifier first));
        Assert.Equal(TokenIdentifierOutcome.Allocated, TokenIdentifierRule.Next(Noon.AddSeconds(59), BaseDate.Year2014, first, out TokenIdentifier second));
        Assert.Equal(first.Minutes + 1, second.Minutes);
    }

    [Fact]
    public void Next_WhenTheClockHasOvertaken_UsesTheClock()
    {
        TokenIdentifier last = At(Noon);
        TokenIdentifierRule.Next(Noon.AddMinutes(10), BaseDate.Year2014, last, out TokenIdentifier next);
        Assert.Equal(last.Minutes + 10, next.Minutes);
    }

    [Fact]
    public void Next_OnTheReservedMinute_SkipsIt()
    {
        TokenIdentifier midnight = At(Noon.Date);
        TokenIdentifierRule.Next(Noon.Date, BaseDate.Year2014, midnight, out TokenIdentifier next);
        Assert.Equal(midnight.Minutes + 2, next.Minutes);
    }

    [Fact]
    public void Next_TooFarAheadOfTheClock_IsRefused() =>
        Assert.Equal(TokenIdentifierOutcome.TooFarAhead, TokenIdentifierRule.Next(Noon, BaseDate.Year2014, At(Noon.AddMinutes(60)), out _));

    [Fact]
    public void Next_PastTheLastMinute_IsRefused() =>
        Assert.Equal(TokenIdentifierOutcome.EndOfRange, TokenIdentifierRule.Next(BaseDate.Year1993.LastMinute.AddMinutes(1), BaseDate.Year1993, null, out _));

    [Fact]
    public void Next_WhenTheLastIdentifierIsGiven_IsRefused() =>
        Assert.Equal(TokenIdentifierOutcome.EndOfRange, TokenIdentifierRule.Next(BaseDate.Year1993.LastMinute, BaseDate.Year1993, TokenIdentifier.FromMinutes(TokenIdentifier.MaxMinutes), out _));

    [Fact]
    public void Next_BeforeTheBaseDate_IsRefused() =>
        Assert.Equal(TokenIdentifierOutcome.BeforeBaseDate, TokenIdentifierRule.Next(Noon, BaseDate.Year2035, null, out _));

    [Fact]
    public void Allocate_WithAClockThatJumps_RisesStrictlyAndNeverGivesTheReserved() =>
        Gen.Int[-30, 30].Array[1, 60].Sample(jumps =>
        {
            var allocator = new VolatileTokenIdentifierAllocator();
            DateTime clock = Noon.Date;
            TokenIdentifier last = default;
            foreach (int jump in jumps)
            {
                clock = clock.AddMinutes(jump);
                if (allocator.Allocate(default, BaseDate.Year2014, clock, out TokenIdentifier tid) != TokenIdentifierOutcome.Allocated) continue;
                if (tid <= last || tid.IsReserved) return false;
                last = tid;
            }

            return true;
        });

    [Fact]
    public void TryReserved_IsOneMinutePastMidnight()
    {
        Assert.True(TokenIdentifierRule.TryReserved(Noon, BaseDate.Year2014, out TokenIdentifier tid));
        Assert.True(tid.IsReserved && tid.ToTime(BaseDate.Year2014) == Noon.Date.AddMinutes(1));
    }

    private static TokenIdentifier At(DateTime time) => TokenIdentifier.TryFromTime(time, BaseDate.Year2014, out TokenIdentifier tid) ? tid : throw new ArgumentOutOfRangeException(nameof(time));
}
