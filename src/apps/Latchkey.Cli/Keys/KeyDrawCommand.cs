using System.CommandLine;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using Latchkey.Cli.Sellers;
using Latchkey.Server.Serve.Settings;
using Latchkey.Storage.Vending;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Cli.Keys;

/// <summary><c>latchkey keys draw --development</c>: a vending key out of nowhere, for meters that are made with it. No ceremony, and it says so.</summary>
internal static class KeyDrawCommand
{
    // Nobody answers for such a key, so no names are asked for.
    private static readonly TwoPeople Nobody = new("development", "no ceremony");

    public static Command Create()
    {
        Argument<string> directory = KeysCommand.Directory();
        var development = new Option<bool>("--development") { Description = "Says that you know: the key is drawn here, by nobody's ceremony, and opens no real meter." };
        Option<string> group = KeysCommand.Required("--sgc", "Supply group code, six digits.");
        var revision = new Option<int>("--krn") { Description = "Key revision number, 1 to 9.", DefaultValueFactory = _ => 1 };
        var type = new Option<int>("--kt") { Description = "Key type, 1 to 3.", DefaultValueFactory = _ => 2 };
        var baseDate = new Option<int>("--base") { Description = "Base date: 1993, 2014 or 2035.", DefaultValueFactory = _ => 2014 };
        var length = new Option<int>("--bytes") { Description = "20 (DKGA04) or 8 (DKGA02, for EA07).", DefaultValueFactory = _ => VendingKey.HmacLength };
        var limit = new Option<long>("--limit") { Description = "Minor units that may be signed in all until two people raise it.", DefaultValueFactory = _ => 1_000_000_00 };
        var file = new Option<string?>("--out") { Description = "Also writes the key in hexadecimal to this new file, mode 600: meters of a bench are made with it." };
        var command = new Command("draw", "Draws a key for development into the software custody.") { directory, development, group, revision, type, baseDate, length, limit, file };
        command.SetAction(said =>
        {
            if (!said.GetValue(development)) return CommandOutput.Fail("real keys come by 'keys import' from their custodians; --development draws one for trying things");
            if (said.GetValue(length) is not (VendingKey.HmacLength or VendingKey.SingleDesLength)) return CommandOutput.Fail("--bytes is 20 or 8");
            if (KeyImportCommand.Terms(said.GetRequiredValue(group), said.GetValue(revision), said.GetValue(type), said.GetValue(baseDate), "2014-01-01", null, out SigningKeyTerms? terms) is { } wrong)
                return CommandOutput.Fail(wrong);
            string directoryPath = said.GetRequiredValue(directory);
            if (SellerHouse.SettingsOf(directoryPath, out SellerSettings? settings) is { } fault) return CommandOutput.Fail(fault);
            if (settings?.Signer is SignerSettings.Apart) return CommandOutput.Fail($"the signer of '{directoryPath}' is a process of its own; draw in the signer's directory");
            if (settings?.Signer is SignerSettings.InToken) return CommandOutput.Fail("the keys of this directory are in a PKCS#11 token: 'keys import' takes them in");
            byte[] key = Draw(said.GetValue(length));
            try
            {
                if (said.GetValue(file) is { } path) ComponentFile.Write(path, key);
                string done = string.Create(CultureInfo.InvariantCulture, $"key {terms!.KeyId}, check value {KeyCeremony.CheckValueOf(key)}: for development, it opens only meters made with it");
                return KeysCommand.InKeyRoom(CustodyKeyFile.OpenOrCreate, directoryPath, done, room => room.Keys.ImportAsync(key, terms, said.GetValue(limit), Nobody, CancellationToken.None));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return CommandOutput.Fail(e.Message);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(key);
            }
        });
        return command;
    }

    private static byte[] Draw(int length)
    {
        byte[] key = RandomNumberGenerator.GetBytes(length);
        for (int i = 0; i < key.Length && length == VendingKey.SingleDesLength; i++)
        {
            if ((BitOperations.PopCount(key[i]) & 1) == 0) key[i] ^= 1;
        }

        return key;
    }
}
