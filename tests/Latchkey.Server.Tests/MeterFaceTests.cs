using System.Collections.Immutable;
using Bunit;
using Latchkey.Meter.Face;
using Latchkey.Server.Portal.Meters;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Tests;

public sealed class MeterFaceTests : BunitContext
{
    private static readonly FaceWords Words = new("Meter", "Open", "Close", "SUPPLY", "on", "off", "CREDIT", "enough", "low", "none", "dark", "empty", "Pull {0}", "magnet", "back", "enter");
    private readonly List<char> _keys = [];
    private readonly List<FacePart> _parts = [];

    [Fact]
    public void AKey_ThatIsClicked_IsPressed()
    {
        IRenderedComponent<MeterFace> face = Face(Lit());
        foreach (char key in "50*#") face.Find($"[data-key='{key}']").Click();
        Assert.Equal("50*#", string.Concat(_keys));
    }

    [Fact]
    public void ATypedDigit_IsPressed_AndALetterIsNot()
    {
        IRenderedComponent<MeterFace> face = Face(Lit());
        foreach (string key in new[] { "7", "a", "Backspace", "Enter", "Tab" }) face.Find("svg").KeyDown(key);
        Assert.Equal("7*#", string.Concat(_keys));
    }

    [Fact]
    public void Digits_LightTheirSegments()
    {
        IRenderedComponent<MeterFace> face = Face(Lit() with { Digits = "8.1" });
        Assert.Equal(7 + 2, face.FindAll("polygon.on").Count);
        Assert.Single(face.FindAll("circle.on"));
    }

    [Fact]
    public void TypedGroups_AreShownWithWhatIsMissing()
    {
        IRenderedComponent<MeterFace> face = Face(Lit() with { EntryGroups = ["1234", "56"] });
        Assert.Equal("1234 56__ ____ ____ ____", string.Join(' ', face.FindAll(".lcd-entry text").Select(group => group.TextContent)));
    }

    [Theory]
    [InlineData(true, "on")]
    [InlineData(false, "off")]
    public void TheLamp_FollowsTheSupply(bool lit, string state) => Assert.Equal(state, Face(Lit() with { RelayLamp = lit }).Find("[data-lamp]").GetAttribute("data-lamp"));

    [Fact]
    public void ADarkMeter_ShowsNothing()
    {
        IRenderedComponent<MeterFace> face = Face(Lit() with { IsOn = false });
        Assert.Empty(face.FindAll(".on"));
        Assert.Equal("dark", face.Find("g[role=img]").GetAttribute("aria-label"));
    }

    [Fact]
    public void CoverAndModule_AreReachedByClickAndByKeyboard()
    {
        IRenderedComponent<MeterFace> face = Face(Lit());
        face.Find(".terminal-cover").Click();
        face.Find(".module").KeyDown("Enter");
        Assert.Equal([FacePart.TerminalCover, FacePart.Module], _parts);
        Assert.Empty(_keys);
    }

    [Fact]
    public void EverythingToPress_HasAName() =>
        Assert.All(Face(Lit()).FindAll("[role=button]"), element => Assert.False(string.IsNullOrEmpty(element.GetAttribute("aria-label"))));

    [Fact]
    public void EverySignOfTheMetersWords_IsReadableOrBlank() => Assert.All("0123456789-. ", sign => Assert.True(sign is '.' or ' ' || SevenSegmentFont.Of(sign) != 0));

    private static FaceSnapshot Lit() => new()
    {
        IsOn = true, Line1 = "Credit", Line2 = "", Digits = "", Unit = "kWh", EntryGroups = ImmutableArray<string>.Empty, Icons = FaceIcons.Connected, RelayLamp = true, PulseLed = false,
        CreditLed = CreditLed.Green, Buzzer = Buzzer.Silent,
    };

    private IRenderedComponent<MeterFace> Face(FaceSnapshot display) => Render<MeterFace>(parameters => parameters
        .Add(face => face.View, new FaceView("kpm31", "230 V", FakePark.Pan, display, 0.5, true, false, false, false, "4G"))
        .Add(face => face.Words, Words)
        .Add(face => face.OnKey, EventCallback.Factory.Create<char>(this, _keys.Add))
        .Add(face => face.OnPart, EventCallback.Factory.Create<FacePart>(this, _parts.Add)));
}
