using CsCheck;
using Latchkey.Meter.Keypad;

namespace Latchkey.Meter.Tests.Keypad;

public sealed class TokenEntryTests
{
    private const string Token = "12345678901234567890";

    [Fact]
    public void TwentyDigitsAndEnter_AreAToken()
    {
        var entry = new TokenEntry();
        Assert.Equal((EntryOutcome.Token, Token), Press(entry, Token + "#"));
        Assert.Equal(0, entry.Count);
    }

    [Fact]
    public void TwentyDigitsWithoutEnter_EnterThemselvesAfterThreeSeconds()
    {
        var entry = new TokenEntry();
        Press(entry, Token);
        Assert.Equal(EntryOutcome.None, entry.Elapse(TokenEntry.SettleMs - 1, out _));
        Assert.Equal(EntryOutcome.Token, entry.Elapse(TokenEntry.SettleMs, out string entered));
        Assert.Equal(Token, entered);
    }

    [Fact]
    public void Delete_TakesTheLastDigitAndStopsAtNone()
    {
        var entry = new TokenEntry();
        Press(entry, "123**4");
        Assert.Equal("14", entry.Digits);
        Press(entry, "*****");
        Assert.Equal(string.Empty, entry.Digits);
    }

    [Fact]
    public void NineteenDigitsAndEnter_StayToBeCompleted()
    {
        var entry = new TokenEntry();
        Assert.Equal((EntryOutcome.Incomplete, Token[..19]), Press(entry, Token[..19] + "#"));
        Assert.Equal((EntryOutcome.Token, Token), Press(entry, "0#"));
    }

    [Fact]
    public void ATwentyFirstDigit_IsIgnored()
    {
        var entry = new TokenEntry();
        Press(entry, Token + "9");
        Assert.Equal(Token, entry.Digits);
    }

    [Fact]
    public void ThreeDigitsAndEnter_AreAShortCode() => Assert.Equal((EntryOutcome.ShortCode, "059"), Press(new TokenEntry(), "059#"));

    [Fact]
    public void APause_HidesAndTheNextDigitContinues()
    {
        var entry = new TokenEntry();
        Press(entry, "1234");
        entry.Elapse(TokenEntry.HideMs, out _);
        Assert.Equal((true, string.Empty, 4), (entry.IsHidden, entry.Digits, entry.Count));
        entry.Press('5', TokenEntry.HideMs + 1, out _);
        Assert.Equal("12345", entry.Digits);
    }

    [Fact]
    public void ADelete_OnAHiddenEntry_OnlyBringsItBack()
    {
        var entry = new TokenEntry();
        Press(entry, "1234");
        entry.Press('*', TokenEntry.HideMs + 1, out _);
        Assert.Equal("1234", entry.Digits);
    }

    [Fact]
    public void ALongPause_Forgets()
    {
        var entry = new TokenEntry();
        Press(entry, "1234");
        entry.Elapse(TokenEntry.ForgetMs, out _);
        Assert.Equal((0, long.MaxValue), (entry.Count, entry.NextDeadlineMs));
    }

    [Fact]
    public void AnyKeys_NeverThrowAndNeverHoldMoreThanTwentyDigits() =>
        Gen.Select(Gen.Char.Array[0, 80], Gen.Int[0, 200_000].Array[80]).Sample((keys, pauses) =>
        {
            var entry = new TokenEntry();
            long now = 0;
            for (int i = 0; i < keys.Length; i++)
            {
                now += pauses[i];
                entry.Elapse(now, out _);
                EntryOutcome outcome = entry.Press(keys[i], now, out string entered);
                if (outcome == EntryOutcome.Token && (entered.Length != 20 || !entered.All(char.IsAsciiDigit))) return false;
            }

            return entry.Count <= TokenEntry.TokenDigits;
        });

    [Fact]
    public void LockOut_StartsAtTheThirdAndDoublesToTheTenth()
    {
        int[] expected = [0, 0, 0, 10, 20, 40, 80, 160, 320, 640, 1_280, 1_280];
        Assert.Equal(expected, Enumerable.Range(0, expected.Length).Select(LockOut.SecondsAfter));
        Assert.Equal(1_280, LockOut.SecondsAfter(255));
    }

    private static (EntryOutcome Outcome, string Entered) Press(TokenEntry entry, string keys)
    {
        (EntryOutcome, string) last = default;
        foreach (char key in keys) last = (entry.Press(key, 0, out string entered), entered);
        return last;
    }
}
