using System.Text.Json;
using Latchkey.Dlms.Verification;

namespace Latchkey.Dlms.Tests;

public sealed class VectorTests
{
    public static TheoryData<string> Ids => [.. VectorFile.All.Select(v => v.GetProperty("id").GetString()!)];

    [Theory, MemberData(nameof(Ids))] // vectors/dlms/vectors.json; each vector names its source
    public void PublishedVector_Computed_Equals(string id)
    {
        DlmsVectorResult result = DlmsVectorRunner.RunOne(VectorFile.ById(id));
        Assert.Null(result.Reason);
        Assert.Equal(DlmsVectorVerdict.Passed, result.Verdict);
    }

    [Fact]
    public void File_OfThisForm_IsRecognised() => Assert.True(DlmsVectorRunner.Recognises(VectorFile.Root));

    [Fact]
    public void File_OfAnotherForm_IsNotRecognised()
    {
        using JsonDocument other = JsonDocument.Parse("""{"vectors":[{"id":"x","category":"token"}]}""");
        Assert.False(DlmsVectorRunner.Recognises(other.RootElement));
    }

    [Fact]
    public void Run_OverTheFile_GivesOneResultPerVector() => Assert.Equal(VectorFile.All.Length, DlmsVectorRunner.Run(VectorFile.Root).Count);

    [Theory]
    [InlineData("""{"id":"x","category":"hdlc-fcs","frame_without_flags":"a0107595b85101e6e700c501810036ce","fcs":"36ce"}""")]
    [InlineData("""{"id":"x","category":"key-wrap","kek":"00","key":"00"}""")]
    [InlineData("""{"id":"x","category":"date-time","octets":"07e20d0cff00000000800000"}""")]
    [InlineData("""{"id":"x","category":"axdr-decode","apdu":"1105","decoded":6}""")]
    [InlineData("""{"id":"x","category":"apdu-decode","apdu":"c002c100000001","decoded_as":"GetRequestNext","decoded":{"block_number":2}}""")]
    public void WrongVector_Fails(string json)
    {
        using JsonDocument vector = JsonDocument.Parse(json);
        Assert.Equal(DlmsVectorVerdict.Failed, DlmsVectorRunner.RunOne(vector.RootElement).Verdict);
    }

    [Fact]
    public void UnknownCategory_IsSkippedWithAReason()
    {
        using JsonDocument vector = JsonDocument.Parse("""{"id":"x","category":"v44"}""");
        DlmsVectorResult result = DlmsVectorRunner.RunOne(vector.RootElement);
        Assert.Equal(DlmsVectorVerdict.Skipped, result.Verdict);
        Assert.Contains("v44", result.Reason, StringComparison.Ordinal);
    }
}
