using Latchkey.HeadEnd.Meters;
using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Server.Portal.Park;
using MeterEvent = Latchkey.HeadEnd.Events.MeterEvent;

namespace Latchkey.Server.Rooms;

/// <summary>The newest word of a meter on its supply and its covers. An event travels at once, the next reading may be a quarter of an hour away.</summary>
/// <param name="Reason">Stable code of why the supply is off; <c>none</c> while it is on.</param>
internal readonly record struct MeterNews(SupplyState Supply, bool Tampered, string Reason)
{
    /// <summary>Enough events to reach back to the last reading of a meter that is busy.</summary>
    internal const int EventsAsked = 20;

    /// <param name="reported">The last full reading.</param>
    /// <param name="events">The newest first.</param>
    internal static MeterNews Of(ReportedState? reported, IReadOnlyList<MeterEvent> events)
    {
        SupplyState? supply = null;
        bool? tampered = null;
        OffReasons cause = OffReasons.None;
        foreach (MeterEvent entry in events.Where(entry => reported is null || entry.At > reported.At))
        {
            var code = (EventCode)entry.Code;
            supply ??= SupplyAfter(code);
            tampered ??= TamperAfter(code);
            if (cause == OffReasons.None) cause = CauseOf(code);
        }

        SupplyState now = supply ?? SupplyOf(reported);
        return new MeterNews(now, tampered ?? reported?.TamperBits is > 0, now == SupplyState.On ? "none" : ReasonOf(supply is null ? OffReasons.None : cause, reported));
    }

    private static SupplyState SupplyOf(ReportedState? reported) => reported?.Relay switch
    {
        null => SupplyState.Unknown,
        ModuleLink.Messages.RelayReport.Connected => SupplyState.On,
        _ => SupplyState.Off,
    };

    private static SupplyState? SupplyAfter(EventCode code) => code switch
    {
        EventCode.ManualConnection or EventCode.RemoteConnection or EventCode.LocalConnection => SupplyState.On,
        EventCode.ManualDisconnection or EventCode.RemoteDisconnection or EventCode.LocalDisconnection => SupplyState.Off,
        _ => null,
    };

    private static bool? TamperAfter(EventCode code) => code switch
    {
        EventCode.TamperCleared => false,
        EventCode.MeterCoverOpened or EventCode.TerminalCoverOpened or EventCode.StrongFieldFound => true,
        _ => null,
    };

    private static OffReasons CauseOf(EventCode code) => code switch
    {
        EventCode.MeterCoverOpened => OffReasons.MeterCover,
        EventCode.TerminalCoverOpened => OffReasons.TerminalCover,
        EventCode.StrongFieldFound => OffReasons.Magnet,
        EventCode.RemoteDisconnection => OffReasons.Remote,
        EventCode.ManualDisconnection => OffReasons.Manual,
        EventCode.LimiterExceeded => OffReasons.Overload,
        _ => OffReasons.None,
    };

    private static string ReasonOf(OffReasons fresh, ReportedState? reported)
    {
        OffReasons reason = fresh != OffReasons.None ? fresh : OffReasonTable.Foremost((OffReasons)(reported?.OffReasons ?? 0));
        if (reason != OffReasons.None) return CodeText.Of(reason);
        return reported?.IsOffForLackOfCredit == true ? "credit" : "unknown";
    }
}
