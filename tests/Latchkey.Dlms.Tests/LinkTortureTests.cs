using Latchkey.Dlms.Bench.Torture;

namespace Latchkey.Dlms.Tests;

/// <summary>1,000 operations over each bad line, 10,000 with LATCHKEY_LONG=1; the seed replays a run.</summary>
public sealed class LinkTortureTests
{
    private static readonly int Operations = LongRun.IsOn ? 10_000 : 1_000;

    public static TheoryData<int> Kinds => [.. Enum.GetValues<TortureKind>().Select(kind => (int)kind)];

    [Theory, MemberData(nameof(Kinds))]
    public void ProfilesAndTokens_OverABadLine_EndRightOrClearly_NeverTwice_NeverHung(int kind)
    {
        TortureResult result = LinkTorture.Run((TortureKind)kind, Operations, LongRun.Seed);
        Assert.Equal(new TortureResult(result.Right, Operations - result.Right, 0, 0, 0, 0), result);

        // A line so bad that nothing gets through would prove nothing.
        Assert.InRange(result.Right, Operations * 9 / 10, Operations);
    }

    [Fact]
    public void TheSameSeed_GivesTheSameEnd() =>
        Assert.Equal(LinkTorture.Run(TortureKind.Datagrams, 100, 7), LinkTorture.Run(TortureKind.Datagrams, 100, 7));
}
