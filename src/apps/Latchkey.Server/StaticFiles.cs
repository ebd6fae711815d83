using System.Reflection;

namespace Latchkey.Server;

/// <summary>Finds the list of static files. The build writes it under the name of the program that hosts this library, or under this library's own.</summary>
internal static class StaticFiles
{
    /// <summary>The assembly whose list lies beside the program.</summary>
    internal static string ManifestOwner { get; } = Owner();

    internal static string Manifest => Path.Combine(AppContext.BaseDirectory, Name(ManifestOwner));

    private static string Owner()
    {
        string library = typeof(StaticFiles).Assembly.GetName().Name!;
        string? host = Assembly.GetEntryAssembly()?.GetName().Name;
        return host is not null && File.Exists(Path.Combine(AppContext.BaseDirectory, Name(host))) ? host : library;
    }

    private static string Name(string owner) => owner + ".staticwebassets.endpoints.json";
}
