using System.Xml.Linq;
using Latchkey.Testing;

namespace Latchkey.Architecture.Tests;

/// <summary>The projects under src/ as their files tell them.</summary>
internal static class ProjectFiles
{
    internal static readonly string[] All = Directory.GetFiles(RepositoryRoot.Combine("src"), "*.csproj", SearchOption.AllDirectories);

    internal static (string From, string To)[] References() =>
        [.. All.SelectMany(path => Items(path, "ProjectReference").Select(to => (Name(path), Name(to.Replace('\\', '/')))))];

    internal static (string Project, string Package)[] Packages() =>
        [.. All.SelectMany(path => Items(path, "PackageReference").Concat(Items(path, "FrameworkReference")).Concat(Sdk(path))
            .Select(package => (Name(path), package)))];

    internal static string Name(string path) => Path.GetFileNameWithoutExtension(path);

    private static IEnumerable<string> Items(string path, string item) =>
        XDocument.Load(path).Descendants(item).Select(element => (string?)element.Attribute("Include") ?? string.Empty);

    private static IEnumerable<string> Sdk(string path) => [(string?)XDocument.Load(path).Root?.Attribute("Sdk") ?? string.Empty];
}
