using System.CommandLine;
using Latchkey.Sts;
using Latchkey.Vending;
using static Latchkey.Cli.Insiders.InsiderHouse;

namespace Latchkey.Cli.Insiders;

/// <summary><c>latchkey token verify NUMBER</c>: which transaction a token is of. For who may read the data directory.</summary>
internal static class TokenCommand
{
    public static Command Create() => new("token", "Issued tokens.") { Verify() };

    private static Command Verify()
    {
        var number = new Argument<string>("number") { Description = "The 20 digits, with or without spaces." };
        return Verb("verify", "The transaction of an issued token.", [number], (house, said) =>
        {
            string digits = string.Concat(said.GetRequiredValue(number).Where(c => !char.IsWhiteSpace(c) && c != '-'));
            if (!TokenNumber.TryParse(digits, out TokenNumber token)) return Task.FromResult<object>(new InsiderProblem("a token has 20 digits"));
            return Task.FromResult(house.TokenVerifier.Find(token) is { } trace
                ? View(trace)
                : new InsiderProblem($"{VendingCodes.UnknownToken}: no token of this number was issued here"));
        });
    }

    private static object View(TokenTrace trace) => new
    {
        trace.Token, trace.Kind, trace.Id, pan = trace.Pan?.ToString(), tid = trace.TidMinutes, trace.At, kwh = trace.Tenths / 10m, trace.Value, trace.Money, trace.Channel, trace.AskedBy,
        trace.ApprovedBy, trace.Reason, trace.Receipt, state = trace.State?.ToString().ToLowerInvariant(), trace.SignerLine, key = trace.KeyId,
    };
}
