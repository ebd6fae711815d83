using System.CommandLine;
using Latchkey.Sts;

namespace Latchkey.Cli.Sts;

/// <summary><c>latchkey sts decode TOKEN</c>: what is in a token, and what a meter with this key and an empty memory would answer.</summary>
internal static class StsDecodeCommand
{
    public static Command Create()
    {
        var token = new Argument<string>("token") { Description = "Twenty digits, in quotes if there are spaces." };
        var keys = new StsKeyOptions();
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("decode", "Reads a token.") { token, json };
        keys.AddTo(command);
        command.SetAction(parsed => Run(parsed, parsed.GetRequiredValue(token), keys, parsed.GetValue(json)));
        return command;
    }

    private static int Run(ParseResult parsed, string text, StsKeyOptions keys, bool json)
    {
        if (!TokenNumber.TryParse(text, out TokenNumber token)) return CommandOutput.Fail("a token is 20 digits below 73786976294838206464");
        Result<BaseDate> baseDate = keys.BaseDate(parsed);
        if (baseDate.Fault is { } fault) return CommandOutput.Fail(fault);
        bool isPlain = token.Class is TokenClass.NonMeterSpecificManagement or TokenClass.Reserved;
        if (isPlain) return Print(DecodedToken.Read(token, null, baseDate.Value), json);

        Result<TokenCipher> made = keys.Cipher(parsed);
        if (made.Value is not { } cipher) return CommandOutput.Fail(made.Fault!);
        using (cipher) return Print(DecodedToken.Read(token, cipher, baseDate.Value), json);
    }

    private static int Print(DecodedToken decoded, bool json)
    {
        if (json) CommandOutput.WriteJson(decoded.Fields);
        else foreach ((string name, object? value) in decoded.Fields) Console.Out.WriteLine($"{name,-14} {value}");
        return decoded.IsAuthentic ? CommandOutput.Success : CommandOutput.Failure;
    }
}
