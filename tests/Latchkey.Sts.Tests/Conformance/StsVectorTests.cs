using System.Text.Json;

namespace Latchkey.Sts.Tests;

public sealed class StsVectorTests
{
    /// <summary>A licensed user names a file with the production tables here; without it those vectors are skipped, each by its name.</summary>
    private const string TablesVariable = "LATCHKEY_STA_TABLES";

    private static readonly StaTables? Licensed = LoadLicensed();

    public static TheoryData<string> Independent => PublishedVectors.Ids("vectors.json");

    public static TheoryData<string> SampleTables => PublishedVectors.Ids("sample-tables.json");

    [Theory, MemberData(nameof(Independent))] // vectors/sts/vectors.json, which names its sources
    public void Run_IndependentVector_GivesTheExpectedOutcome(string id) => Check(PublishedVectors.Get("vectors.json", id));

    [Theory, MemberData(nameof(SampleTables))] // vectors/sts/sample-tables.json, regression values of the reference model
    public void Run_SampleTablesVector_GivesTheExpectedOutcome(string id) => Check(PublishedVectors.Get("sample-tables.json", id));

    [Fact]
    public void Files_HoldTheVectorsTheyAreKnownToHold() =>
        Assert.Equal((400, 184), (PublishedVectors.Ids("vectors.json").Count, PublishedVectors.Ids("sample-tables.json").Count));

    [Fact]
    public void Run_EveryVectorButThoseForLicensedTables_NeedsNoTables() =>
        Assert.Equal(191, PublishedVectors.All.Count(v => StsVectorRunner.Run(v, licensed: null).NeedsTables));

    [Fact]
    public void Difference_OfOneChangedDigit_IsReported()
    {
        using JsonDocument wrong = JsonDocument.Parse("""{"tid":1698596}""");
        string? difference = StsVectorRunner.Run(PublishedVectors.Get("vectors.json", "tid-001"), licensed: null).DifferenceFrom(wrong.RootElement);
        Assert.Equal("tid is 1698595, expected 1698596", difference);
    }

    [Theory]
    [InlineData("""{"id":"x","kind":"tid","in":{"issue":"2045-11-24T20:16","base_date":2014}}""", "the time of issue has no token identifier under this base date")]
    [InlineData("""{"id":"x","kind":"crc","in":{"bytes":"0"}}""", "bytes must be bytes in hexadecimal")]
    [InlineData("""{"id":"x","kind":"nothing","in":{}}""", "kind nothing is unknown")]
    [InlineData("""{"id":"x","kind":"crc","in":{"bytes":"\ud800"}}""", "the vector holds text that is not Unicode")]
    [InlineData("[]", "kind is missing")]
    public void Run_WrongInput_SaysWhy(string vector, string error)
    {
        using JsonDocument document = JsonDocument.Parse(vector);
        Assert.Equal(error, StsVectorRunner.Run(document.RootElement, licensed: null).Error);
    }

    [Theory]
    [InlineData("{}", "it needs the lists s1, s2 and p of small numbers")]
    [InlineData("""{"s1":[1],"s2":[1],"p":[1]}""", "s1 and s2 must be permutations of 0 to 15, and p of 0 to 63")]
    [InlineData("""{"s1":[256],"s2":[1],"p":[1]}""", "it needs the lists s1, s2 and p of small numbers")]
    public void StaTablesFile_WrongContent_SaysWhy(string file, string fault)
    {
        Assert.False(StaTablesFile.TryRead(System.Text.Encoding.UTF8.GetBytes(file), out _, out string? said));
        Assert.Equal(fault, said);
    }

    [Fact]
    public void Run_WithAFileOfTables_UsesThemForVectorsThatNameProduction()
    {
        // The sample tables stand in for licensed ones: the outcome must be that of the sample vector, not that of the published one.
        JsonElement published = PublishedVectors.Get("vectors.json", "class0_units-001");
        StsVectorResult result = StsVectorRunner.Run(published, StaTables.Sample);
        Assert.Null(result.DifferenceFrom(PublishedVectors.Get("sample-tables.json", "s-class0_units-001").GetProperty("expect")));
        Assert.NotNull(result.DifferenceFrom(published.GetProperty("expect")));
    }

    private static void Check(JsonElement vector)
    {
        StsVectorResult result = StsVectorRunner.Run(vector, Licensed);
        if (result.NeedsTables) Assert.Skip("needs the licensed EA07 tables: " + result.Id);
        Assert.Null(result.DifferenceFrom(vector.GetProperty("expect")));
    }

    private static StaTables? LoadLicensed()
    {
        string? file = Environment.GetEnvironmentVariable(TablesVariable);
        if (string.IsNullOrEmpty(file)) return null;
        return StaTablesFile.TryRead(File.ReadAllBytes(file), out StaTables? tables, out string? fault) ? tables : throw new InvalidDataException(fault);
    }
}
