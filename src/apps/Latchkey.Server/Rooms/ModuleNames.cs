using Latchkey.ModuleLink.Frames;

namespace Latchkey.Server.Rooms;

/// <summary>Modules as people call them.</summary>
public static class ModuleNames
{
    private static readonly (ModuleKind Kind, string Name)[] Rows =
    [
        (ModuleKind.Lte4G, "4G"), (ModuleKind.Nr5G, "5G"), (ModuleKind.NbIot, "NB-IoT"), (ModuleKind.LoRaWan, "LoRaWAN"), (ModuleKind.WiFi, "WiFi"), (ModuleKind.Rs485, "RS-485"),
    ];

    /// <summary>All names, in the order in which they are offered.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Rows.Select(row => row.Name)];

    public static string Of(ModuleKind kind) => Array.Find(Rows, row => row.Kind == kind).Name ?? kind.ToString();

    /// <summary>The kind of that name, or null.</summary>
    public static ModuleKind? Find(string name) => Array.Find(Rows, row => row.Name == name) is { Name: not null } row ? row.Kind : null;
}
