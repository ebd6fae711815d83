using System.Collections.Immutable;
using System.Globalization;
using Latchkey.Meter.Control;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Keypad;
using Latchkey.Meter.Payment;
using Latchkey.Meter.Slot;
using Latchkey.Meter.Tokens;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.Meter.Face;

/// <summary>Composes what the display shows from what the meter knows; keeps only what is shown for a while.</summary>
internal sealed class FaceRenderer(
    MeterContext context, SupplyControl supply, PaymentDesk payment, TokenDesk tokens, TokenEntry entry, ModuleSlot slot, ShortCodes codes)
{
    private const int MessageMs = 10_000;
    private const int RotationMs = 5_000;
    private const int BeepEveryMs = 600_000;
    private const int BeepMs = 1_000;
    private const int ClickMs = 100;
    private readonly List<FacePage> _pages = [];
    private long _pagesSinceMs;
    private long _resultUntilMs = -1;
    private long _clickUntilMs = -1;
    private bool _muted;

    /// <summary>Shows the last token's result.</summary>
    public void ShowResult()
    {
        _pages.Clear();
        _resultUntilMs = context.Now.MonotonicMs + MessageMs;
    }

    /// <summary>Shows pages one after the other.</summary>
    public void Show(IEnumerable<FacePage> pages)
    {
        _resultUntilMs = -1;
        _pages.Clear();
        _pages.AddRange(pages);
        _pagesSinceMs = context.Now.MonotonicMs;
    }

    /// <summary>Any key silences the low-credit beep until the level changes.</summary>
    public void OnKey()
    {
        _clickUntilMs = context.Now.MonotonicMs + ClickMs;
        _muted = true;
        _pages.Clear();
        _resultUntilMs = -1;
    }

    public void OnCreditLevelChanged() => _muted = false;

    public FaceSnapshot Render()
    {
        FacePage page = Page();
        int width = context.Profile.DisplayColumns;
        return new FaceSnapshot
        {
            IsOn = true,
            Line1 = Fit(page.Caption, width),
            Line2 = Fit(page.Value, width),
            Digits = page.Digits,
            Unit = page.Unit,
            EntryGroups = Groups(entry.Digits),
            Icons = Icons(),
            RelayLamp = context.Shown.LoadVoltageMillivolts > context.Profile.NominalVoltageV * 1_000L / 4,
            PulseLed = context.Metrology.IsPulseLit || context.PulsedLately,
            CreditLed = payment.Level switch
            {
                CreditLevel.Normal => CreditLed.Green,
                CreditLevel.Low => CreditLed.Amber,
                _ => CreditLed.RedBlinking,
            },
            Buzzer = Sound(),
        };
    }

    /// <summary>The face of a meter without mains.</summary>
    public static FaceSnapshot Dark { get; } = new()
    {
        IsOn = false,
        Line1 = string.Empty,
        Line2 = string.Empty,
        Digits = string.Empty,
        Unit = string.Empty,
        EntryGroups = [],
        Icons = FaceIcons.None,
        RelayLamp = false,
        PulseLed = false,
        CreditLed = CreditLed.Off,
        Buzzer = Buzzer.Silent,
    };

    private bool ShowsResult => context.Now.MonotonicMs < _resultUntilMs && tokens.Last is not null;

    private FacePage Page()
    {
        long now = context.Now.MonotonicMs;
        if (entry.Count > 0 && !entry.IsHidden) return EntryPage();
        if (ShowsResult) return ResultPage(tokens.Last!);
        long shown = (now - _pagesSinceMs) / RotationMs;
        if (shown < _pages.Count) return _pages[(int)shown];
        if (tokens.LockedSeconds > 0) return new FacePage("Keypad locked", string.Create(CultureInfo.InvariantCulture, $"{tokens.LockedSeconds} s"));
        if (context.Journal.Acceptor is null || context.Journal.IsBroken) return new FacePage("MEMORY FAULT", "15 call service");
        ImmutableArray<FacePage> idle = supply.Decision.WantsClosed
            ? [codes.CreditPage(), codes.PowerPage(), codes.TotalPage()]
            : [codes.CreditPage(), codes.ReasonPage()];
        return idle[(int)(now / RotationMs % idle.Length)];
    }

    private FacePage EntryPage()
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"Token {entry.Count,2}/{TokenEntry.TokenDigits}");
        ImmutableArray<string> groups = Groups(entry.Digits);
        // The display has room for the last groups; all of them are in EntryGroups.
        int fitting = (context.Profile.DisplayColumns + 1) / (TokenEntry.GroupLength + 1);
        return new FacePage(line, string.Join(' ', groups.Skip(Math.Max(0, groups.Length - fitting))));
    }

    private static FacePage ResultPage(TokenReport report) => report.Effect == AcceptedEffect.Credit
        ? new FacePage("ACCEPTED", $"+{report.Credited}")
        : new FacePage(TokenStatusTable.Display(report.Status), report.Status == TokenStatus.Accepted ? report.Effect.ToString() : string.Create(CultureInfo.InvariantCulture, $"code {(int)report.Status:D2}"));

    private FaceIcons Icons()
    {
        FaceIcons icons = supply.Position == SupplyPosition.Closed ? FaceIcons.Connected : FaceIcons.Disconnected;
        if (payment.Level >= CreditLevel.Low) icons |= FaceIcons.LowCredit;
        if (context.State.Tamper != TamperInputs.None) icons |= FaceIcons.Tamper;
        if (ShowsResult) icons |= tokens.Last!.Status == TokenStatus.Accepted ? FaceIcons.Accepted : FaceIcons.Rejected;
        if (slot.State != SlotState.Empty) icons |= FaceIcons.ModulePresent;
        if (slot.Link.Registered) icons |= FaceIcons.Signal;
        if (tokens.LockedSeconds > 0) icons |= FaceIcons.Locked;
        if (payment.IsFriendly) icons |= FaceIcons.Friendly;
        if (payment.IsEmergencyActive) icons |= FaceIcons.EmergencyInUse;
        else if (payment.EmergencyOffer() == EmergencyAnswer.Granted) icons |= FaceIcons.EmergencyOffered;
        if (context.Shown.ActiveMilliwatts < 0) icons |= FaceIcons.Reverse;
        if (context.Journal.IsBroken || context.Journal.Acceptor is null || supply.Position == SupplyPosition.Failed) icons |= FaceIcons.Fault;
        return icons;
    }

    private Buzzer Sound()
    {
        long now = context.Now.MonotonicMs;
        if (ShowsResult && _resultUntilMs - now > MessageMs - BeepMs) return tokens.Last!.Status == TokenStatus.Accepted ? Buzzer.Accepted : Buzzer.Rejected;
        if (now < _clickUntilMs) return Buzzer.KeyClick;
        bool beeps = payment.Level is CreditLevel.VeryLow && !_muted && now % BeepEveryMs < BeepMs;
        return beeps ? Buzzer.LowCredit : Buzzer.Silent;
    }

    private static ImmutableArray<string> Groups(string digits) =>
        [.. digits.Chunk(TokenEntry.GroupLength).Select(g => new string(g))];

    private static string Fit(string text, int width) => text.Length <= width ? text : text[..width];
}
