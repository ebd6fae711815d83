using System.Text.Json;
using System.Text.Json.Nodes;
using Latchkey.Testing;

namespace Latchkey.Tariffs.Tests;

public sealed class TariffVectorTests
{
    private static readonly string File = Path.Combine(RepositoryRoot.Path, "vectors", "tariffs", "tariffs.json");

    public static TheoryData<string> CaseNames() => new(Run(Load()).Select(r => r.Name));

    [Theory, MemberData(nameof(CaseNames))] // vectors/tariffs/tariffs.json, which names its sources
    public void Case_OfTheVectors_GivesTheExpectedFigures(string name)
    {
        TariffVectorResult result = Run(Load()).Single(r => r.Name == name);
        Assert.True(result.Passed, result.Detail);
    }

    [Fact]
    public void Run_TheVectors_CoversEveryCase() => Assert.True(Run(Load()).Count >= 18);

    [Fact]
    public void Run_ACaseWithAnotherExpectation_Fails()
    {
        JsonNode file = JsonNode.Parse(Load().GetRawText())!;
        file["tariffs"]![3]!["cases"]![0]!["expect"]!["gross"] = 97.67;
        Assert.Equal("CN-BEIJING-LADDER/1 units_to_amount", Run(JsonSerializer.SerializeToElement(file)).Single(r => !r.Passed).Name);
    }

    [Theory]
    [InlineData("""{"tariffs":[{"id":"A","cases":[{"kind":"units_to_amount","input":1,"expect":{"gross":1}}]}]}""", "'currency' is missing")]
    [InlineData("""{"vectors":[]}""", "no list of 'tariffs'")]
    [InlineData("""[]""", "no list of 'tariffs'")]
    public void Run_AFileThatIsNotOne_SaysWhatIsMissing(string json, string expected)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        Assert.Contains(expected, Run(document.RootElement).Single().Detail);
    }

    private static IReadOnlyList<TariffVectorResult> Run(JsonElement file) => TariffVectorRunner.Run(file);

    private static JsonElement Load()
    {
        using JsonDocument document = JsonDocument.Parse(System.IO.File.ReadAllBytes(File));
        return document.RootElement.Clone();
    }
}
