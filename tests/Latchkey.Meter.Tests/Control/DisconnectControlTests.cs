using Latchkey.Dlms.Cosem;
using Latchkey.Meter.Control;
using static Latchkey.Dlms.Cosem.ControlState;
using static Latchkey.Dlms.Cosem.ControlTrigger;

namespace Latchkey.Meter.Tests.Control;

public sealed class DisconnectControlTests
{
    // The table of the standard, column by column: remote off, manual off, local off, remote on, manual on, local on. A dash is "forbidden".
    private static readonly string[][] Standard =
    [
        ["-", "-", "-", "-", "-", "-"],
        ["bc", "f", "g", "d", "e", "-"],
        ["bc", "f", "g", "a", "e", "-"],
        ["bc", "-", "g", "d", "e", "-"],
        ["bc", "-", "g", "a", "e", "-"],
        ["bc", "f", "g", "d", "e", "h"],
        ["bc", "-", "g", "d", "e", "h"],
        ["bc", "-", "g", "ai", "e", "h"],
    ];

    private static readonly Dictionary<char, (ControlState From, ControlTrigger Trigger, ControlState To)> Letters = new()
    {
        ['a'] = (Disconnected, RemoteReconnect, Connected),
        ['b'] = (Connected, RemoteDisconnect, Disconnected),
        ['c'] = (ReadyForReconnection, RemoteDisconnect, Disconnected),
        ['d'] = (Disconnected, RemoteReconnect, ReadyForReconnection),
        ['e'] = (ReadyForReconnection, ManualReconnect, Connected),
        ['f'] = (Connected, ManualDisconnect, ReadyForReconnection),
        ['g'] = (Connected, LocalDisconnect, ReadyForReconnection),
        ['h'] = (ReadyForReconnection, LocalReconnect, Connected),
        ['i'] = (ReadyForReconnection, RemoteReconnect, Connected),
    };

    [Fact]
    public void Next_OverTheWholeDomain_IsTheTableOfTheStandard()
    {
        foreach ((int mode, ControlState state, ControlTrigger trigger) in Domain())
        {
            ControlState? expected = string.Concat(Standard[mode]).Where(c => c != '-').Select(c => Letters[c])
                .Where(t => t.From == state && t.Trigger == trigger).Select(t => (ControlState?)t.To).SingleOrDefault();
            Assert.True(expected == DisconnectControlTable.Next(mode, state, trigger), $"mode {mode}, {state}, {trigger}");
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(8)]
    public void Next_InAModeThatDoesNotExist_IsForbidden(int mode) => Assert.Null(DisconnectControlTable.Next(mode, Connected, RemoteDisconnect));

    [Fact]
    public void Decision_WithALocalReason_IsNeverConnectedInAnyModeThatCanSwitch()
    {
        foreach ((int mode, ControlState state, ControlTrigger trigger) in Domain().Where(d => d.Mode > 0))
        {
            SupplyDecision held = new SupplyDecision(state, (byte)mode, OffReasons.None).WithReason(OffReasons.Credit, holds: true);
            Assert.False(held.WantsClosed);
            Assert.False(held.After(trigger)?.WantsClosed ?? false);
        }
    }

    [Fact]
    public void Decision_WhenTheLastReasonEnds_ReconnectsOnlyWhereTheModePermitsIt()
    {
        foreach (int mode in Enumerable.Range(1, 7))
        {
            SupplyDecision off = new SupplyDecision(Connected, (byte)mode, OffReasons.None)
                .WithReason(OffReasons.Credit, holds: true).WithReason(OffReasons.MeterCover, holds: true).WithReason(OffReasons.Credit, holds: false);
            Assert.False(off.WantsClosed);
            Assert.Equal(mode >= 5, off.WithReason(OffReasons.MeterCover, holds: false).WantsClosed);
        }
    }

    [Fact]
    public void Decision_SwitchedOffRemotely_IsNotUndoneByCredit()
    {
        SupplyDecision off = new SupplyDecision(Connected, 6, OffReasons.Credit).After(RemoteDisconnect)!.Value;
        SupplyDecision paid = off.WithReason(OffReasons.Credit, holds: false);
        Assert.Equal((Disconnected, OffReasons.Remote), (paid.State, paid.AllReasons));
        Assert.Equal(Connected, paid.After(RemoteReconnect)!.Value.State);
    }

    [Fact]
    public void Decision_InMode0_IsAlwaysConnected()
    {
        SupplyDecision always = new(Connected, 0, OffReasons.None);
        Assert.True(always.WithReason(OffReasons.Credit, holds: true).WantsClosed);
        Assert.Null(always.After(RemoteDisconnect));
    }

    [Fact]
    public void Reasons_EachHasItsOwnCodeAndWords()
    {
        OffReasons[] all = [.. Enum.GetValues<OffReasons>().Where(r => r != OffReasons.None)];
        Assert.Equal(all.Length, all.Select(OffReasonTable.Code).Distinct().Count());
        Assert.All(all, r => Assert.False(string.IsNullOrEmpty(OffReasonTable.Text(r))));
        Assert.All(all, r => Assert.InRange(OffReasonTable.Display(r).Length, 1, 12));
        Assert.DoesNotContain(99, all.Select(OffReasonTable.Code));
    }

    [Fact]
    public void Reasons_KeepTheirBits() =>
        Assert.Equal([0u, 1, 2, 4, 8, 16, 32, 64, 128, 512, 1 << 20, 1 << 21], Enum.GetValues<OffReasons>().Select(r => (uint)r));

    private static IEnumerable<(int Mode, ControlState State, ControlTrigger Trigger)> Domain() =>
        from mode in Enumerable.Range(0, 8)
        from state in Enum.GetValues<ControlState>()
        from trigger in Enum.GetValues<ControlTrigger>()
        select (mode, state, trigger);
}
