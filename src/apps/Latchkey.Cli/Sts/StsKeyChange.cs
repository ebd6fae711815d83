using System.CommandLine;
using Latchkey.Sts;

namespace Latchkey.Cli.Sts;

/// <summary><c>latchkey sts encode key-change</c>: the tokens that bring a meter from one key to another.</summary>
internal static class StsKeyChange
{
    public static int Run(ParseResult parsed, StsEncodeOptions options, bool json)
    {
        Result<EncryptionAlgorithm> algorithm = options.Keys.Algorithm(parsed);
        if (algorithm.Fault is { } algorithmFault) return CommandOutput.Fail(algorithmFault);
        Result<BaseDate> oldBaseDate = options.Keys.BaseDate(parsed);
        Result<DecoderKeyAttributes> attributes = options.NewKeys.Attributes(parsed, algorithm.Value);
        if ((oldBaseDate.Fault ?? attributes.Fault) is { } fault) return CommandOutput.Fail(fault);
        if (Form(parsed.GetValue(options.TokenCount), algorithm.Value) is not { } form)
            return CommandOutput.Fail("--tokens must be 2 or 3 for a 64-bit key and 4 for EA11");

        Result<DecoderKey> made = options.NewKeys.Key(parsed);
        if (made.Value is not { } newKey) return CommandOutput.Fail(made.Fault!);
        using (newKey)
        {
            Result<TokenCipher> old = options.Keys.Cipher(parsed);
            if (old.Value is not { } cipher) return CommandOutput.Fail(old.Fault!);
            using (cipher)
            {
                bool rollOver = oldBaseDate.Value != attributes.Value.BaseDate;
                KeyChangeSection[] sections = KeyChangeSet.Divide(newKey, attributes.Value, form, rollOver);
                Print([.. sections.Select(section => cipher.Seal(TokenClass.MeterSpecificManagement, section.Encode()))], rollOver, json);
                return CommandOutput.Success;
            }
        }
    }

    private static KeyChangeForm? Form(int? count, EncryptionAlgorithm algorithm)
    {
        KeyChangeForm form = count is { } given ? (KeyChangeForm)given : KeyChangeSet.FormFor(algorithm, takesThirdToken: true);
        return form == KeyChangeSet.FormFor(algorithm, takesThirdToken: form == KeyChangeForm.ThreeTokens) ? form : null;
    }

    private static void Print(TokenNumber[] tokens, bool rollOver, bool json)
    {
        if (json)
        {
            CommandOutput.WriteJson(new { rollOver, tokens = tokens.Select(t => t.ToString()), grouped = tokens.Select(t => t.ToGroupedString()) });
            return;
        }

        foreach (TokenNumber token in tokens) Console.Out.WriteLine(token.ToGroupedString());
        if (rollOver) Console.Out.WriteLine("The meter forgets its used tokens: enter unused credit before these.");
    }
}
