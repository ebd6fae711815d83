using System.Globalization;

namespace Latchkey.Cli.Dlms;

/// <summary>The units of scaler_unit that meters of electricity use.</summary>
/// <remarks>Source: IEC 62056-6-2, unit enumeration.</remarks>
internal static class DlmsUnits
{
    public static string Symbol(byte unit) => unit switch
    {
        1 => "a", 2 => "mo", 3 => "wk", 4 => "d", 5 => "h", 6 => "min", 7 => "s", 8 => "°", 9 => "°C", 10 => "currency",
        13 => "m³", 27 => "W", 28 => "VA", 29 => "var", 30 => "Wh", 31 => "VAh", 32 => "varh", 33 => "A", 34 => "C", 35 => "V",
        44 => "Hz", 56 => "%", 70 => "dBm", 255 => string.Empty,
        _ => "unit " + unit.ToString(CultureInfo.InvariantCulture),
    };
}
