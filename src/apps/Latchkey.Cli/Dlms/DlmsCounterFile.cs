using System.Globalization;
using System.Text.Json;
using Latchkey.Cli.Sts;
using Latchkey.Dlms.Security;

namespace Latchkey.Cli.Dlms;

/// <summary>The invocation counters of a key file, in a file beside it. Held for one process at a time: two would use a counter twice.</summary>
internal sealed class DlmsCounterFile : IInvocationCounterStore, IDisposable
{
    private readonly FileStream _lock;
    private readonly string _path;
    private readonly SortedDictionary<string, ulong> _counters;

    private DlmsCounterFile(FileStream held, string path, SortedDictionary<string, ulong> counters) => (_lock, _path, _counters) = (held, path, counters);

    public static Result<DlmsCounterFile> Open(string path)
    {
        try
        {
            var held = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            SortedDictionary<string, ulong>? known = File.Exists(path) ? JsonSerializer.Deserialize<SortedDictionary<string, ulong>>(File.ReadAllBytes(path)) : [];
            return new(new DlmsCounterFile(held, path, known ?? []));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return new($"the counters in {path} cannot be used, and without them a key must not be: {e.Message}");
        }
    }

    public ulong LoadTransmit(KeySlot slot) => _counters.GetValueOrDefault("transmit " + Name(slot));

    public void SaveTransmit(KeySlot slot, ulong bound) => Save("transmit " + Name(slot), bound);

    public ulong LoadReceive(KeySlot slot, SystemTitle sender) => _counters.GetValueOrDefault($"receive {Name(slot)} {sender}");

    public void SaveReceive(KeySlot slot, SystemTitle sender, ulong bound) => Save($"receive {Name(slot)} {sender}", bound);

    public void ForgetReceived(KeySlot slot)
    {
        foreach (string name in _counters.Keys.Where(k => k.StartsWith("receive " + Name(slot), StringComparison.Ordinal)).ToArray()) _counters.Remove(name);
        Flush();
    }

    public void Dispose() => _lock.Dispose();

    private static string Name(KeySlot slot) => ((byte)slot).ToString(CultureInfo.InvariantCulture);

    private void Save(string name, ulong bound)
    {
        _counters[name] = bound;
        Flush();
    }

    // Whole or not at all: written aside, made durable, then put in place.
    private void Flush()
    {
        string aside = _path + ".new";
        using (var file = new FileStream(aside, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            JsonSerializer.Serialize(file, _counters);
            file.Flush(flushToDisk: true);
        }

        File.Move(aside, _path, overwrite: true);
    }
}
