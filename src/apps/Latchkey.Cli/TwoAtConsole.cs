using System.CommandLine;
using Latchkey.Cli.Keys;
using Latchkey.Server.Access;
using Latchkey.Vending;

namespace Latchkey.Cli;

/// <summary>
/// Two people at one console: the form of a ceremony that needs no server. Where the directory has portal accounts, both are operators of it and each gives a
/// password; a name that somebody only types stands for nobody. Where it has none yet, the names are taken as they are typed, and the command says so.
/// </summary>
internal sealed class TwoAtConsole
{
    public const string FirstVariable = "LATCHKEY_FIRST_PASSWORD", SecondVariable = "LATCHKEY_SECOND_PASSWORD";
    private readonly Option<string> _first = new("--first") { Description = "Who answers for it: an operator's account, where the directory has accounts.", Required = true };
    private readonly Option<string> _second = new("--second") { Description = "Who answers for it too, at the same console.", Required = true };
    private readonly Option<string?> _firstFile = new("--first-password-file") { Description = $"With accounts: a file with the first password, mode 600. Without it {FirstVariable} is taken." };
    private readonly Option<string?> _secondFile = new("--second-password-file") { Description = $"With accounts: a file with the second password, mode 600. Without it {SecondVariable} is taken." };

    public IReadOnlyList<Option> Options => [_first, _second, _firstFile, _secondFile];

    /// <summary>Null and the two, or what is wrong in words.</summary>
    /// <param name="said">What was typed.</param>
    /// <param name="directory">The data directory whose accounts count.</param>
    /// <param name="people">The two, as the ceremony's protocol names them.</param>
    public string? Read(ParseResult said, string directory, out TwoPeople people)
    {
        people = new TwoPeople(said.GetRequiredValue(_first).Trim(), said.GetRequiredValue(_second).Trim());
        if (!people.AreTwo) return VendingCodes.ApproversMissing + ": two different people answer for this";
        try
        {
            AccountBook accounts = AccountBook.Open(directory);
            if (accounts.IsEmpty)
            {
                Console.Error.WriteLine("note: the directory has no accounts, so both names are taken as they were typed at this console");
                return null;
            }

            if (Operator(accounts, people.First, said.GetValue(_firstFile), FirstVariable) is { } first) return first;
            if (Operator(accounts, people.Second, said.GetValue(_secondFile), SecondVariable) is { } second) return second;
            people = new TwoPeople(AccountBook.Normal(people.First), AccountBook.Normal(people.Second));
            return people.AreTwo ? null : VendingCodes.ApproversMissing + ": both names are one account";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or System.Text.Json.JsonException)
        {
            return e.Message;
        }
    }

    private static string? Operator(AccountBook accounts, string name, string? file, string variable)
    {
        if (PinFile.Read(file, variable, "password", "--first-password-file and --second-password-file", out string password) is { } wrong) return $"{name}: {wrong}";
        return accounts.Find(name, password) is { Role: PortalRoles.Operator } ? null : $"{VendingCodes.ApproversMissing}: '{name}' is no operator here, or the password is wrong";
    }
}
