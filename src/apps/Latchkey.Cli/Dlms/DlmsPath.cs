using System.Globalization;
using Latchkey.Dlms.Cosem;

namespace Latchkey.Cli.Dlms;

/// <summary>Names an attribute or a method as CLASS/OBIS/INDEX, OBIS/INDEX or OBIS; without a class the meter's object list says it.</summary>
internal readonly record struct DlmsPath(InterfaceClass Class, LogicalName Name, sbyte Index)
{
    public static bool TryParse(string text, sbyte defaultIndex, out DlmsPath path)
    {
        path = default;
        string[] parts = text.Split('/');
        if (parts.Length is 0 or > 3) return false;
        int at = parts.Length == 3 ? 1 : 0;
        ushort classId = 0;
        sbyte index = defaultIndex;
        if (parts.Length == 3 && !ushort.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out classId)) return false;
        if (parts.Length > 1 && !sbyte.TryParse(parts[^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out index)) return false;
        if (!LogicalName.TryParse(parts[at], out LogicalName name) && !LogicalName.TryParse(parts[at] + ".255", out name)) return false;
        path = new DlmsPath((InterfaceClass)classId, name, index);
        return true;
    }

    public bool HasClass => Class != InterfaceClass.None;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(ushort)Class}/{Name}/{Index}");
}
