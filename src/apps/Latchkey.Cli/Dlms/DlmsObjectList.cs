using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Services;
using Latchkey.Dlms.Transport.Links;

namespace Latchkey.Cli.Dlms;

/// <summary>One object of a meter as its association shows it.</summary>
internal sealed record DlmsListedObject(InterfaceClass Class, byte Version, string Obis, IReadOnlyList<int> Readable, IReadOnlyList<int> Writable, IReadOnlyList<int> Callable);

/// <summary>Reads the object list of an association, and finds the class of an object in it.</summary>
internal static class DlmsObjectList
{
    private static readonly AttributeDescriptor List = new(InterfaceClass.Association, new LogicalName(0, 0, 40, 0, 0), 2);

    public static async Task<(ClientFailure Failure, IReadOnlyList<DlmsListedObject> Objects)> ReadAsync(DlmsSession session, CancellationToken cancellationToken)
    {
        ClientFailure failure = await session.ReadAsync(List, default, cancellationToken).ConfigureAwait(false);
        return failure.Kind == ClientFailureKind.None ? (failure, Objects(session.Client.Value)) : (failure, []);
    }

    /// <summary>Fills in the classes that the user left out; null with a fault in words where that is not possible.</summary>
    public static async Task<(DlmsPath[]? Paths, string? Fault)> ResolveAsync(DlmsSession session, DlmsPath[] paths, CancellationToken cancellationToken)
    {
        if (paths.All(p => p.HasClass)) return (paths, null);
        (ClientFailure failure, IReadOnlyList<DlmsListedObject> objects) = await ReadAsync(session, cancellationToken).ConfigureAwait(false);
        if (failure.Kind != ClientFailureKind.None) return (null, "the class is not given and the object list cannot be read: " + DlmsFailureText.Of(failure));
        var resolved = new DlmsPath[paths.Length];
        for (int i = 0; i < paths.Length; i++)
        {
            string name = paths[i].Name.ToString();
            DlmsListedObject? found = paths[i].HasClass ? null : objects.FirstOrDefault(o => o.Obis == name);
            if (!paths[i].HasClass && found is null) return (null, $"this association has no object {name}");
            resolved[i] = found is null ? paths[i] : paths[i] with { Class = found.Class };
        }

        return (resolved, null);
    }

    private static List<DlmsListedObject> Objects(DataView list)
    {
        var objects = new List<DlmsListedObject>();
        foreach (DataView entry in list.Items)
        {
            DataItems fields = entry.Items;
            if (!fields.TryTake(DataTag.LongUnsigned, out long classId) || !fields.TryTake(DataTag.Unsigned, out long version)) continue;
            if (!fields.TryTake(out DataView named) || !named.TryGetLogicalName(out LogicalName name)) continue;
            _ = fields.TryTake(out DataView rights);
            DataItems parts = rights.Items;
            _ = parts.TryTake(out DataView attributes);
            _ = parts.TryTake(out DataView methods);
            objects.Add(new DlmsListedObject(
                (InterfaceClass)classId, (byte)version, name.ToString(), With(attributes, bit: 0), With(attributes, bit: 1), With(methods, bit: 0)));
        }

        return objects;
    }

    private static List<int> With(DataView rights, int bit)
    {
        var indices = new List<int>();
        foreach (DataView right in rights.Items)
        {
            DataItems fields = right.Items;
            if (!fields.TryTake(out DataView index) || !index.TryGetInteger(out long number)) continue;
            if (fields.TryTake(out DataView mode) && mode.TryGetInteger(out long bits) && ((bits >> bit) & 1) != 0) indices.Add((int)number);
        }

        return indices;
    }
}
