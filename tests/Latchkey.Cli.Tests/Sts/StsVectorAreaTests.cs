using System.Text.Json;
using Latchkey.Cli.Sts;
using Latchkey.Cli.Verify;
using Latchkey.Testing;

namespace Latchkey.Cli.Tests.Sts;

public sealed class StsVectorAreaTests
{
    private static readonly StsVectorArea Area = new();

    [Theory]
    [InlineData("vectors.json", 209, 191)]
    [InlineData("sample-tables.json", 184, 0)]
    public void Run_OnAFileOfTheRepository_PassesWhatNeedsNoLicensedTables(string file, int passed, int skipped)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(RepositoryRoot.Combine("vectors", "sts", file)));
        Assert.True(Area.Recognises(file, document.RootElement));
        VectorOutcome[] outcomes = [.. Area.Run(document.RootElement, tablesFile: null)];
        Assert.Equal((passed, 0, skipped), (Count(outcomes, VectorVerdict.Passed), Count(outcomes, VectorVerdict.Failed), Count(outcomes, VectorVerdict.Skipped)));
    }

    [Fact]
    public void Run_AWrongExpectation_Fails()
    {
        using JsonDocument document = JsonDocument.Parse("""{"vectors":[{"id":"x","kind":"luhn_digit","in":{"payload":"1234567890"},"expect":{"digit":"4"}}]}""");
        VectorOutcome outcome = Assert.Single(Area.Run(document.RootElement, tablesFile: null));
        Assert.Equal((VectorVerdict.Failed, "digit is \"3\", expected \"4\""), (outcome.Verdict, outcome.Reason));
    }

    [Theory]
    [InlineData("""{"vectors":[]}""")]
    [InlineData("""{"vectors":[{"id":"x","kind":"something-else","in":{},"expect":{}}]}""")]
    [InlineData("[1]")]
    [InlineData("{}")]
    public void Recognises_AnotherForm_IsFalse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.False(Area.Recognises("vectors.json", document.RootElement));
    }

    private static int Count(VectorOutcome[] outcomes, VectorVerdict verdict) => outcomes.Count(o => o.Verdict == verdict);
}
