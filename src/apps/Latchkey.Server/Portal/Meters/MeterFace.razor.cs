using System.Globalization;
using Latchkey.Meter.Face;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Latchkey.Server.Portal.Meters;

/// <summary>A part of the meter that a hand can move.</summary>
public enum FacePart { MeterCover = 0, TerminalCover = 1, Magnet = 2, Mains = 3, Module = 4 }

/// <summary>Draws a <see cref="FaceView"/> and reports what a hand does to it.</summary>
public sealed partial class MeterFace
{
    private const int DigitCount = 8, EntryGroupCount = 5;
    private const string Keys = "123456789*0#";

    // Points of the segments a to g in a cell of 24 by 42.
    private static readonly string[] Strokes =
    [
        "3,1 21,1 18,5 6,5",
        "22,2 22,20 20,20.5 18,18 18,6",
        "22,22 22,40 18,36 18,24 20,21.5",
        "3,41 6,37 18,37 21,41",
        "2,22 4,21.5 6,24 6,36 2,40",
        "2,2 6,6 6,18 4,20.5 2,20",
        "5,21 7,19 17,19 19,21 17,23 7,23",
    ];

    private static readonly Symbol[] Symbols =
    [
        new(0, FaceIcons.Connected, "M0 9 h4 M12 9 h4 M4 9 h8"),
        new(0, FaceIcons.Disconnected, "M0 9 h4 M12 9 h4 M4 9 l8 -6"),
        new(30, FaceIcons.Tamper, "M2 6 h10 v8 H2 z M4 6 V4 a3 3 0 0 1 6 0"),
        new(54, FaceIcons.LowCredit, "M7 1 L14 14 H0 z M7 6 v4 M7 12 v.5"),
        new(80, FaceIcons.Reverse, "M14 5 H3 M6 1 L2 5 L6 9"),
        new(104, FaceIcons.Accepted, "M1 8 L6 13 L14 2"),
        new(130, FaceIcons.Rejected, "M2 2 L13 13 M13 2 L2 13"),
        new(154, FaceIcons.Locked, "M7 1 a6 6 0 1 1 -.1 0 M3 3 L11 12"),
        new(178, FaceIcons.Fault, "M9 0 a4 4 0 0 0 -3 6 L0 12 l2 2 6 -6 a4 4 0 0 0 5 -5 l-3 2 -2 -2 z"),
    ];

    private IReadOnlyList<(char Sign, bool Point)> _cells = [];

    [Parameter, EditorRequired] public FaceView View { get; set; } = null!;

    [Parameter, EditorRequired] public FaceWords Words { get; set; } = null!;

    [Parameter] public EventCallback<char> OnKey { get; set; }

    [Parameter] public EventCallback<FacePart> OnPart { get; set; }

    private string GroupedPan => Group(View.Pan);

    // Faster than ten flashes a second the eye sees a steady light; the browser need not work harder.
    private string PulsePeriod => string.Create(CultureInfo.InvariantCulture, $"{1 / Math.Min(10, View.PulsesPerSecond):F2}s");

    /// <summary>Digits in groups of four, as people read them.</summary>
    public static string Group(string digits) => string.Join(' ', digits.Chunk(4).Select(group => new string(group)));

    protected override void OnParametersSet() => _cells = SevenSegmentFont.Cells(View.Display.Digits, DigitCount);

    private static string Pressed(bool value) => value ? "true" : "false";

    private string KeyLabel(char key) => key switch { '*' => Words.Erase, '#' => Words.Enter, _ => key.ToString() };

    private Task TypeAsync(KeyboardEventArgs e)
    {
        char key = e.Key switch { "Backspace" => '*', "Enter" => '#', { Length: 1 } single when Keys.Contains(single[0]) => single[0], _ => '\0' };
        return key == '\0' ? Task.CompletedTask : OnKey.InvokeAsync(key);
    }

    private Task PressAsync(KeyboardEventArgs e, FacePart part) => e.Key is "Enter" or " " ? OnPart.InvokeAsync(part) : Task.CompletedTask;

    private Task PressKeyAsync(KeyboardEventArgs e, char key) => e.Key is " " ? OnKey.InvokeAsync(key) : Task.CompletedTask;

    private FaceSnapshot Shown => View.Display;

    private bool IsTyping => Shown.EntryGroups.Length > 0;

    // The backlight burns while somebody is at the keys and while a result is shown.
    private bool IsLit => Shown.IsOn && (IsTyping || Has(FaceIcons.Accepted) || Has(FaceIcons.Rejected));

    private string Spoken => Shown.IsOn ? $"{Shown.Line1} {(IsTyping ? string.Join(' ', Shown.EntryGroups) : Shown.Line2)} {Shown.Unit}" : Words.Dark;

    private string CreditColour => Shown.CreditLed switch
    {
        CreditLed.Green => "url(#mf-lamp-on)",
        CreditLed.Amber => "url(#mf-lamp-amber)",
        CreditLed.RedBlinking => "url(#mf-lamp-red)",
        _ => "#a39b89",
    };

    // Two symbols may share a place (supply on, supply off): only the one that is meant leaves a mark.
    private bool Has(FaceIcons icon) => Shown.IsOn && (Shown.Icons & icon) != 0;

    private string SymbolClass(Symbol symbol) => Has(symbol.Icon) ? symbol.Style + " on" : symbol.Style;

    private string SegmentClass(bool on) => Shown.IsOn && on ? "seg on" : "seg";

    private string EntryGroup(int index) => (index < Shown.EntryGroups.Length ? Shown.EntryGroups[index] : string.Empty).PadRight(4, '_');

    private sealed record Symbol(int X, FaceIcons Icon, string Path, string Style = "seg-line");
}
