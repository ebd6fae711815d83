using System.Globalization;
using System.Security.Cryptography;
using Latchkey.Server.Access;
using Latchkey.Storage.Tests.Vending;
using Latchkey.Storage.Vending;
using Latchkey.Tariffs;
using Latchkey.Testing;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Cli.Tests.Signing;

/// <summary>Keys at the command line: one person under two names raises nothing, two people do, and a ceremony asks for passwords where there are accounts.</summary>
public sealed class KeyActCommandTests
{
    private const long Limit = 10_000_000;

    [Fact]
    public async Task OneAccountOfTheMachineUnderTwoNames_RaisesNothing()
    {
        using Shop shop = await Shop.OpenAsync();
        Guid id = await AskAsync("keys", "raise", shop.Directory, Shop.KeyId, "--by", "500", "--reason", "season", "--as", "Ann");
        (int exit, string _, string error) = await SignerProcess.RunAsync("approve", "give", id.ToString(), "--data", shop.Directory, "--as", "Bo");
        Assert.NotEqual(0, exit);
        Assert.Contains("approval-same-person", error, StringComparison.Ordinal);
        (exit, _, error) = await SignerProcess.RunAsync("keys", "apply", shop.Directory, id.ToString());
        Assert.NotEqual(0, exit);
        Assert.Contains("two-approvers-needed", error, StringComparison.Ordinal);
        Assert.Equal(Limit, shop.House.Keys.Keys.Single().CreditLimit);
    }

    [Fact]
    public async Task ASignerOfItsOwn_AppliesWhatItsSellerApproved_Once()
    {
        using Shop shop = await Shop.OpenAsync();
        using var process = new SignerProcess(shop.Directory);
        await process.PrepareAsync(8_000);
        Guid id = await AskAsync("keys", "raise", process.Data, Shop.KeyId, "--by", "500", "--reason", "season", "--as", "Ann", "--books", shop.Directory);
        string[] apply = ["keys", "apply", process.Data, id.ToString(), "--books", shop.Directory];
        Assert.Contains("two-approvers-needed", (await SignerProcess.RunAsync(apply)).Error, StringComparison.Ordinal);

        var options = new VendingHouseOptions(Shop.Options, new TariffBook([])) { Signer = AbsentSigner.Instance };
        using (VendingHouse house = VendingHouse.Open(shop.Directory, options, TimeProvider.System))
            Assert.IsType<ApprovalOutcome.Done>(await house.Acts.ApproveAsync(id, ApprovalPerson.AtPortal("bo", isOperator: true), CancellationToken.None));
        Assert.Equal(0, (await SignerProcess.RunAsync(apply)).Exit);
        Assert.Equal(0, (await SignerProcess.RunAsync(apply)).Exit);
        using KeyRoom room = KeyRoom.Open(process.Data, TimeProvider.System);
        Assert.Equal(8_500, room.Keys.Keys.Single().CreditLimit);
    }

    public static TheoryData<string, string, bool> Pairs => new()
    {
        { "ann", "bo", true },
        { "ann", "ANN", false },
        { "ann", "nobody", false },
        { "ann", "till", false },
    };

    [Theory, MemberData(nameof(Pairs))]
    public async Task ACeremony_InADirectoryWithAccounts_TakesTwoOperatorsWithTheirPasswords(string first, string second, bool isTaken)
    {
        using var directory = new TemporaryDirectory();
        AccountBook accounts = AccountBook.Open(directory.Path);
        Dictionary<string, string> passwords = new(StringComparer.OrdinalIgnoreCase)
        {
            ["ann"] = accounts.SetAccount("ann", "Ann", PortalRoles.Operator, null),
            ["bo"] = accounts.SetAccount("bo", "Bo", PortalRoles.Operator, null),
            ["till"] = accounts.SetAccount("till", "A cashier", PortalRoles.Vendor, null, "shop-7"),
        };
        (int exit, string _, string error) = await ImportAsync(directory, first, passwords[first], second, passwords.GetValueOrDefault(second, "guessed"));
        Assert.Equal(isTaken, exit == 0);
        Assert.Equal(isTaken, !error.Contains("two-approvers-needed", StringComparison.Ordinal));
        using KeyRoom room = KeyRoom.Open(directory.Path, TimeProvider.System);
        Assert.Equal(isTaken ? 1 : 0, room.Keys.Keys.Count);
    }

    [Fact]
    public async Task ACeremony_WithTheRightNamesAndAWrongPassword_TakesNothing()
    {
        using var directory = new TemporaryDirectory();
        AccountBook accounts = AccountBook.Open(directory.Path);
        string ann = accounts.SetAccount("ann", "Ann", PortalRoles.Operator, null);
        accounts.SetAccount("bo", "Bo", PortalRoles.Operator, null);
        (int exit, string _, string error) = await ImportAsync(directory, "ann", ann, "bo", ann);
        Assert.NotEqual(0, exit);
        Assert.Contains("'bo' is no operator here", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ACeremony_WhereNobodyHasAnAccount_SaysThatNamesWereTakenAsTyped()
    {
        using var directory = new TemporaryDirectory();
        (int exit, string _, string error) = await ImportAsync(directory, "Ann", "-", "Bo", "-");
        Assert.Equal(0, exit);
        Assert.Contains("as they were typed", error, StringComparison.Ordinal);
        Assert.NotEqual(0, (await ImportAsync(directory, "Ann", "-", "ann ", "-")).Exit);
    }

    private static async Task<Guid> AskAsync(params string[] arguments)
    {
        (int exit, string output, string error) = await SignerProcess.RunAsync(arguments);
        Assert.True(exit == 0, error);
        return Guid.Parse(output.Split(' ', ';')[1], CultureInfo.InvariantCulture);
    }

    private static async Task<(int Exit, string Output, string Error)> ImportAsync(TemporaryDirectory directory, string first, string firstPassword, string second, string secondPassword)
    {
        byte[] key = new byte[20];
        string[] files = [directory.File("1"), directory.File("2"), directory.File("3")];
        for (int i = 0; i < files.Length; i++)
        {
            byte[] component = SHA256.HashData([(byte)i]).AsSpan(0, key.Length).ToArray();
            for (int j = 0; j < key.Length; j++) key[j] ^= component[j];
            Secret(files[i], Convert.ToHexString(component));
        }

        Secret(directory.File("a"), firstPassword);
        Secret(directory.File("b"), secondPassword);
        return await SignerProcess.RunAsync(
        [
            "keys", "import", directory.Path, "--component", .. files, "--check-value", KeyCeremony.CheckValueOf(key)!, "--sgc", "201457", "--krn", "1", "--base", "2014", "--active-from", "2026-01-01",
            "--limit", "1000", "--first", first, "--second", second, "--first-password-file", directory.File("a"), "--second-password-file", directory.File("b"),
        ]);
    }

    private static void Secret(string path, string text)
    {
        File.WriteAllText(path, text + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
