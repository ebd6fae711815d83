using System.CommandLine;
using System.Globalization;
using Latchkey.Cli.Insiders;
using Latchkey.Custody;
using Latchkey.Storage;
using Latchkey.Storage.Vending;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Cli.Keys;

/// <summary><c>latchkey keys raise|resume|apply</c>: changes of a key that one person asks for and another approves, in the seller's books.</summary>
internal static class KeyActCommands
{
    private static readonly Option<string?> Books = new("--books") { Description = "The seller's data directory, where the signer has a directory of its own." };

    public static Command Raise()
    {
        var by = new Option<long>("--by") { Description = "Minor units to add to what may be signed in all.", Required = true };
        return Ask("raise", "Asks for more that may be signed with a key; another person approves it ('latchkey approve give').", by, (key, said) =>
            (ActEffects.KeyLimit(key, said.GetValue(by), out string? problem), problem));
    }

    public static Command Resume() => Ask("resume", "Asks to start a stopped key again; another person approves it ('latchkey approve give').", null, (key, _) =>
        (ActEffects.KeyResume(key, out string? problem), problem));

    /// <summary>For a signer in a directory of its own, and for keys in a token: there the approval alone changes nothing yet.</summary>
    public static Command Apply()
    {
        Argument<string> directory = KeysCommand.Directory();
        var id = new Argument<Guid>("id") { Description = "The id of the approved request." };
        var command = new Command("apply", "Does to a key what was approved. Needed where the signer has a directory of its own or its keys are in a token.") { directory, id, Books };
        var custody = new CustodyOptions(command);
        command.SetAction((said, cancellationToken) => GuardedAsync(async () =>
        {
            string path = said.GetRequiredValue(directory);
            if (custody.Read(said, path, out Func<string, IKeyCustody> open) is { } wrong) return CommandOutput.Fail(wrong);
            string? code;
            if (said.GetValue(Books) is { } books)
            {
                using SignerRoom room = SignerRoom.OpenAlone(path, books, open, null, TimeProvider.System);
                code = await room.ApplyAsync(said.GetValue(id), cancellationToken);
            }
            else
            {
                if (!HasBooks(path)) return CommandOutput.Fail($"there are no books in '{path}'; name the seller's directory with --books");
                using VendingHouse house = OpenBooks(path, null, open);
                code = await house.Acts.DoAsync(said.GetValue(id), cancellationToken) is ApprovalOutcome.Refused refused ? $"{refused.Code}: {refused.Detail}" : null;
            }

            if (code is not null) return CommandOutput.Fail(code);
            Console.Out.WriteLine("done");
            return CommandOutput.Success;
        }));
        return command;
    }

    private static Command Ask(string name, string about, Option<long>? amount, Func<SignerKey, ParseResult, (ApprovalEffect? Effect, string? Problem)> effectOf)
    {
        Argument<string> directory = KeysCommand.Directory();
        var key = new Argument<string>("key") { Description = "The key's id, as in the list." };
        var command = new Command(name, about) { directory, key, IssueCommand.Reason, IssueCommand.RequestId, InsiderHouse.Name, Books };
        if (amount is not null) command.Options.Add(amount);
        var custody = new CustodyOptions(command);
        command.SetAction((said, cancellationToken) => GuardedAsync(async () =>
        {
            string path = said.GetRequiredValue(directory), books = said.GetValue(Books) ?? path;
            if (custody.Read(said, path, out Func<string, IKeyCustody> open) is { } wrong) return CommandOutput.Fail(wrong);
            if (!HasBooks(books)) return CommandOutput.Fail($"there are no books in '{books}', so nobody could approve it; name the seller's directory with --books");
            if (Find(path, open, said.GetRequiredValue(key)) is not { } found) return CommandOutput.Fail(VendingCodes.KeyMissing);
            (ApprovalEffect? effect, string? problem) = effectOf(found, said);
            if (effect is null) return CommandOutput.Fail(problem!);

            // The key was looked at just now in its own room; the books' house needs no signer to be asked.
            using VendingHouse house = OpenBooks(books, AbsentSigner.Instance, null);
            Guid id = said.GetValue(IssueCommand.RequestId) ?? IssueCommand.NewId();
            ApprovalOutcome outcome = await house.Approvals.AskAsync(
                id, effect, said.GetRequiredValue(IssueCommand.Reason), InsiderHouse.Person(said), ApprovalDesk.UsualLifetime, cancellationToken);
            if (outcome is ApprovalOutcome.Refused refused) return CommandOutput.Fail($"{refused.Code}: {refused.Detail}");
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"asked: {id}; another person approves it within a day: latchkey approve give {id} --data {books} --as NAME"));
            return CommandOutput.Success;
        }));
        return command;
    }

    private static SignerKey? Find(string directory, Func<string, IKeyCustody> open, string keyId)
    {
        using KeyRoom room = KeyRoom.Open(directory, open, TimeProvider.System);
        return room.Keys.Keys.FirstOrDefault(k => k.KeyId == keyId) is { } record ? SignerKey.Of(record) : null;
    }

    private static bool HasBooks(string directory) => File.Exists(Path.Combine(directory, new SqliteDatabaseOptions(directory).FileName));

    private static VendingHouse OpenBooks(string directory, IOutsideSigner? signer, Func<string, IKeyCustody>? custody) => VendingHouse.Open(
        directory, new VendingHouseOptions(new VendingOptions(string.Empty, TimeSpan.Zero, []), new TariffBook([])) { Signer = signer, Custody = custody }, TimeProvider.System);

    private static async Task<int> GuardedAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception e) when (e is StorageException or CustodyException)
        {
            return CommandOutput.Fail(e.Message);
        }
    }
}
