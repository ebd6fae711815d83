using System.CommandLine;
using Latchkey.Cli.Sts;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Verification;

namespace Latchkey.Cli.Dlms;

/// <summary><c>latchkey dlms decode HEX [--keys FILE]</c>: what octets from a line say, layer by layer.</summary>
internal static class DlmsDecodeCommand
{
    public static Command Create()
    {
        var hex = new Argument<string[]>("hex") { Description = "A frame or an APDU in hexadecimal; blanks and colons do not matter. '-' reads standard input.", Arity = ArgumentArity.OneOrMore };
        var keys = new Option<string?>("--keys") { Description = "Key file that opens what is ciphered." };
        var sender = new Option<string?>("--sender") { Description = "The sender's system title in hexadecimal, where the octets do not carry it; by default the key file's meter, then its client." };
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("decode", "Prints octets from a line as a readable tree; keys, passwords and tokens are redacted.") { hex, keys, sender, json };
        command.SetAction(parsed => Run(string.Concat(parsed.GetRequiredValue(hex)), parsed.GetValue(keys), parsed.GetValue(sender), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string text, string? keyPath, string? sender, bool json)
    {
        if (text == "-") text = Console.In.ReadToEnd();
        if (!TryHex(text, out byte[] octets) || octets.Length == 0) return CommandOutput.Fail("that is not hexadecimal: digits 0-9 and a-f, an even number of them");
        if (keyPath is null) return Print(octets, null, default, json);
        Result<DlmsKeyFile> read = DlmsKeyFile.Read(keyPath);
        if (read.Value is not { } keys) return CommandOutput.Fail(read.Fault!);
        int size = keys.Suite.KeySize();
        if (keys.Guek?.Length != size) return CommandOutput.Fail($"suite {(int)keys.Suite} needs \"guek\" of {size} octets in the key file");
        SystemTitle title = default;
        if (sender is not null && (!TryHex(sender, out byte[] given) || !SystemTitle.TryRead(given, out title))) return CommandOutput.Fail("--sender must be 16 hexadecimal digits");
        using var key = new CipherKey(keys.Suite, keys.Guek, keys.Gak?.Length == size ? keys.Gak : new byte[size]);
        SystemTitle[] candidates = sender is not null ? [title] : [keys.ServerTitle ?? default, keys.ClientTitle ?? default];
        foreach (SystemTitle candidate in candidates)
        {
            if (DlmsDecoder.Opens(octets, key, candidate)) return Print(octets, key, candidate, json);
        }

        return Print(octets, key, candidates[0], json);
    }

    private static int Print(byte[] octets, CipherKey? key, SystemTitle sender, bool json)
    {
        if (json) CommandOutput.WriteJson(DlmsDecoder.DescribeJson(octets, key, sender));
        else Console.Out.Write(DlmsDecoder.Describe(octets, key, sender));
        return CommandOutput.Success;
    }

    private static bool TryHex(string text, out byte[] octets)
    {
        string digits = string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c is not (':' or '-')));
        bool valid = digits.Length % 2 == 0 && digits.All(char.IsAsciiHexDigit);
        octets = valid ? Convert.FromHexString(digits) : [];
        return valid;
    }
}
