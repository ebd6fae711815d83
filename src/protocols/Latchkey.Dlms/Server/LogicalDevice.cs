using Latchkey.Dlms.Cosem;

namespace Latchkey.Dlms.Server;

/// <summary>The objects of a meter, and who may do what with each.</summary>
public sealed partial class LogicalDevice
{
    private readonly Dictionary<LogicalName, DeviceObject> _objects = [];

    /// <summary>Objects in the order of their names.</summary>
    internal IEnumerable<DeviceObject> Objects => _objects.Values.OrderBy(o => o.Object.Name.Value);

    /// <summary>The number of objects.</summary>
    public int Count => _objects.Count;

    /// <summary>Adds an object with the rights of each client; two objects of one name are a mistake of the caller.</summary>
    public LogicalDevice Add(ICosemObject item, params AccessGrant[] grants)
    {
        _objects.Add(item.Name, new DeviceObject(item, grants));
        return this;
    }

    internal bool TryFind(LogicalName name, out DeviceObject? found) => _objects.TryGetValue(name, out found);
}

/// <summary>An object with the rights of each client.</summary>
internal sealed class DeviceObject(ICosemObject item, AccessGrant[] grants)
{
    public ICosemObject Object { get; } = item;

    public bool IsVisibleTo(ushort client)
    {
        foreach (AccessGrant grant in grants)
        {
            if (grant.Client == client) return true;
        }

        return false;
    }

    public AccessRights RightsOf(ushort client, bool isMethod, int index)
    {
        AccessRights rights = AccessRights.None;
        foreach (AccessGrant grant in grants)
        {
            bool applies = grant.Client == client && grant.IsMethod == isMethod && index >= grant.First && index <= grant.Last;
            if (applies) rights |= grant.Rights;
        }

        return rights;
    }
}
