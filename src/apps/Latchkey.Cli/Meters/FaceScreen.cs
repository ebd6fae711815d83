using System.Text;
using Latchkey.Meter.Control;
using Latchkey.Meter.Face;
using Latchkey.Meter.Hal;
using Latchkey.Simulator;

namespace Latchkey.Cli.Meters;

/// <summary>A meter's face in the terminal: display, lamps, keys and covers as text. It draws and reads keys; what they mean is the meter's.</summary>
internal static class FaceScreen
{
    private const int Width = 46;
    private const string Red = "\e[31m", Green = "\e[32m", Amber = "\e[33m", Bright = "\e[1m", Dim = "\e[2m", Off = "\e[0m";

    /// <summary>What the keys of a keyboard do besides 0 to 9, * and #.</summary>
    public const string Help = "0-9 type · Backspace * delete · Enter # · c cover · t terminals · g magnet · m mains · p module · q quit";

    /// <summary>The whole screen; without colour it is plain text.</summary>
    public static string Draw(VirtualMeter meter, bool colour)
    {
        FaceSnapshot face = meter.Face;
        var text = new StringBuilder();
        Line(text, '┌', '─', '┐', $" {meter.Profile.Name} ");
        Row(text, $"{Lamp(face.RelayLamp, "supply", Green, colour)}  {Lamp(face.PulseLed, "pulse", Red, colour)}  {Credit(face.CreditLed, colour)}", colour);
        Line(text, '├', '─', '┤', string.Empty);
        int columns = meter.Profile.DisplayColumns;
        Row(text, $"{Paint(Bright, colour)}{face.Line1.PadRight(columns)}{Paint(Off, colour)}  {Digits(face)}", colour);
        Row(text, $"{Paint(Bright, colour)}{face.Line2.PadRight(columns)}{Paint(Off, colour)}", colour);
        Row(text, face.EntryGroups.IsEmpty ? string.Empty : string.Join(' ', face.EntryGroups), colour);
        Row(text, Icons(face.Icons), colour);
        Line(text, '├', '─', '┤', string.Empty);
        Row(text, Sound(face.Buzzer), colour);
        Row(text, Around(meter), colour);
        Line(text, '└', '─', '┘', string.Empty);
        text.Append(Paint(Dim, colour)).Append(Help).Append(Paint(Off, colour)).Append('\n');
        return text.ToString();
    }

    /// <summary>Does what a key of the keyboard stands for; false to quit.</summary>
    public static bool Press(VirtualMeter meter, char key)
    {
        switch (key)
        {
            case 'q' or '\u0003' or '\u001b': return false;
            case 'c': meter.MeterCoverOpen = !meter.MeterCoverOpen; break;
            case 't': meter.TerminalCoverOpen = !meter.TerminalCoverOpen; break;
            case 'g': meter.MagnetPresent = !meter.MagnetPresent; break;
            case 'm': meter.MainsOn = !meter.MainsOn; break;
            case 'p' when meter.Module is null: meter.InsertModule(meter.Profile.ModuleAtDelivery); break;
            case 'p': meter.RemoveModule(); break;
            case '\r' or '\n' or '#': meter.PressKey('#'); break;
            case '\b' or '\u007f' or '*': meter.PressKey('*'); break;
            case >= '0' and <= '9': meter.PressKey(key); break;
        }

        return true;
    }

    private static string Digits(FaceSnapshot face) => face.Digits.Length == 0 ? string.Empty : $"[{face.Digits,9} {face.Unit}]";

    private static string Icons(FaceIcons icons) =>
        string.Join(' ', Enum.GetValues<FaceIcons>().Where(i => i != FaceIcons.None && (icons & i) != FaceIcons.None).Select(Name));

    private static string Name(FaceIcons icon) => icon switch
    {
        FaceIcons.ModulePresent => "module",
        FaceIcons.LowCredit => "LOW",
        FaceIcons.EmergencyOffered => "emergency?",
        FaceIcons.EmergencyInUse => "emergency!",
        _ => icon.ToString().ToLowerInvariant(),
    };

    private static string Sound(Buzzer sound) => sound switch
    {
        Buzzer.Silent => string.Empty,
        Buzzer.KeyClick => "(click)",
        Buzzer.Accepted => "(beep BEEP)",
        Buzzer.Rejected => "(bup bup bup)",
        _ => "(beeep)",
    };

    private static string Around(VirtualMeter meter)
    {
        var around = new List<string> { meter.MainsOn ? "mains on" : "MAINS OFF" };
        if (meter.MeterCoverOpen) around.Add("cover open");
        if (meter.TerminalCoverOpen) around.Add("terminals open");
        if (meter.MagnetPresent) around.Add("magnet");
        around.Add(meter.Module is { } module ? $"{module.Kind} {module.Bearer.ToString().ToLowerInvariant()}" : "slot empty");
        if (meter.IsRunning && meter.Snapshot is { TamperLatched: not TamperInputs.None }) around.Add(OffReasonTable.Text(meter.Snapshot.ForemostReason));
        return string.Join(", ", around);
    }

    private static string Lamp(bool lit, string name, string tint, bool colour) => lit ? $"{Paint(tint, colour)}●{Paint(Off, colour)} {name}" : $"○ {name}";

    private static string Credit(CreditLed led, bool colour) => led switch
    {
        CreditLed.Off => "○ credit",
        CreditLed.Green => Lamp(lit: true, "credit", Green, colour),
        CreditLed.Amber => Lamp(lit: true, "credit low", Amber, colour),
        _ => Lamp(lit: true, "credit nearly gone", Red, colour),
    };

    private static void Line(StringBuilder text, char left, char fill, char right, string title) =>
        text.Append(left).Append(title.PadRight(Width, fill)).Append(right).Append('\n');

    private static void Row(StringBuilder text, string content, bool colour)
    {
        int shown = Visible(content);
        text.Append("│ ").Append(shown > Width - 2 && !colour ? content[..(Width - 2)] : content).Append(' ', Math.Max(0, Width - 2 - shown)).Append(" │\n");
    }

    private static int Visible(string content)
    {
        int count = 0;
        bool inside = false;
        foreach (char c in content)
        {
            if (c == '\e') inside = true;
            else if (inside) inside = c != 'm';
            else count++;
        }

        return count;
    }

    private static string Paint(string code, bool colour) => colour ? code : string.Empty;
}
