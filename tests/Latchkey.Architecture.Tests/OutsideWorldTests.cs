namespace Latchkey.Architecture.Tests;

/// <summary>Databases, the web and the command line are each known to one or two rooms only.</summary>
public sealed class OutsideWorldTests
{
    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Microsoft.AspNetCore.App"] = ["Latchkey.Server", "Latchkey.Emulators"],
        ["Microsoft.NET.Sdk.Web"] = ["Latchkey.Server", "Latchkey.Cli"],
        ["Microsoft.NET.Sdk.Razor"] = ["Latchkey.Server"],
        ["Microsoft.Data.Sqlite"] = ["Latchkey.Storage"],
        ["Microsoft.EntityFrameworkCore.Sqlite"] = ["Latchkey.Storage"],
        ["Pkcs11Interop"] = ["Latchkey.Custody"],
        ["MudBlazor"] = ["Latchkey.Server"],
        ["Radzen.Blazor"] = ["Latchkey.Server"],
        ["System.CommandLine"] = ["Latchkey.Cli"],
        ["Spectre.Console"] = ["Latchkey.Cli"],
    };

    [Fact]
    public void EveryPackage_IsUsedOnlyWhereItBelongs() => Assert.Empty(Violations(ProjectFiles.Packages()));

    [Theory]
    [InlineData("Latchkey.Vending", "Microsoft.Data.Sqlite")]
    [InlineData("Latchkey.Parks", "Microsoft.AspNetCore.App")]
    public void APackageInTheWrongRoom_IsReported(string project, string package) => Assert.Single(Violations([(project, package)]));

    [Fact]
    public void Metrology_HasNoPackageAtAll() =>
        Assert.DoesNotContain(ProjectFiles.Packages(), p => p.Project == "Latchkey.Metrology" && p.Package != "Microsoft.NET.Sdk");

    private static IEnumerable<string> Violations(IEnumerable<(string Project, string Package)> packages) =>
        from p in packages
        where MayUse.TryGetValue(p.Package, out string[]? rooms) && !rooms.Contains(p.Project)
        select $"{p.Project} uses {p.Package}";
}
