using System.Diagnostics;
using System.Security.Cryptography;
using Latchkey.Testing;

namespace Latchkey.Metrology.Tests;

/// <summary>The software identification: the same on every build of the same source, another if and only if the source is another.</summary>
public sealed class ReproducibleImageTests : IDisposable
{
    private static readonly string[] Shared = ["Directory.Build.props", "Directory.Packages.props", "BannedSymbols.txt", "global.json", ".editorconfig", "nuget.config", "NuGet.config"];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("latchkey-image-");

    // Another folder, another product version, a build server, another room with another source: all but the legally relevant source is different.
    [Fact]
    public void BuiltElsewhere_WithEverythingElseChanged_IsTheSameImage()
    {
        string root = Copy("elsewhere-with-a-longer-name");
        string props = Path.Combine(root, "Directory.Build.props");
        File.WriteAllText(props, File.ReadAllText(props).Replace("<Version>0.1.0</Version>", "<Version>7.8.9-other</Version>", StringComparison.Ordinal));
        Directory.CreateDirectory(Path.Combine(root, "src", "meter", "Latchkey.Meter"));
        File.WriteAllText(Path.Combine(root, "src", "meter", "Latchkey.Meter", "Other.cs"), "class Other;");
        Assert.Equal(Running(), Build(root, server: true));
    }

    [Fact]
    public void OneNumberChanged_IsAnotherImage()
    {
        string root = Copy("changed");
        string source = Path.Combine(root, "src", "meter", "Latchkey.Metrology", "EnergyBook.cs");
        string text = File.ReadAllText(source);
        Assert.Contains("CreepPercent = 40", text, StringComparison.Ordinal);
        File.WriteAllText(source, text.Replace("CreepPercent = 40", "CreepPercent = 41", StringComparison.Ordinal));
        Assert.NotEqual(Running(), Build(root, server: false));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Running() => Hash(typeof(MetrologyCore).Assembly.Location);

    private static string Hash(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));

    private string Copy(string name)
    {
        string root = Path.Combine(_folder.FullName, name), room = Path.Combine(root, "src", "meter", "Latchkey.Metrology");
        Directory.CreateDirectory(room);
        foreach (string file in Shared.Where(f => File.Exists(RepositoryRoot.Combine(f)))) File.Copy(RepositoryRoot.Combine(file), Path.Combine(root, file));
        foreach (string file in Directory.EnumerateFiles(RepositoryRoot.Combine("src", "meter", "Latchkey.Metrology"))) File.Copy(file, Path.Combine(room, Path.GetFileName(file)));
        return root;
    }

    private static string Build(string root, bool server)
    {
        string room = Path.Combine(root, "src", "meter", "Latchkey.Metrology");
        // The configuration of the image that runs is the folder it lies in.
        string configuration = typeof(MetrologyCore).Assembly.Location.Contains($"{Path.DirectorySeparatorChar}Debug{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Debug" : "Release";
        string[] arguments = ["build", room, "-c", configuration, "--nologo", "-v", "quiet", "-m:1", "-p:RunAnalyzers=false", .. server ? ["-p:CI=true", "-p:ContinuousIntegrationBuild=true"] : Array.Empty<string>()];
        using Process process = Script.Start("dotnet", arguments);
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + error.GetAwaiter().GetResult());
        return Hash(Path.Combine(room, "bin", configuration, "net10.0", "Latchkey.Metrology.dll"));
    }
}
