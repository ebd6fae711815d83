using System.CommandLine;
using Latchkey.Cli.Tariffs;
using Latchkey.Testing;

namespace Latchkey.Cli.Tests.Tariffs;

/// <summary>The tariff commands as a user types them. One at a time, because they write to the process's console.</summary>
[Collection("console")]
public sealed class TariffCommandTests
{
    private const string Flat = """{"id":"A","currency":"CNY","minor_digits":2,"blocks":[{"from":0,"to":null,"rate":0.6}]}""";
    private const string Steps = """{"id":"A","currency":"CNY","minor_digits":2,"blocks":[{"from":0,"to":100,"rate":0.5},{"from":100,"to":null,"rate":0.8}]}""";

    private static string Published => RepositoryRoot.Combine("vectors", "tariffs", "tariffs.json");

    [Fact]
    public void Check_ThePublishedTariffs_FindsThemSound() => Assert.Equal((0, "6 tariffs are sound"), Run("check", Published));

    [Fact]
    public void Check_ABadNumber_SaysWhereItStands()
    {
        using var files = new TemporaryDirectory();
        File.WriteAllText(files.File("bad.json"), Flat.Replace("0.6", "\"x\"", StringComparison.Ordinal));
        Assert.Equal((1, "A: blocks[0].rate: a number of reasonable length is expected"), Run("check", files.File("bad.json")));
    }

    // The lines that were printed in Nairobi on 11 January 2024: REP 6.48, fuel 33.85, forex 50.53, EPRA 0.62, WRA 0.11.
    [Fact]
    public void Price_ThePublishedPurchase_HasThePrintedLines()
    {
        (int code, string text) = Run("price", Published, "--tariff", "KE-KPLC-DC2-2024-01", "--amount", "250", "--day", "2024-01-11");
        Assert.Equal(0, code);
        foreach (string line in (string[])["REP 5 % = 6.48 KES", "at 4.3287 = 33.85 KES", "at 6.4616 = 50.53 KES", "at 0.08 = 0.62 KES", "at 0.0141 = 0.11 KES"]) Assert.Contains(line, text);
    }

    [Theory]
    [InlineData("--amount", "0")]
    [InlineData("--amount", "1.001")]
    [InlineData("--kwh", "-1")]
    public void Price_OfNothingThatCanBeSold_Fails(string option, string value) =>
        Assert.Equal(1, Run("price", Published, "--tariff", "CN-BEIJING-LADDER", option, value).Code);

    [Fact]
    public void Simulate_LastMonth_TellsEachMetersChange()
    {
        using var files = new TemporaryDirectory();
        File.WriteAllText(files.File("old.json"), Flat);
        File.WriteAllText(files.File("new.json"), Steps);
        File.WriteAllText(files.File("month.csv"), "meter,day,kWh\nA,2026-01-03,80\nA,2026-01-20,60\nB,2026-01-05,40\n");
        (int code, string text) = Run("simulate", files.File("new.json"), "--against", files.File("old.json"), "--purchases", files.File("month.csv"));
        Assert.Equal(0, code);
        Assert.Matches("all +180 +108 +102 +-6", text);
    }

    private static (int Code, string Text) Run(params string[] args)
    {
        TextWriter before = Console.Out;
        using var output = new StringWriter();
        try
        {
            Console.SetOut(output);
            int code = new RootCommand("latchkey") { TariffCommand.Create() }.Parse(["tariff", .. args]).Invoke();
            return (code, output.ToString().Trim());
        }
        finally
        {
            Console.SetOut(before);
        }
    }
}
