using System.Security.Cryptography;

namespace Latchkey.Metrology.Tests;

public sealed class MetrologyIdentityTests
{
    [Fact]
    public void Hash_IsThatOfTheFileThatRuns()
    {
        byte[] image = File.ReadAllBytes(typeof(MetrologyCore).Assembly.Location);
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(image)), MetrologyIdentity.Hash);
    }

    [Fact]
    public void Version_NamesNoCommit() => Assert.Matches(@"^\d+\.\d+\.\d+$", MetrologyIdentity.Version);
}
