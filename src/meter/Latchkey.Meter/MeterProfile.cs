using System.Globalization;
using Latchkey.ModuleLink.Frames;

namespace Latchkey.Meter;

/// <summary>What distinguishes one model from another: data, no code.</summary>
/// <remarks>The ratings follow public descriptions and typical peers; terminals, register maps and payloads are this project's own.</remarks>
/// <param name="Name">The model's name.</param>
/// <param name="Phases">1, or 3 with four wires.</param>
/// <param name="BaseCurrentA">Base current Ib, amperes.</param>
/// <param name="MaxCurrentA">Maximum current Imax, amperes.</param>
/// <param name="NominalVoltageV">Nominal voltage between phase and neutral, volts.</param>
/// <param name="ImpulsesPerKwh">Constant of the verification output.</param>
/// <param name="ModuleAtDelivery">The module in the slot when it leaves the factory.</param>
/// <param name="HasOnBoardWiFi">A WiFi interface beside the slot.</param>
/// <param name="DisplayColumns">Characters in a line of the display.</param>
public sealed record MeterProfile(
    string Name,
    int Phases,
    int BaseCurrentA,
    int MaxCurrentA,
    int NominalVoltageV,
    int ImpulsesPerKwh,
    ModuleKind ModuleAtDelivery,
    bool HasOnBoardWiFi,
    int DisplayColumns)
{
    public static MeterProfile Kpm31 { get; } = new("kpm31", 1, 5, 60, 230, 1600, ModuleKind.Lte4G, HasOnBoardWiFi: false, DisplayColumns: 16);

    public static MeterProfile Kpm33 { get; } = new("kpm33", 3, 10, 80, 230, 1600, ModuleKind.Lte4G, HasOnBoardWiFi: false, DisplayColumns: 16);

    public static MeterProfile Kpm37 { get; } = new("kpm37", 3, 10, 100, 230, 1600, ModuleKind.Lte4G, HasOnBoardWiFi: true, DisplayColumns: 20);

    public static IReadOnlyList<MeterProfile> All { get; } = [Kpm31, Kpm33, Kpm37];

    /// <summary>The digits of the name, by which a firmware image says for which hardware it is; 0 for a name without any.</summary>
    public ushort ModelNumber => ushort.TryParse(string.Concat(Name.Where(char.IsAsciiDigit)), NumberStyles.None, CultureInfo.InvariantCulture, out ushort number) ? number : (ushort)0;

    public static bool TryFind(string name, out MeterProfile? profile)
    {
        profile = All.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase));
        return profile is not null;
    }
}
