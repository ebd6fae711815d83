namespace Latchkey.Testing;

/// <summary>A directory of one test's own, gone when the test ends.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    private const string MemoryDisk = "/dev/shm";

    public TemporaryDirectory()
        : this(System.IO.Path.GetTempPath())
    {
    }

    private TemporaryDirectory(string parent) => Path = Directory.CreateDirectory(
        System.IO.Path.Combine(parent, "latchkey-test-" + System.IO.Path.GetRandomFileName())).FullName;

    public string Path { get; }

    /// <summary>On a disk in memory where the machine has one: for tests of logic that write thousands of times and do not ask what a disk does.</summary>
    public static TemporaryDirectory InMemory() => Directory.Exists(MemoryDisk) ? new TemporaryDirectory(MemoryDisk) : new TemporaryDirectory();

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
