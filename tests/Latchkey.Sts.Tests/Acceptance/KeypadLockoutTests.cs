namespace Latchkey.Sts.Tests;

public sealed class KeypadLockoutTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TokenNumber Credit = TokenNumber.FromBlock(TokenClass.CreditTransfer, 1);
    private static readonly TokenNumber Test = TokenNumber.FromBlock(TokenClass.NonMeterSpecificManagement, 1);

    [Theory] // wrong entries in a row, seconds of lock
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(3, 10)]
    [InlineData(4, 20)]
    [InlineData(10, 1_280)]
    [InlineData(50, 1_280)]
    public void After_WrongEntries_DoublesUpToALimit(int entries, int seconds)
    {
        KeypadLockout lockout = Wrong(entries);
        Assert.Equal(seconds > 0, lockout.Blocks(Credit, Start.AddSeconds(seconds - 1)));
        Assert.False(lockout.Blocks(Credit, Start.AddSeconds(seconds)));
    }

    [Fact]
    public void Blocks_ATestToken_Never() => Assert.False(Wrong(10).Blocks(Test, Start));

    [Theory]
    [InlineData(TokenResult.Accept)]
    [InlineData(TokenResult.UsedError)]
    [InlineData(TokenResult.FirstKeyChangeToken)]
    public void After_ATokenThatIsThisMeters_StartsAnew(TokenResult result) => Assert.Equal(KeypadLockout.None, Wrong(5).After(Credit, result, Start));

    [Fact]
    public void After_ATestToken_ChangesNothing()
    {
        KeypadLockout wrong = Wrong(5);
        Assert.Equal(wrong, wrong.After(Test, TokenResult.Accept, Start));
    }

    private static KeypadLockout Wrong(int entries)
    {
        KeypadLockout lockout = KeypadLockout.None;
        for (int i = 0; i < entries; i++) lockout = lockout.After(Credit, TokenResult.CrcError, Start);
        return lockout;
    }
}
