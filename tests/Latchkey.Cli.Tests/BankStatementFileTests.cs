using Latchkey.Cli.Vendors;
using Latchkey.Vending.Vendors;

namespace Latchkey.Cli.Tests;

public sealed class BankStatementFileTests
{
    [Fact]
    public void Read_GoodLines_GivesThemInOrder()
    {
        Assert.Null(BankStatementFile.Read("B1, 2026-11-22, KIOSK-1-00001-35, 50000, CNY\r\n\nB2,2026-11-23,hello,7,ZAR\n", out IReadOnlyList<BankLine> lines));
        Assert.Equal([("B1", 50_000L), ("B2", 7L)], lines.Select(l => (l.Id, l.Amount.MinorUnits)));
    }

    [Theory]
    [InlineData("", "no line")]
    [InlineData("B1,2026-11-22,ref,5", "line 1 has 4 fields")]
    [InlineData("B1,2026-11-22,ref,5,CNY\nB2,22.11.2026,ref,5,CNY", "line 2: the date")]
    [InlineData("B1,2026-11-22,ref,-5,CNY", "line 1: the amount")]
    [InlineData("B1,2026-11-22,ref,5,XXQ", "line 1: 'XXQ'")]
    public void Read_ABadLine_NamesIt(string text, string fault) => Assert.Contains(fault, BankStatementFile.Read(text, out _), StringComparison.Ordinal);
}
