namespace Latchkey.Architecture.Tests;

public sealed class ProjectGraphTests
{
    // Floor by floor, from the ground up. A project that is not listed does not exist; a target that is not listed is not allowed.
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Latchkey.Quantities"] = [],
        ["Latchkey.Metrology"] = [],
        ["Latchkey.Sts"] = ["Latchkey.Quantities"],
        ["Latchkey.Dlms"] = [],
        ["Latchkey.Dlms.Transport"] = ["Latchkey.Dlms"],
        ["Latchkey.ModuleLink"] = ["Latchkey.Quantities"],
        ["Latchkey.Ledger"] = ["Latchkey.Quantities"],
        ["Latchkey.Tariffs"] = ["Latchkey.Quantities"],
        ["Latchkey.Meter"] = ["Latchkey.Quantities", "Latchkey.Sts", "Latchkey.Dlms", "Latchkey.ModuleLink", "Latchkey.Metrology"],
        ["Latchkey.Modules"] = ["Latchkey.Quantities", "Latchkey.ModuleLink"],
        ["Latchkey.Simulator"] =
            ["Latchkey.Quantities", "Latchkey.Sts", "Latchkey.Dlms", "Latchkey.ModuleLink", "Latchkey.Metrology", "Latchkey.Meter", "Latchkey.Modules"],
        ["Latchkey.Vending"] = ["Latchkey.Quantities", "Latchkey.Sts", "Latchkey.Ledger", "Latchkey.Tariffs"],
        ["Latchkey.HeadEnd"] = ["Latchkey.Quantities", "Latchkey.Sts", "Latchkey.ModuleLink"],
        ["Latchkey.Payments"] = ["Latchkey.Quantities"],
        ["Latchkey.Messaging"] = ["Latchkey.Quantities"],
        ["Latchkey.Parks"] =
        [
            "Latchkey.Quantities", "Latchkey.Sts", "Latchkey.ModuleLink", "Latchkey.Ledger", "Latchkey.Tariffs", "Latchkey.Vending",
            "Latchkey.HeadEnd", "Latchkey.Payments", "Latchkey.Messaging",
        ],
        ["Latchkey.Storage"] =
        [
            "Latchkey.Quantities", "Latchkey.Sts", "Latchkey.ModuleLink", "Latchkey.Ledger", "Latchkey.Tariffs", "Latchkey.Vending",
            "Latchkey.HeadEnd", "Latchkey.Payments", "Latchkey.Messaging", "Latchkey.Parks",
        ],
        ["Latchkey.Custody"] = ["Latchkey.Quantities", "Latchkey.Sts", "Latchkey.Ledger", "Latchkey.Tariffs", "Latchkey.Vending"],
        ["Latchkey.Emulators"] = ["Latchkey.Quantities", "Latchkey.Sts"],
        ["Latchkey.Server"] = EverythingBelow("Latchkey.Server", "Latchkey.Cli"),
        ["Latchkey.Cli"] = EverythingBelow("Latchkey.Cli"),
    };

    [Fact]
    public void EveryProject_ReferencesOnlyWhatTheGraphAllows()
    {
        (string From, string To)[] references = ProjectFiles.References();
        Assert.NotEmpty(references);
        Assert.Empty(Violations(references));
    }

    [Fact]
    public void EveryProject_IsInTheGraph() =>
        Assert.Equal(Allowed.Keys.Order(StringComparer.Ordinal), ProjectFiles.All.Select(ProjectFiles.Name).Order(StringComparer.Ordinal));

    // A rule that cannot fail guards nothing, so each rule is shown one breach.
    [Theory]
    [InlineData("Latchkey.Sts", "Latchkey.Server")]
    [InlineData("Latchkey.Vending", "Latchkey.HeadEnd")]
    [InlineData("Latchkey.Metrology", "Latchkey.Quantities")]
    [InlineData("Latchkey.Unlisted", "Latchkey.Quantities")]
    public void AForbiddenReference_IsReported(string from, string to) => Assert.Single(Violations([(from, to)]));

    private static IEnumerable<string> Violations(IEnumerable<(string From, string To)> references) =>
        from r in references
        where !Allowed.TryGetValue(r.From, out string[]? targets) || !targets.Contains(r.To)
        select $"{r.From} -> {r.To}";

    private static string[] EverythingBelow(params string[] upper) =>
        [.. ProjectFiles.All.Select(ProjectFiles.Name).Except(upper, StringComparer.Ordinal)];
}
