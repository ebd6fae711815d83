using System.Text.RegularExpressions;
using Latchkey.Testing;

namespace Latchkey.Architecture.Tests;

public sealed partial class RepositoryRulesTests
{
    [Fact]
    public void EveryProject_HasAReadme() =>
        Assert.Empty(ProjectFiles.All.Where(path => !File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "README.md"))));

    [Fact]
    public void NoSource_CarriesAPrivateKey() => Assert.Empty(Sources().Where(path => PrivateKey().IsMatch(File.ReadAllText(path))));

    [Fact]
    public void APrivateKey_IsReported() => Assert.Matches(PrivateKey(), "-----BEGIN RSA " + "PRIVATE KEY-----");

    [Fact]
    public void EveryProject_HasALockFile() =>
        Assert.Empty(ProjectFiles.All.Where(path => !File.Exists(Path.Combine(Path.GetDirectoryName(path)!, "packages.lock.json"))));

    [Fact]
    public void EveryProject_IsInTheSolution()
    {
        string solution = File.ReadAllText(RepositoryRoot.Combine("Latchkey.slnx"));
        Assert.Empty(ProjectFiles.All.Select(Path.GetFileName).Where(name => !solution.Contains(name!, StringComparison.Ordinal)));
    }

    // A stored number that moves with the order of its neighbours changes the meaning of what is already on disk or on the wire.
    [Fact]
    public void EveryEnumInTheProduct_NumbersItsMembers() => Assert.Empty(Sources().SelectMany(UnnumberedEnums));

    [Fact]
    public void AnUnnumberedEnum_IsReported() => Assert.Single(UnnumberedIn("public enum Colour { Red, Green = 2 }"));

    private static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(RepositoryRoot.Combine("src"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static IEnumerable<string> UnnumberedEnums(string path) =>
        UnnumberedIn(File.ReadAllText(path)).Select(name => $"{Path.GetFileName(path)}: {name}");

    private static IEnumerable<string> UnnumberedIn(string source) =>
        from Match match in PublicEnum().Matches(Comment().Replace(source, string.Empty))
        let members = match.Groups["body"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        where members.Any(member => !member.Contains('=', StringComparison.Ordinal))
        select match.Groups["name"].Value;

    [GeneratedRegex("BEGIN (RSA |EC )?PRIVATE KEY")]
    private static partial Regex PrivateKey();

    [GeneratedRegex(@"public enum (?<name>\w+)[^{]*\{(?<body>[^}]*)\}")]
    private static partial Regex PublicEnum();

    [GeneratedRegex(@"//[^\n]*|\[[^\]]*\]")]
    private static partial Regex Comment();
}
