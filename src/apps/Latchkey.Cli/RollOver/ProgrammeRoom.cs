using System.CommandLine;
using Latchkey.Cli.Sellers;
using Latchkey.Storage.Vending;
using Latchkey.Vending;
using Latchkey.Vending.Programmes;

namespace Latchkey.Cli.RollOver;

/// <summary>What the commands of a programme have in common: the data directory, which programme, how the answer is written.</summary>
internal static class ProgrammeRoom
{
    public static readonly Option<string> Data = new("--data") { Description = "The data directory; a running server on it sees what is done here.", Required = true };
    public static readonly Option<string> Offset = new("--utc-offset") { Description = "The seller's clock, by which days are counted: for example +08:00.", DefaultValueFactory = _ => "+08:00" };
    public static readonly Option<Guid?> Id = new("--programme") { Description = "The programme's id; not needed where there is one." };
    public static readonly Option<bool> AsJson = new("--json") { Description = "One JSON document on standard output." };

    public static Command Command(string name, string about, IReadOnlyList<Symbol> symbols, Func<VendingHouse, ParseResult, Task<int>> work)
    {
        var command = new Command(name, about) { Data, Offset, AsJson };
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }

        command.SetAction(async (said, _) => await RunAsync(said, work));
        return command;
    }

    /// <summary>As above, for the programme that <see cref="Id"/> names.</summary>
    public static Command OfOne(string name, string about, IReadOnlyList<Symbol> symbols, Func<VendingHouse, ProgrammeRecord, ParseResult, Task<int>> work) =>
        Command(name, about, [Id, .. symbols], async (house, said) =>
        {
            if (Find(house, said.GetValue(Id)) is { } record) return await work(house, record, said);
            return CommandOutput.Fail(said.GetValue(Id) is { } id ? $"there is no programme {id}" : "name one programme with --programme; there is none, or more than one");
        });

    /// <summary>Null where it went well; otherwise the failure of a code.</summary>
    public static int Answer(string? code, Action<bool> print, ParseResult said)
    {
        if (code is not null) return CommandOutput.Fail(TextOf(code));
        print(said.GetValue(AsJson));
        return CommandOutput.Success;
    }

    private static ProgrammeRecord? Find(VendingHouse house, Guid? id)
    {
        if (id is { } named) return house.Programmes.Find(named);
        ProgrammeRecord[] open = [.. house.Programmes.List().Where(p => p.State != ProgrammeState.Aborted)];
        return open.Length == 1 ? open[0] : null;
    }

    private static string TextOf(string code) => code switch
    {
        VendingCodes.ApproversMissing => code + ": two different people answer for this; name them with --first and --second",
        VendingCodes.KeyMissing => code + ": the signer has not the programme's new key for every supply group; take it in with 'keys import'",
        VendingCodes.ProgrammeNotCounted => code + ": not all meters are counted; run 'rollover plan' again",
        VendingCodes.ProgrammeIdReused => code + ": a programme of this id is kept with other content; give the new one an id of its own",
        VendingCodes.ProgrammeEnded => code + ": the programme was aborted; draw up another",
        VendingCodes.ProgrammeNotRunning => code + ": only a programme that runs can be paused",
        VendingCodes.NotInProgramme => code + ": the meter is not in this programme, or has its new key already",
        _ => code,
    };

    private static Task<int> RunAsync(ParseResult said, Func<VendingHouse, ParseResult, Task<int>> work) =>
        SellerBooks.RunAsync(new WantedBooks(said.GetRequiredValue(Data), said.GetRequiredValue(Offset), NeedsSigner: true, MakesTokens: true), house => work(house, said));
}
