using Latchkey.Meter.Tokens;
using Latchkey.ModuleLink.Messages;
using Latchkey.Sts;

namespace Latchkey.Meter.Tests.Tokens;

public sealed class TokenStatusTableTests
{
    [Fact]
    public void EveryStatus_HasWordsThatFitTheDisplay() => Assert.All(Enum.GetValues<TokenStatus>(), s =>
    {
        Assert.InRange(TokenStatusTable.Display(s).Length, 1, 16);
        Assert.EndsWith(".", TokenStatusTable.Meaning(s));
    });

    // The meter casts one to the other, so they must be the same numbers, name by name.
    [Fact]
    public void EveryResultOfTheStandard_IsAStatusOfTheSameNumberAndName() => Assert.All(
        Enum.GetValues<TokenResult>().Where(r => r is not (TokenResult.None or TokenResult.Accept)),
        r => Assert.Equal(r.ToString(), ((TokenStatus)r).ToString()));
}
