using System.Text.Json;
using Latchkey.Testing;

namespace Latchkey.Metrology.Tests;

/// <summary>The budgets of the interrupt on programs compiled ahead of time. Where callgrind or the cross compiler is missing, a named skip.</summary>
public sealed class InstructionBudgetTests
{
    [Fact]
    public void Interrupt_OnX64_StaysWithinItsInstructions_AndTheGuardCanFail()
    {
        ScriptAnswer counted = Run("bench/metrology-instructions.sh", "--json");
        Assert.True(counted.Status == 0, counted.Error + counted.Output);
        double perSample = Figure(counted, "single-phase");
        Assert.InRange(perSample, 80, 130 * 1.02);

        // The same count against a limit that it passes by more than 2 %.
        Assert.Equal(0, Script.Run("bench/metrology-instructions.sh", "--judge", Limit(perSample / 1.019)).Status);
        Assert.Equal(1, Script.Run("bench/metrology-instructions.sh", "--judge", Limit(perSample / 1.021)).Status);
    }

    [Fact]
    public void Interrupt_OnArm64_IsLoopFree_AndItsRegistersAreThose_OfX64()
    {
        ScriptAnswer answer = Run("bench/metrology-arm64.sh", "--json");
        Assert.True(answer.Status == 0, answer.Error + answer.Output);
        Assert.InRange(Figure(answer, "static-instructions"), 80, 180 * 1.02);
        Assert.Equal(0, Figure(answer, "backward-branches"));

        // A method with a loop in it, through the same check.
        ScriptAnswer breach = Run("bench/metrology-arm64.sh", "--json", "--method", "Workload__FeedSingle");
        Assert.Equal(1, breach.Status);
        Assert.True(Figure(breach, "backward-branches") > 0);
    }

    private static ScriptAnswer Run(string script, params string[] arguments)
    {
        ScriptAnswer answer = Script.Run(script, arguments);
        Assert.SkipWhen(answer.Status == ScriptAnswer.ToolMissing, answer.Error);
        return answer;
    }

    private static string Limit(double value) => value.ToString("F3", System.Globalization.CultureInfo.InvariantCulture);

    private static double Figure(ScriptAnswer answer, string name)
    {
        using JsonDocument document = JsonDocument.Parse(answer.Output);
        return document.RootElement.GetProperty("figures").EnumerateArray().Single(f => f.GetProperty("name").GetString() == name).GetProperty("value").GetDouble();
    }
}
