using System.CommandLine;
using Latchkey.Sts;

namespace Latchkey.Cli.Sts;

/// <summary><c>latchkey sts derive</c>: a meter's key from a vending key. Its output is a secret, and it is the only command that prints one.</summary>
internal static class StsDeriveCommand
{
    public static Command Create()
    {
        var keys = new StsKeyOptions();
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("derive", "Derives a meter's key and prints it: the output is a secret.") { json };
        keys.AddTo(command);
        command.SetAction(parsed => Run(parsed, keys, parsed.GetValue(json)));
        return command;
    }

    private static int Run(ParseResult parsed, StsKeyOptions keys, bool json)
    {
        Result<VendingKey> held = keys.VendingKey(parsed);
        if (held.Value is not { } vendingKey) return CommandOutput.Fail(held.Fault!);
        using (vendingKey)
        {
            Result<DecoderKey> made = keys.Key(parsed);
            if (made.Value is not { } key) return CommandOutput.Fail(made.Fault!);
            using (key) return Print(vendingKey, key, json);
        }
    }

    private static int Print(VendingKey vendingKey, DecoderKey key, bool json)
    {        Span<byte> secret = stackalloc byte[DecoderKey.LongLength];
        string hex = Convert.ToHexStringLower(secret[..key.CopySecretTo(secret)]);
        secret.Clear();
        int dkga = vendingKey.Length == VendingKey.HmacLength ? 4 : 2;
        if (json) CommandOutput.WriteJson(new { dkga, vendingKeyCheckValue = vendingKey.CheckValue, decoderKey = hex });
        else Console.Out.WriteLine($"DKGA{dkga:D2}, vending key {vendingKey.CheckValue}, decoder key {hex}");
        return CommandOutput.Success;
    }
}
