using Latchkey.Meter.Control;
using Latchkey.ModuleLink.Frames;
using Latchkey.ModuleLink.Messages;
using Latchkey.Parks.TopUps;
using Latchkey.Quantities;
using Latchkey.Simulator;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;
using static Latchkey.Server.Demo.Story.StoryStage;

namespace Latchkey.Server.Demo.Story;

/// <summary>What goes wrong in a month, and how it comes right.</summary>
public sealed partial class ParkStory
{
    private TopUp? _second;

    private async Task TypeTokenAsync(Dictionary<string, object> figures, CancellationToken cancellationToken)
    {
        _stage.Meter.Use(m => m.Module!.HasNetwork = false);
        _second = await _stage.BuyAsync(_stage.Room, Yuan(PurchaseFor(_options.Days * 0.6)), cancellationToken).ConfigureAwait(false);
        string result = await _stage.TypeAsync(_second.Tokens.Single(), cancellationToken).ConfigureAwait(false);
        Require(result == nameof(TokenStatus.Accepted), $"the meter said {result} to a good token");
        await _stage.UntilAsync(() => IsOn, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), "the closing of the load switch", cancellationToken).ConfigureAwait(false);
        figures["paid"] = _second.Amount.ToString();
        figures["keypad"] = result;
        figures["balance"] = _stage.Snapshot.Balance.ToString();
        figures["provenBeforeNetworkReturns"] = _stage.Find(_second.Id).State == TopUpState.Credited;

        DateTimeOffset back = _stage.Now;
        _stage.Meter.Use(m => m.Module!.HasNetwork = true);
        TopUp proven = await _stage.CreditedAsync(_second.Id, TimeSpan.FromHours(26), cancellationToken).ConfigureAwait(false);
        figures["secondsFromNetworkToProof"] = (_stage.Now - back).TotalSeconds;
        Record(proven, "accepted", "keypad");
    }

    private async Task RefuseUsedAsync(Dictionary<string, object> figures, CancellationToken cancellationToken)
    {
        Energy before = _stage.Snapshot.Granted;
        string result = await _stage.TypeAsync(_second!.Tokens.Single(), cancellationToken).ConfigureAwait(false);
        figures["keypad"] = result;
        figures["display"] = _stage.Meter.Use(m => m.Face.Line1 + " " + m.Face.Line2).Trim();
        Require(result == nameof(TokenStatus.UsedError), $"the meter said {result} to a used token");
        Require(_stage.Snapshot.Granted == before, "a used token was credited again");
    }

    private async Task RefuseOtherMeterAsync(Dictionary<string, object> figures, CancellationToken cancellationToken)
    {
        TopUp theirs = await _stage.BuyAsync(_stage.Neighbour, Yuan(30), cancellationToken).ConfigureAwait(false);
        Energy before = _stage.Snapshot.Granted;
        string result = await _stage.TypeAsync(theirs.Tokens.Single(), cancellationToken).ConfigureAwait(false);
        TopUp credited = await _stage.CreditedAsync(theirs.Id, TimeSpan.FromMinutes(10), cancellationToken).ConfigureAwait(false);
        figures["keypad"] = result;
        figures["atItsOwnMeter"] = credited.State.ToString();
        Require(result == nameof(TokenStatus.CrcError), $"the meter said {result} to another meter's token");
        Require(_stage.Snapshot.Granted == before, "another meter's token was credited");
        Record(credited, "accepted", "radio");
    }

    private async Task TamperAsync(Dictionary<string, object> figures, CancellationToken cancellationToken)
    {
        DateTimeOffset opened = _stage.Now;
        _stage.Meter.Use(m => m.MeterCoverOpen = true);
        await _stage.UntilAsync(() => !IsOn, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10), "the cut after the cover was opened", cancellationToken).ConfigureAwait(false);
        figures["millisecondsToCut"] = (_stage.Now - opened).TotalMilliseconds;
        _stage.Meter.Use(m => m.MeterCoverOpen = false);
        await _stage.PassAsync(TimeSpan.FromMinutes(10), cancellationToken).ConfigureAwait(false);
        Require(!IsOn, "supply came back without a clear-tamper token");
        Require(_stage.Snapshot.ForemostReason == OffReasons.MeterCover, "the meter does not say why it is off");

        TokenNumber token = await ClearTamperTokenAsync(cancellationToken).ConfigureAwait(false);
        string result = await _stage.TypeAsync(token.ToString(), cancellationToken).ConfigureAwait(false);
        await _stage.UntilAsync(() => IsOn, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2), "the supply after the clear-tamper token", cancellationToken).ConfigureAwait(false);
        figures["clearTamper"] = result;
        figures["minutesDark"] = Math.Round((_stage.Now - opened).TotalMinutes, 1);
        _tokens.Add(new StoryToken(token.ToString(), "clear tamper", _stage.Meter.Pan.ToString(), "accepted", "keypad"));
    }

    private async Task<TokenNumber> ClearTamperTokenAsync(CancellationToken cancellationToken)
    {
        Guid id = DemoIds.Of("story clear tamper");
        VendingHouse vending = _stage.World.Platform.Vending;
        ApprovalPerson inspector = ApprovalPerson.AtPortal("inspector", isOperator: true), manager = ApprovalPerson.AtPortal("manager", isOperator: true);
        ApprovalEffect effect = IssueEffects.Management(ApprovalKind.ClearTamper, _stage.Meter.Pan, 0, out _)!;
        await vending.Issues.AskAsync(id, effect, "cover resealed after inspection", inspector, ApprovalDesk.UsualLifetime, cancellationToken).ConfigureAwait(false);
        await vending.Approvals.GiveAsync(id, inspector, cancellationToken).ConfigureAwait(false);
        IssueOutcome alone = await vending.Issues.IssueAsync(id, cancellationToken).ConfigureAwait(false);
        Require(alone is IssueOutcome.Declined, "one person alone got a clear-tamper token");
        await vending.Approvals.GiveAsync(id, manager, cancellationToken).ConfigureAwait(false);
        IssueOutcome both = await vending.Issues.IssueAsync(id, cancellationToken).ConfigureAwait(false);
        return both is IssueOutcome.Issued issued ? issued.Token : throw new StoryFailedException($"no clear-tamper token: {both}");
    }

    private async Task PowerFailAsync(Dictionary<string, object> figures, CancellationToken cancellationToken)
    {
        Energy granted = _stage.Snapshot.Granted;
        Energy imported = Import();
        _stage.Meter.Use(m => m.Module!.HasNetwork = false);
        TopUp third = await _stage.BuyAsync(_stage.Room, Yuan(20), cancellationToken).ConfigureAwait(false);
        string token = third.Tokens.Single();

        _stage.Meter.Use(m =>
        {
            m.Type(token[..11]);
            m.MainsOn = false;
        });
        await BackAfterAsync(TimeSpan.FromMinutes(7), cancellationToken).ConfigureAwait(false);
        Require(_stage.Snapshot.Granted == granted, "half a token was credited");
        Require(Import() >= imported, "energy was lost in the failure");

        // The second time it fails while the decision itself is being written: somewhere in the record's bytes.
        _stage.Meter.Use(m =>
        {
            m.Type(token);
            m.CutPowerAfterNvmBytes(20);
            m.PressKey('#');
            m.Advance(TimeSpan.FromSeconds(1));
        });
        bool died = _stage.Meter.Use(m => !m.IsRunning);
        await BackAfterAsync(TimeSpan.FromMinutes(3), cancellationToken).ConfigureAwait(false);
        string result = await _stage.TypeAsync(token, cancellationToken).ConfigureAwait(false);
        _stage.Meter.Use(m => m.Module!.HasNetwork = true);
        TopUp proven = await _stage.CreditedAsync(third.Id, TimeSpan.FromHours(26), cancellationToken).ConfigureAwait(false);
        figures["cutWhileWriting"] = died;
        figures["afterwards"] = result;
        figures["granted"] = (_stage.Snapshot.Granted - granted).ToString();
        Require(died, "the meter did not lose power while writing");
        Require(_stage.Snapshot.Granted - granted == proven.Granted, "the token was not credited exactly once");
        await _stage.UntilAsync(() => IsOn, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5), "the supply after the failure", cancellationToken).ConfigureAwait(false);
        Record(proven, "accepted", "keypad");
    }

    private async Task BackAfterAsync(TimeSpan outage, CancellationToken cancellationToken)
    {
        _stage.World.Clock.AdvanceTo(_stage.Meter.Use(m => m.Now));
        await _stage.PassAsync(outage, cancellationToken).ConfigureAwait(false);
        _stage.Meter.Use(m =>
        {
            m.MainsOn = false;
            m.MainsOn = true;
        });
        await _stage.PassAsync(TimeSpan.FromSeconds(10), cancellationToken).ConfigureAwait(false);
    }

    private async Task SwapModuleAsync(Dictionary<string, object> figures, CancellationToken cancellationToken)
    {
        _hashBefore = VirtualMeter.MetrologyHash;
        long registerBefore = _stage.Snapshot.Registers.ActiveImport;
        Energy grantedBefore = _stage.Snapshot.Granted;
        _stage.Meter.Use(m => m.RemoveModule());
        long registerPulled = _stage.Snapshot.Registers.ActiveImport;
        await _stage.PassAsync(Quarter, cancellationToken).ConfigureAwait(false);
        long registerMeanwhile = _stage.Snapshot.Registers.ActiveImport;
        _stage.Meter.Use(m => m.InsertModule(ModuleKind.Nr5G));
        long registerPlugged = _stage.Snapshot.Registers.ActiveImport;
        _hashAfter = VirtualMeter.MetrologyHash;
        await _stage.UntilAsync(
            () => _stage.World.Platform.HeadEnd.FindMeter(_stage.Meter.Pan)?.Module?.Kind == ModuleKind.Nr5G,
            TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10), "the new module's first word", cancellationToken).ConfigureAwait(false);
        figures["metrologyHash"] = _hashAfter;
        figures["registerChangeWhilePullingMicroWh"] = registerPulled - registerBefore;
        figures["registerChangeWhilePluggingMicroWh"] = registerPlugged - registerMeanwhile;
        figures["meteredWithoutModule"] = Energy.FromMilliwattHours((registerMeanwhile - registerPulled) / 1_000).ToString();
        Require(_hashBefore == _hashAfter, "the metrology hash changed");
        Require(registerPulled == registerBefore && registerPlugged == registerMeanwhile, "the registers moved with the module");
        Require(registerMeanwhile > registerPulled, "the meter stopped counting without its module");
        Require(_stage.Snapshot.Granted == grantedBefore, "credit changed with the module");
    }

    private async Task FinishMonthAsync(Dictionary<string, object> figures, CancellationToken cancellationToken)
    {
        DateTimeOffset end = _options.Start.AddDays(_options.Days);
        int crossings = Reminders().Count;
        while (_stage.Now < end)
        {
            TimeSpan left = end - _stage.Now;
            await _stage.PassAsync(left < Quarter ? left : Quarter, cancellationToken).ConfigureAwait(false);
        }

        MeterSnapshotFigures(figures);
        figures["virtualDays"] = Math.Round((_stage.Now - _options.Start).TotalDays, 2);
        figures["furtherReminders"] = Reminders().Count - crossings;
    }

    private Energy Import() => Energy.FromMilliwattHours(_stage.Snapshot.Registers.ActiveImport / 1_000);
}
