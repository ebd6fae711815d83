using System.CommandLine;
using System.Globalization;
using Latchkey.Cli.RollOver;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Cli.Meters;

/// <summary><c>latchkey meter demand|credits</c>: what charges per kW are reckoned by, and whether a meter is sold energy or money.</summary>
internal static class MeterTermsCommand
{
    private static readonly Option<string> Meter = new("--meter") { Description = "The meter's number: 18 digits, or the 11 or 13 on its face.", Required = true };

    public static Command Demand()
    {
        var watts = new Option<long?>("--watts") { Description = "Contracted or measured demand; without it the demand is forgotten." };
        var from = new Option<DateOnly?>("--from") { Description = "The first day that it is good for; needed with --watts." };
        var until = new Option<DateOnly?>("--until") { Description = "The last day; without it, it does not end." };
        return ProgrammeRoom.Command("demand", "Sets what a meter's charges per kW are reckoned by.", [Meter, watts, from, until], (house, said) =>
        {
            SubscribedDemand? demand = said.GetValue(watts) is { } w && said.GetValue(from) is { } first ? new SubscribedDemand(w, first, said.GetValue(until)) : null;
            if (said.GetValue(watts) is not null && demand is not { IsValid: true })
                return Task.FromResult(CommandOutput.Fail($"--watts is 1 to {SubscribedDemand.MaxWatts.ToString(CultureInfo.InvariantCulture)}, with --from and no --until before it"));
            return ChangeAsync(house, said, meter => meter with { Demand = demand });
        });
    }

    public static Command Credits()
    {
        var what = new Argument<string>("what") { Description = "energy, or money for a meter that keeps its account in money and prices the energy itself." };
        what.AcceptOnlyFromAmong("energy", "money");
        return ProgrammeRoom.Command("credits", "Sets whether a meter is sold energy or money; it must be what the meter itself is set to.", [what, Meter], (house, said) =>
            ChangeAsync(house, said, meter => meter with { CreditsMoney = said.GetRequiredValue(what) == "money" }));
    }

    private static async Task<int> ChangeAsync(VendingHouse house, ParseResult said, Func<MeterRecord, MeterRecord> change)
    {
        if (MeterNumber.Read(said.GetRequiredValue(Meter), out MeterPan pan) is { } wrong) return CommandOutput.Fail(wrong);
        if (house.Meters.Find(pan) is not { } meter) return CommandOutput.Fail($"{VendingCodes.UnknownMeter}: meter {pan} is not known here");
        MeterRecord changed = change(meter);
        await house.Meters.SaveAsync(changed, CancellationToken.None);
        var document = new { meter = pan.ToString(), credits = changed.CreditsMoney ? "money" : "energy", watts = changed.Demand?.Watts, from = changed.Demand?.From, until = changed.Demand?.Until };
        if (said.GetValue(ProgrammeRoom.AsJson)) CommandOutput.WriteJson(document);
        else Console.Out.WriteLine(FormattableString.Invariant($"meter {document.meter} is sold {document.credits}; demand {(document.watts is { } w ? FormattableString.Invariant($"{w} W from {document.from:yyyy-MM-dd}{(document.until is { } end ? FormattableString.Invariant($" until {end:yyyy-MM-dd}") : "")}") : "unknown")}"));
        return CommandOutput.Success;
    }
}
