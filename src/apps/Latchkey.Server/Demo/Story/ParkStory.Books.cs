using Latchkey.HeadEnd.Readings;
using Latchkey.Ledger;
using Latchkey.Meter;
using Latchkey.Parks.TopUps;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Vending;
using static Latchkey.Server.Demo.Story.StoryStage;

namespace Latchkey.Server.Demo.Story;

/// <summary>What must agree at the end: money, tokens and the meters' own totals.</summary>
public sealed partial class ParkStory
{
    private Task ReconcileAsync(Dictionary<string, object> figures, CancellationToken cancellationToken)
    {
        VendingAuditReport audit = _stage.World.Platform.Vending.Audit.Verify();
        TrialBalance trial = _stage.World.Platform.Vending.Ledger.TrialBalance();
        figures["ledgerEntries"] = audit.Ledger.EntriesRead;
        figures["tokensSigned"] = audit.Tokens;
        figures["auditDifferences"] = audit.Differences.Count;
        Require(audit.IsIntact, "the audit found: " + string.Join("; ", audit.Differences.Select(d => $"{d.Where}: {d.Problem}")));
        Require(trial.IsBalanced, "the trial balance does not balance");

        foreach (DemoRoomPlan room in (DemoRoomPlan[])[_stage.Room, _stage.Neighbour]) ReconcileMeter(room, figures);
        ReconcileMoney(trial, figures);
        ReconcileReminders(figures);
        _reconciled = true;
        return Task.CompletedTask;
    }

    /// <summary>Sold, accepted in the ledger, granted by the meter: three hands, one number, in the token's unit of 0.1 kWh.</summary>
    private void ReconcileMeter(DemoRoomPlan room, Dictionary<string, object> figures)
    {
        MeterPan pan = room.Meter.Attributes.Pan;
        string name = $"{room.Building}-{room.Number}";
        IReadOnlyList<VendOrder> orders = _stage.World.Platform.Vending.Desk.OrdersOf(pan, 1_000);
        long sold = orders.Where(o => o.HasToken).Sum(o => o.Terms!.TenthsGranted);
        long accepted = (long)(_stage.World.Platform.Vending.Ledger.FindAccount(AccountId.Require("units:accepted:" + pan))?.Balance.Net ?? 0);
        MeterSnapshot meter = _stage.World.Meter(room).Use(m => m.Snapshot);
        long granted = meter.Granted.TenthsOfKilowattHour;
        _duplicates += (int)Math.Max(0, granted - sold);
        figures[$"{name} sold, accepted, granted (0.1 kWh)"] = $"{sold}, {accepted}, {granted}";
        Require(sold == accepted && accepted == granted, $"{name}: sold {sold}, accepted {accepted}, granted {granted}");
        Require(meter.Granted == Energy.FromTenthsOfKilowattHour(granted), $"{name}: the meter granted a fraction of a token's unit");
        Require(
            meter.Totals.GrantedQuanta - meter.Totals.ConsumedQuanta - meter.Totals.ForfeitedQuanta - meter.Totals.ChargedQuanta == meter.Totals.BalanceQuanta
            && meter.Totals.ConsumedQuanta <= meter.Registers.ActiveImport,
            $"{name}: credit totals and register do not agree");
    }

    private void ReconcileMoney(TrialBalance trial, Dictionary<string, object> figures)
    {
        long paid = TopUps().Where(t => t.State == TopUpState.Credited).Sum(t => t.Amount.MinorUnits);
        long cleared = (long)trial.Accounts.Where(a => a.Id.ToString() == "clearing:wechat").Aggregate(Int128.Zero, (sum, a) => sum + a.Balance.Net);
        figures["paidByWeChat"] = new Money(paid, Currency.Cny).ToString();
        figures["owedByWeChatInTheLedger"] = new Money(cleared, Currency.Cny).ToString();
        Require(paid == cleared, $"tenants paid {paid} fen, the ledger has {cleared}");
    }

    /// <summary>Counts the crossings anew from the stored readings, by the rule and not by the watch.</summary>
    private void ReconcileReminders(Dictionary<string, object> figures)
    {
        const decimal Threshold = 10m, Rearm = 15m;
        bool armed = false;
        int crossings = 0;
        foreach (ReadingPoint point in _stage.World.Platform.HeadEnd.Readings(_stage.Meter.Pan, ReadingChannel.CreditMilli, _options.Start, _stage.Now))
        {
            decimal yuan = point.Value / 1_000m * _yuanPerKwh;
            if (yuan >= Rearm) armed = true;
            if (!armed || yuan >= Threshold) continue;
            crossings++;
            armed = false;
        }

        figures["crossingsOfTenYuan"] = crossings;
        figures["reminders"] = Reminders().Count;
        Require(crossings == Reminders().Count, $"the balance fell below 10 yuan {crossings} times, the tenant was reminded {Reminders().Count} times");
    }

    private IEnumerable<TopUp> TopUps() =>
        ((DemoRoomPlan[])[_stage.Room, _stage.Neighbour]).SelectMany(room => _stage.World.Platform.ParkStore.TopUpsOfRoom(room.RoomId, 1_000));
}
