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
