using System.Globalization;
using Latchkey.Emulators.WeChat;
using Latchkey.Messaging.Notices;
using Latchkey.Parks.Occupancies;
using Latchkey.Parks.TopUps;
using Latchkey.Quantities;
using Latchkey.Simulator;
using Latchkey.Simulator.Physics;
using Latchkey.Vending;
using static Latchkey.Server.Demo.Story.StoryStage;

namespace Latchkey.Server.Demo.Story;

/// <summary>From the opening of the park to the end of the first credit.</summary>
public sealed partial class ParkStory
{
    private const int DaysShareOfFirstPurchase = 55;
    private TopUp? _first;

    private async Task OpenParkAsync(Dictionary<string, object> figures, CancellationToken cancellationToken)
    {
        await _stage.World.FoundAsync([_stage.Room, _stage.Neighbour], cancellationToken).ConfigureAwait(false);
        await _stage.PassAsync(TimeSpan.FromMinutes(1), cancellationToken).ConfigureAwait(false);
        figures["rooms"] = _stage.World.Platform.ParkStore.Rooms(DemoWorld.ParkId).Count;
        figures["meter"] = _stage.Meter.Pan.ToString();
        figures["keyAlgorithm"] = $"{_stage.Room.Meter.Algorithm} with DKGA04";
        figures["neighbourKeyAlgorithm"] = $"{_stage.Neighbour.Meter.Algorithm} with DKGA02, sample tables";
        figures["metrologyHash"] = VirtualMeter.MetrologyHash;
        Require(!IsOn, "the load switch is closed although nothing was bought");
    }

    private async Task MoveInAsync(Dictionary<string, object> figures, CancellationToken cancellationToken)
    {
        MoveOutcome moved = await _stage.World.MoveInAsync(_stage.Room, cancellationToken).ConfigureAwait(false);
        Require(moved is MoveOutcome.Done, $"the tenant could not move in: {moved}");
        await _stage.World.MoveInAsync(_stage.Neighbour, cancellationToken).ConfigureAwait(false);
        _stage.Meter.Use(m => m.Load = TenantLoad());
        Occupancy occupancy = ((MoveOutcome.Done)moved).Occupancy;
        figures["openingRegister"] = occupancy.OpeningImport.ToString();
        figures["openingCredit"] = occupancy.OpeningCredit.ToString();
    }

    private async Task PayAsync(Dictionary<string, object> figures, CancellationToken cancellationToken)
    {
        int yuan = PurchaseFor(_options.Days * DaysShareOfFirstPurchase / 100.0);
        DateTimeOffset asked = _stage.Now;
        _first = await _stage.BuyAsync(_stage.Room, Yuan(yuan), cancellationToken).ConfigureAwait(false);
        VendOrder order = _stage.World.Platform.Vending.Desk.Find(_first.Id) ?? throw new StoryFailedException("the order is gone");
        figures["paid"] = _first.Amount.ToString();
        figures["granted"] = _first.Granted!.Value.ToString();
        figures["token"] = order.Token!.Value.ToGroupedString();
        figures["receipt"] = OrderReceipt.FromBytes(order.Answer.Span).Number;
        figures["secondsFromTapToToken"] = (_first.IssuedAt!.Value - asked).TotalSeconds;
        Require(_stage.Phone.Any(m => HasToken(m, order.Token.Value.ToString())), "the tenant's phone did not get the token");
    }

    private async Task ArriveAsync(Dictionary<string, object> figures, CancellationToken cancellationToken)
    {
        TopUp credited = await _stage.CreditedAsync(_first!.Id, TimeSpan.FromMinutes(10), cancellationToken).ConfigureAwait(false);
        await _stage.UntilAsync(() => IsOn, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), "the closing of the load switch", cancellationToken).ConfigureAwait(false);
        ContactEvent touched = _stage.Contact(ContactEventKind.Touched);
        ContactEvent made = _stage.Contact(ContactEventKind.Made);
        figures["secondsFromTokenToProof"] = (credited.CreditedAt!.Value - credited.IssuedAt!.Value).TotalSeconds;
        figures["balance"] = _stage.Snapshot.Balance.ToString();
        figures["firstTouchFromVoltageZeroUs"] = Math.Round(_stage.FromVoltageZeroUs(touched.TimeUs), 1);
        figures["bounceArcJ"] = Math.Round(made.Joules, 4);
        Record(credited, "accepted", "radio");
        Require(_stage.Snapshot.Granted == credited.Granted, "the meter granted another amount than was sold");
    }

    private async Task ConsumeAsync(Dictionary<string, object> figures, CancellationToken cancellationToken)
    {
        DateTimeOffset from = _stage.Now;
        int before = Reminders().Count;
        await _stage.UntilAsync(() => Reminders().Count > before, Quarter, TimeSpan.FromDays(_options.Days * 2), "the reminder", cancellationToken).ConfigureAwait(false);
        StoryReminder reminder = Reminders()[^1];
        figures["days"] = Math.Round((_stage.Now - from).TotalDays, 2);
        figures["consumed"] = _stage.Snapshot.Consumed.ToString();
        figures["balance"] = _stage.Snapshot.Balance.ToString();
        figures["english"] = reminder.English;
        figures["chinese"] = reminder.Chinese;
        figures["chineseCharacters"] = reminder.Chinese.Length;
        Require(reminder.Chinese.Length <= 20, "the reminder does not fit the template's field");
    }

    private async Task RunOutAsync(Dictionary<string, object> figures, CancellationToken cancellationToken)
    {
        int reminders = Reminders().Count;
        await _stage.UntilAsync(() => !IsOn, Quarter, TimeSpan.FromDays(_options.Days), "the end of the credit", cancellationToken).ConfigureAwait(false);
        ContactEvent parted = _stage.Contact(ContactEventKind.Parted);
        ContactEvent interrupted = _stage.Contact(ContactEventKind.Interrupted);
        MeterSnapshotFigures(figures);
        figures["arcMicroseconds"] = interrupted.TimeUs - parted.TimeUs;
        figures["arcJ"] = Math.Round(interrupted.Joules, 5);
        figures["currentZerosMissed"] = interrupted.Reignitions;
        figures["reason"] = _stage.Snapshot.ForemostReason.ToString();
        Require(Reminders().Count == reminders, "the tenant was reminded twice for one crossing");
        Require(interrupted.Reignitions == 0, "the current was not interrupted at the first zero");
    }

    private void MeterSnapshotFigures(Dictionary<string, object> figures)
    {
        figures["granted"] = _stage.Snapshot.Granted.ToString();
        figures["consumed"] = _stage.Snapshot.Consumed.ToString();
        figures["balanceMilliwattHours"] = _stage.Snapshot.Balance.MilliwattHours;
    }

    /// <summary>Whole tens of yuan that last about so many days at the load's own mean.</summary>
    private int PurchaseFor(double days)
    {
        DateTimeOffset at = _stage.Now;
        DateTimeOffset end = at.AddDays(Math.Max(1, days));
        decimal wattSeconds = 0;
        var load = TenantLoad();
        while (at < end)
        {
            (var point, DateTimeOffset until) = load.At(at);
            if (until > end) until = end;
            wattSeconds += point.Watts * (decimal)(until - at).TotalSeconds;
            at = until;
        }

        decimal yuan = wattSeconds / 3_600_000m * _yuanPerKwh;
        return Math.Max(20, (int)Math.Ceiling(yuan / 10m) * 10);
    }

    private void Record(TopUp topUp, string result, string channel)
    {
        foreach (string token in topUp.Tokens) _tokens.Add(new StoryToken(token, "credit", topUp.Pan.ToString(), result, channel));
    }

    private List<StoryReminder> Reminders() =>
    [
        .. _stage.Phone.Where(m => m.Fields.Any(f => f.Value == NoticeTexts.LowBalance.Chinese || f.Value == NoticeTexts.LowBalance.English))
            .Select(m => new StoryReminder(m.At, NoticeTexts.LowBalance.English, m.Fields.Single(f => f.Key == "thing3").Value, "WeChat mini program")),
    ];

    private static bool HasToken(ReceivedMessage message, string token) =>
        message.Fields.Any(f => f.Value.Replace(" ", string.Empty, StringComparison.Ordinal) == token);
}
