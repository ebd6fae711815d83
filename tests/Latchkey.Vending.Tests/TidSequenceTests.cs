using CsCheck;
using Latchkey.Sts;

namespace Latchkey.Vending.Tests;

public sealed class TidSequenceTests
{
    private static readonly DateTime Morning = new(2026, 11, 22, 9, 30, 20);

    [Fact]
    public void Next_WithoutAnEarlierToken_IsTheClocksMinute()
    {
        Assert.Null(Next(Morning, null, out TokenIdentifier tid));
        Assert.Equal(new DateTime(2026, 11, 22, 9, 30, 0), tid.ToTime(BaseDate.Year2014));
    }

    [Fact]
    public void Next_WithinTheSameMinute_IsOneLater()
    {
        Next(Morning, null, out TokenIdentifier first);
        Assert.Null(Next(Morning, first, out TokenIdentifier second));
        Assert.Equal(first.Minutes + 1, second.Minutes);
    }

    [Fact]
    public void Next_BeforeTheReservedMinute_SkipsIt()
    {
        var midnight = new DateTime(2026, 11, 22, 0, 0, 30);
        Next(midnight, null, out TokenIdentifier first);
        Next(midnight, first, out TokenIdentifier second);
        Assert.Equal(2u, second.Minutes % 1_440);
    }

    [Fact]
    public void Next_BeyondTheLead_IsRefused()
    {
        Assert.True(TokenIdentifier.TryFromTime(Morning.AddMinutes(59), BaseDate.Year2014, out TokenIdentifier last));
        Assert.Null(Next(Morning, last, out _));
        Assert.True(last.TryNext(out TokenIdentifier one));
        Assert.Equal("too-many-tokens", Next(Morning, one, out _));
    }

    [Theory]
    [InlineData("2013-12-31T23:59:00")]
    [InlineData("2045-11-24T20:16:00")]
    public void Next_OutsideTheRangeOfIdentifiers_IsRefusedAndNeverWraps(string wallClock) =>
        Assert.Equal("outside-token-time", Next(DateTime.Parse(wallClock), null, out _));

    [Fact]
    public void Next_AtTheEndOfTheRange_IsRefusedAfterTheLastMinute()
    {
        var last = new DateTime(2045, 11, 24, 20, 15, 0);
        Assert.Null(Next(last, null, out TokenIdentifier tid));
        Assert.Equal("outside-token-time", Next(last, tid, out _));
    }

    [Theory]
    [InlineData(170, "2035-04-23T09:35:00", null)]
    [InlineData(170, "2035-04-23T09:36:00", "key-expired")]
    public void Next_AtTheEndOfAKey_IsRefusedFromItsMinuteOn(byte expiry, string wallClock, string? code) =>
        Assert.Equal(code, TidSequence.Next(DateTime.Parse(wallClock), Key(expiry), null, 60, out _));

    [Fact]
    public void Next_WhateverTheClockDoes_OnlyRises() => Gen.Int[-30, 30].Array[1, 200].Sample(steps =>
    {
        TokenIdentifier? last = null;
        DateTime clock = Morning;
        foreach (int minutes in steps)
        {
            clock = clock.AddMinutes(minutes);
            if (Next(clock, last, out TokenIdentifier tid) is not null) continue;
            Assert.True(last is null || tid > last.Value);
            Assert.False(tid.IsReserved);
            last = tid;
        }
    });

    private static string? Next(DateTime clock, TokenIdentifier? last, out TokenIdentifier tid) => TidSequence.Next(clock, Key(255), last, 60, out tid);

    private static DecoderKeyAttributes Key(byte expiry) => Samples.Key with { KeyExpiry = new KeyExpiryNumber(expiry) };
}
