using System.CommandLine;
using Latchkey.Cli.Vendors;
using Latchkey.Server.Access;
using Latchkey.Server.Serve.Settings;

namespace Latchkey.Cli.Sellers;

/// <summary><c>latchkey accounts …</c>: the people who may sign in. A password is drawn, shown once, and kept only as what checks it.</summary>
internal static class AccountsCommand
{
    private static readonly Argument<string> Directory = new("directory") { Description = "The data directory." };
    private static readonly Argument<string> Name = new("name") { Description = "The sign-in name: letters, digits, dots and dashes." };
    private static readonly Option<bool> AsJson = new("--json") { Description = "One JSON document on standard output." };

    public static Command Create() => new("accounts", "People who may sign in to the portal.") { Add(), List(), Reset(), Disable() };

    private static Command Add()
    {
        var display = new Option<string?>("--display") { Description = "What the portal calls them; the name without it." };
        var vendor = new Option<string?>("--vendor") { Description = "Adds a cashier of this vendor instead of an operator." };
        var command = new Command("add", "Adds an operator, or a vendor's cashier, and shows the password, once.") { Directory, Name, display, vendor, AsJson };
        command.SetAction(said => In(said, book =>
        {
            string name = said.GetRequiredValue(Name);
            if (!IsName(name)) return CommandOutput.Fail("a name has 1 to 48 letters, digits, dots and dashes");
            if (book.Accounts.Any(a => a.Name == AccountBook.Normal(name))) return CommandOutput.Fail($"there is an account '{name}' already; 'accounts reset' draws a new password");
            string? shop = said.GetValue(vendor);
            return Show(said, name, book.SetAccount(name, said.GetValue(display) ?? name, shop is null ? PortalRoles.Operator : PortalRoles.Vendor, null, shop));
        }));
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "All accounts.") { Directory, AsJson };
        command.SetAction(said => In(said, book =>
        {
            VendorPrinter.Print(book.Accounts.Select(a => new { name = a.Name, display = a.DisplayName, role = a.Role, vendor = a.Vendor, disabled = a.IsDisabled }).ToArray(), said.GetValue(AsJson));
            return CommandOutput.Success;
        }));
        return command;
    }

    private static Command Reset()
    {
        var command = new Command("reset", "Draws a new password and shows it, once; the old one ends. A disabled account comes back.") { Directory, Name, AsJson };
        command.SetAction(said => In(said, book =>
        {
            string name = said.GetRequiredValue(Name);
            if (book.Accounts.FirstOrDefault(a => a.Name == AccountBook.Normal(name)) is not { } account) return CommandOutput.Fail($"there is no account '{name}'");
            return Show(said, account.Name, book.SetAccount(account.Name, account.DisplayName, account.Role, account.TenantId, account.Vendor));
        }));
        return command;
    }

    private static Command Disable()
    {
        var command = new Command("disable", "Ends an account's sign-in until its password is reset.") { Directory, Name };
        command.SetAction(said => In(said, book =>
        {
            string name = said.GetRequiredValue(Name);
            if (!book.Disable(name)) return CommandOutput.Fail($"there is no account '{name}'");
            Console.Out.WriteLine($"{name} may not sign in any more; who is signed in stays so until the cookie ends, at most 12 hours");
            return CommandOutput.Success;
        }));
        return command;
    }

    private static int Show(ParseResult said, string name, string password)
    {
        if (said.GetValue(AsJson)) CommandOutput.WriteJson(new { name, password });
        else Console.Out.WriteLine($"{name}: password {password}  (shown this once)");
        return CommandOutput.Success;
    }

    private static int In(ParseResult said, Func<AccountBook, int> work)
    {
        string path = Path.GetFullPath(said.GetRequiredValue(Directory));
        if (!SellerDirectory.IsOne(path)) return CommandOutput.Fail($"'{said.GetValue(Directory)}' is no data directory: 'latchkey init' makes one");
        try
        {
            return work(AccountBook.Open(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or System.Text.Json.JsonException)
        {
            return CommandOutput.Fail(e.Message);
        }
    }

    private static bool IsName(string text) => text.Length is > 0 and <= 48 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
}
