namespace Latchkey.Testing;

/// <summary>Where the repository lies: tests read vectors and samples from there, never from a fixed path.</summary>
public static class RepositoryRoot
{
    private static readonly Lazy<string> Found = new(Find);

    public static string Path => Found.Value;

    /// <summary>A file or folder of the repository by its parts.</summary>
    public static string Combine(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>The folder with public data sets beside the repository, or null where a user has only the repository.</summary>
    public static string? SharedData
    {
        get
        {
            string beside = System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, "..", "shared", "data"));
            return Directory.Exists(beside) ? beside : null;
        }
    }

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Latchkey.slnx"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("Latchkey.slnx was not found above " + AppContext.BaseDirectory);
    }
}
