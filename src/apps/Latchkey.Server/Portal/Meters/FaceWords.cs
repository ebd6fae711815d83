using Latchkey.Meter.Face;
using Latchkey.Server.Languages;
using Microsoft.Extensions.Localization;

namespace Latchkey.Server.Portal.Meters;

/// <summary>The words on and around the face, in the reader's language.</summary>
public sealed record FaceWords(
    string Meter, string OpenTerminalCover, string CloseTerminalCover, string Supply, string SupplyOn, string SupplyOff,
    string Credit, string CreditGood, string CreditLow, string CreditOut, string Dark, string EmptySlot, string PullModule, string Magnet, string Erase, string Enter)
{
    public string CreditLamp(CreditLed led) => led switch { CreditLed.Green => CreditGood, CreditLed.Amber => CreditLow, CreditLed.RedBlinking => CreditOut, _ => Dark };

    public static FaceWords In(IStringLocalizer<Words> words) => new(
        words["face.meter"], words["face.open-terminals"], words["face.close-terminals"], words["face.supply"], words["face.supply-on"], words["face.supply-off"],
        words["face.credit"], words["face.credit-good"], words["face.credit-low"], words["face.credit-out"], words["face.dark"], words["face.empty-slot"], words["face.pull-module"], words["face.magnet"],
        words["face.erase"], words["face.enter"]);
}
