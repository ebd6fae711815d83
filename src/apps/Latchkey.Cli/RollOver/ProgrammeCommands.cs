using System.CommandLine;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;
using Latchkey.Vending.Programmes;
using Spectre.Console;

namespace Latchkey.Cli.RollOver;

/// <summary><c>latchkey rollover plan|start|pause|resume|abort|progress|dark|export|exempt|confirm</c>: a programme of key changes, beside a running server.</summary>
internal static class ProgrammeCommands
{
    private static readonly Option<string> By = new("--by") { Description = "Who does it.", Required = true };
    private static readonly Option<string> Reason = new("--reason") { Description = "Why.", Required = true };
    private static readonly Option<string> Meter = new("--meter") { Description = "The meter's number: 18 digits, or the 11 or 13 on its face.", Required = true };

    public static IEnumerable<Command> All() => [Plan(), Start("start"), Stop("pause"), Start("resume"), Stop("abort"), Progress(), DarkCommand.List(), DarkCommand.Export(), Exempt(), Confirm()];

    private static Command Plan()
    {
        var file = new Argument<string>("file") { Description = "The programme as JSON; docs/operator.md shows one." };
        return ProgrammeRoom.Command("plan", "Draws a programme up, counts its meters and forecasts it; nothing is changed yet. The same file again goes on where it stopped.", [file], async (house, said) =>
        {
            string path = said.GetRequiredValue(file);
            if (!File.Exists(path)) return CommandOutput.Fail($"there is no file '{path}'");
            if (KeyProgrammeJson.Read(await File.ReadAllTextAsync(path), out KeyProgramme? programme) is { } fault) return CommandOutput.Fail($"{path}: {fault}");
            if (await house.ProgrammeDesk.DrawAsync(programme!, CancellationToken.None) is { } code) return ProgrammeRoom.Answer(code, _ => { }, said);
            await CountAsync(house, programme!.Id);
            ProgrammeRecord record = house.Programmes.Find(programme.Id)!;
            if (record.State == ProgrammeState.Drawn) await house.ProgrammeDesk.ForecastAsync(programme.Id, CancellationToken.None);
            return Show(house, house.Programmes.Find(programme.Id)!, said);
        });
    }

    private static Command Start(string name)
    {
        var console = new TwoAtConsole();
        return ProgrammeRoom.OfOne(
            name, "Lets the programme run; two people at this console answer for it. A running server does the work, day after day.", [.. console.Options], async (house, record, said) =>
            {
                if (console.Read(said, said.GetRequiredValue(ProgrammeRoom.Data), out TwoPeople people) is { } nobody) return CommandOutput.Fail(nobody);
                string? code = await house.ProgrammeDesk.StartAsync(record.Id, people, CancellationToken.None);
                return code is null ? Show(house, house.Programmes.Find(record.Id)!, said) : ProgrammeRoom.Answer(code, _ => { }, said);
            });
    }

    private static Command Stop(string name) => ProgrammeRoom.OfOne(
        name, name == "pause" ? "Holds the programme: nothing new is planned. Sets that are out go on." : "Ends the programme for good. Sets that are out go on until they are proven.", [By, Reason], async (house, record, said) =>
        {
            (string by, string reason) = (said.GetRequiredValue(By), said.GetRequiredValue(Reason));
            string? code = name == "pause"
                ? await house.ProgrammeDesk.PauseAsync(record.Id, by, reason, CancellationToken.None)
                : await house.ProgrammeDesk.AbortAsync(record.Id, by, reason, CancellationToken.None);
            return code is null ? Show(house, house.Programmes.Find(record.Id)!, said) : ProgrammeRoom.Answer(code, _ => { }, said);
        });

    private static Command Progress()
    {
        var svg = new Option<string?>("--svg") { Description = "Also writes the picture of progress against the deadline to this file." };
        return ProgrammeRoom.OfOne("progress", "How far each cohort has come, day by day, against the forecast and the deadline.", [svg], async (house, record, said) =>
        {
            if (said.GetValue(svg) is { } path) await File.WriteAllTextAsync(path, ProgressPicture.Svg(Curve(house, record)));
            return Show(house, record, said);
        });
    }

    private static Command Exempt() => ProgrammeRoom.OfOne("exempt", "Leaves a meter out of the programme.", [Meter, Reason], async (house, record, said) =>
    {
        if (MeterNumber.Read(said.GetRequiredValue(Meter), out MeterPan pan) is { } wrong) return CommandOutput.Fail(wrong);
        return ProgrammeRoom.Answer(
            await house.ProgrammeDesk.ExemptAsync(record.Id, pan, said.GetRequiredValue(Reason), CancellationToken.None), json => Said(json, pan, "exempt"), said);
    });

    private static Command Confirm() => ProgrammeRoom.OfOne("confirm", "A person has seen that the meter has its new key: its display test shows the new revision.", [Meter], async (house, _, said) =>
    {
        if (MeterNumber.Read(said.GetRequiredValue(Meter), out MeterPan pan) is { } wrong) return CommandOutput.Fail(wrong);
        return ProgrammeRoom.Answer(
            await house.KeyChanges.MarkDoneAsync(pan, CancellationToken.None) ? null : VendingCodes.NoKeyChange, json => Said(json, pan, "proven"), said);
    });

    private static void Said(bool json, MeterPan pan, string state)
    {
        if (json) CommandOutput.WriteJson(new { meter = pan.ToString(), state });
        else Console.Out.WriteLine($"meter {pan} is {state}");
    }

    private static async Task CountAsync(VendingHouse house, Guid id)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Status().StartAsync("counting meters", async status =>
        {
            for (int all = 0; await house.ProgrammeDesk.CountAsync(id, CancellationToken.None) is { } more;) status.Status($"counting meters: {all += more:#,0} belong to the programme");
        });
    }

    private static ProgressCurve Curve(VendingHouse house, ProgrammeRecord record) =>
        ProgressCurve.Of(house.Programmes, record, TimeProvider.System.GetUtcNow(), house.ProgrammeDesk.Today);

    private static int Show(VendingHouse house, ProgrammeRecord record, ParseResult said)
    {
        ProgrammeView view = ProgrammeView.Of(house.Programmes, house.ProgrammeDesk, record, TimeProvider.System.GetUtcNow());
        if (said.GetValue(ProgrammeRoom.AsJson)) CommandOutput.WriteJson(view);
        else ProgrammePrinter.Print(view, Curve(house, record));
        return CommandOutput.Success;
    }
}
