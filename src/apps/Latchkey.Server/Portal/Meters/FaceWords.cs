using Latchkey.Server.Languages;
using Microsoft.Extensions.Localization;

namespace Latchkey.Server.Portal.Meters;

/// <summary>The words on and around the face, in the reader's language.</summary>
public sealed record FaceWords(
    string Meter, string OpenTerminalCover, string CloseTerminalCover, string Supply, string SupplyOn, string SupplyOff,
    string Alarm, string AlarmOn, string AlarmOff, string EmptySlot, string PullModule, string Magnet, string Erase, string Enter)
{
    public static FaceWords In(IStringLocalizer<Words> words) => new(
        words["face.meter"], words["face.open-terminals"], words["face.close-terminals"], words["face.supply"], words["face.supply-on"], words["face.supply-off"],
        words["face.alarm"], words["face.alarm-on"], words["face.alarm-off"], words["face.empty-slot"], words["face.pull-module"], words["face.magnet"],
        words["face.erase"], words["face.enter"]);
}
