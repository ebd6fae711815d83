using System.CommandLine;
using System.Globalization;
using Latchkey.Sts;

namespace Latchkey.Cli.Sts;

/// <summary><c>latchkey sts dark</c>: until when a meter with a key of this base date and expiry number can be sold to.</summary>
internal static class StsDarkCommand
{
    public static Command Create()
    {
        var keys = new StsKeyOptions();
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("dark", "Says when a meter goes dark: the last minute at which a token for it can be made.") { json };
        keys.AddTo(command);
        command.SetAction(parsed => Run(parsed, keys, parsed.GetValue(json)));
        return command;
    }

    private static int Run(ParseResult parsed, StsKeyOptions keys, bool json)
    {
        Result<EncryptionAlgorithm> algorithm = keys.Algorithm(parsed);
        if (algorithm.Fault is { } algorithmFault) return CommandOutput.Fail(algorithmFault);
        Result<DecoderKeyAttributes> attributes = keys.Attributes(parsed, algorithm.Value);
        if (attributes.Fault is { } fault) return CommandOutput.Fail(fault);

        DarkDate dark = DarkDate.Of(attributes.Value);
        string lastMinute = dark.LastMinute.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
        string reason = dark.Reason == DarkReason.KeyExpiry ? "key-expiry" : "end-of-identifiers";
        int? nextBaseDate = attributes.Value.BaseDate.Next?.Year;
        if (json) CommandOutput.WriteJson(new { lastMinute, reason, nextBaseDate });
        else Console.Out.WriteLine($"The last minute for a token is {lastMinute} ({reason}); afterwards the meter needs key-change tokens, which still work.");
        return CommandOutput.Success;
    }
}
