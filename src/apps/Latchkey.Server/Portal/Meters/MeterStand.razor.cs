using Latchkey.Server.Languages;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;

namespace Latchkey.Server.Portal.Meters;

/// <summary>Standing in front of a virtual meter: its face, and the parts that hands can move.</summary>
public sealed partial class MeterStand
{
    private FaceView? _face;
    private FaceWords _words = null!;

    [Parameter, EditorRequired] public string Pan { get; set; } = string.Empty;

    [Inject] private IMeterHands Hands { get; set; } = null!;

    [Inject] private IStringLocalizer<Words> Words { get; set; } = null!;

    // A key press must be seen at once; the meter itself refreshes its display four times a second.
    protected override TimeSpan RefreshEvery => TimeSpan.FromMilliseconds(250);

    protected override void OnInitialized() => _words = FaceWords.In(Words);

    protected override ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        FaceView? face = Hands.Look(Pan);
        bool changed = face != _face;
        _face = face;
        return ValueTask.FromResult(changed);
    }

    private async Task PressAsync(char key)
    {
        Hands.PressKey(Pan, key);
        await ReadAsync(Closed);
    }

    private async Task MoveAsync(FacePart part)
    {
        if (_face is null) return;
        if (part == FacePart.Module) Hands.Plug(Pan, null);
        else Hands.Move(Pan, part, !IsOn(_face, part));
        await ReadAsync(Closed);
    }

    private void Plug(string? module)
    {
        Hands.Plug(Pan, module);
        _face = Hands.Look(Pan);
    }

    private static bool IsOn(FaceView face, FacePart part) => part switch
    {
        FacePart.MeterCover => face.MeterCoverOpen,
        FacePart.TerminalCover => face.TerminalCoverOpen,
        FacePart.Magnet => face.MagnetPresent,
        _ => face.MainsOn,
    };
}
