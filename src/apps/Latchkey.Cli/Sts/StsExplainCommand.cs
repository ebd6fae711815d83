using System.CommandLine;
using Latchkey.Sts;

namespace Latchkey.Cli.Sts;

/// <summary><c>latchkey sts explain TOKEN</c>: why a typed token does not work, for a support desk that may use keys.</summary>
internal static class StsExplainCommand
{
    public static Command Create()
    {
        var token = new Argument<string>("token") { Description = "What was typed, in quotes if there are spaces." };
        var present = new StsKeyOptions();
        var next = new StsKeyOptions("next-", present);
        var former = new StsKeyOptions("former-", present);
        var json = new Option<bool>("--json") { Description = "One JSON document on standard output." };
        var command = new Command("explain", "Says why a token was refused and which group of four to look at.") { token, json };
        present.AddTo(command);
        next.AddTo(command);
        former.AddTo(command);
        command.SetAction(parsed => Run(parsed, parsed.GetRequiredValue(token), present, [(KeyRelation.Next, next), (KeyRelation.Former, former)], parsed.GetValue(json)));
        return command;
    }

    private static int Run(ParseResult parsed, string text, StsKeyOptions present, (KeyRelation Relation, StsKeyOptions Options)[] others, bool json)
    {
        Result<EncryptionAlgorithm> algorithm = present.Algorithm(parsed);
        Result<StaTables?> tables = present.Tables(parsed);
        if ((algorithm.Fault ?? tables.Fault) is { } fault) return CommandOutput.Fail(fault);

        var keys = new List<CandidateKey>();
        try
        {
            foreach ((KeyRelation relation, StsKeyOptions options) in others.Prepend((KeyRelation.Present, present)))
            {
                if (!options.IsGiven(parsed)) continue;
                Result<DecoderKey> made = options.Key(parsed);
                if (made.Value is not { } key) return CommandOutput.Fail(made.Fault!);
                using (key) keys.Add(new CandidateKey(relation, relation.ToString().ToLowerInvariant(), TokenCipher.Create(algorithm.Value, key, tables.Value)));
            }

            Print(TokenExplainer.Explain(text, keys), json);
            return CommandOutput.Success;
        }
        finally
        {
            foreach (CandidateKey key in keys) key.Cipher.Dispose();
        }
    }

    private static void Print(TokenExplanation explanation, bool json)
    {
        if (json)
        {
            CommandOutput.WriteJson(new
            {
                diagnosis = explanation.Diagnosis.ToString(),
                suspectGroup = explanation.SuspectGroup,
                english = explanation.English,
                chinese = explanation.Chinese,
                corrections = explanation.Corrections.Select(c => new { token = c.Token.ToGroupedString(), group = c.Group }),
            });
            return;
        }

        Console.Out.WriteLine(explanation.English);
        Console.Out.WriteLine(explanation.Chinese);
        foreach (TokenCorrection correction in explanation.Corrections) Console.Out.WriteLine($"perhaps {correction.Token.ToGroupedString()} (group {correction.Group})");
    }
}
