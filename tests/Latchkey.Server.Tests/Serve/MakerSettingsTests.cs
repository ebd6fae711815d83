using System.Text;
using Latchkey.Quantities;
using Latchkey.Server.Serve.Settings;
using Latchkey.Testing;

namespace Latchkey.Server.Tests.Serve;

/// <summary>Makers' token services in the settings: off unless named, passwords in a file of their own that nobody else reads.</summary>
public sealed class MakerSettingsTests
{
    private const string Maker = """{ "make": "Calin", "url": "https://tokens.example/api/", "company": "Riverside", "user": "POS1", "secrets": "calin.secret" }""";
    private static readonly string Starter = StarterFiles.Settings("Park", "KES", "+03:00", "UTC");

    [Fact]
    public void Read_WhatInitWrites_HasNoMaker() => Assert.Empty(Read(Starter).Settings!.Makers);

    [Fact]
    public void Read_OfAMaker_HasItsAccountAndNoPassword()
    {
        (SellerSettings? settings, IReadOnlyList<SettingsFault> faults) = Read(With(Maker));
        Assert.Empty(faults);
        MakerSettings maker = Assert.Single(settings!.Makers);
        Assert.Equal(("Calin", "Riverside", "POS1", TimeSpan.FromSeconds(60), null), (maker.Make, maker.Company, maker.User, maker.Timeout, maker.FindCall));
    }

    [Fact]
    public void Starter_ShowsHowAMakerIsNamed()
    {
        string shown = Starter.Replace("// \"makers\":", "\"makers\":", StringComparison.Ordinal);
        Assert.NotEqual(Starter, shown);
        Assert.Single(Read(shown).Settings!.Makers);
    }

    [Theory]
    [InlineData("\"Calin\"", "\"Cal in\"", "makers[0].make: letters, digits and dashes")]
    [InlineData("https://tokens", "http://tokens", "makers[0].url: passwords and tokens go over TLS")]
    [InlineData("https://tokens.example/api/", "tokens", "makers[0].url: ")]
    [InlineData("\"Riverside\"", "\"\"", "makers[0].url: company and user")]
    [InlineData("calin.secret", "../calin.secret", "makers[0].secrets: name a file inside")]
    [InlineData("calin.secret", "/etc/passwd", "makers[0].secrets: name a file inside")]
    [InlineData("\"user\": \"POS1\"", "\"user\": \"POS1\", \"password\": \"x\"", "makers[0].password: there is no such setting")]
    [InlineData("\"user\": \"POS1\"", "\"user\": \"POS1\", \"kind\": \"prism\"", "makers[0].kind: write \"calin\"")]
    [InlineData("\"user\": \"POS1\"", "\"user\": \"POS1\", \"timeoutSeconds\": 500", "makers[0].timeoutSeconds: a whole number from 1 to 120")]
    [InlineData("\"user\": \"POS1\"", "\"user\": \"POS1\", \"findCall\": \"POS_Find\"", "makers[0].url: the id's field and the call")]
    public void Read_OfAFault_NamesIt(string good, string bad, string expected) =>
        Assert.Contains(Read(With(Maker.Replace(good, bad, StringComparison.Ordinal))).Faults, f => f.ToString().Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Read_OfAMakeTwice_IsAFault() => Assert.Contains(Read(With(Maker + ", " + Maker.Replace("Calin", "CALIN", StringComparison.Ordinal))).Faults, f => f.What.Contains("twice", StringComparison.Ordinal));

    [Theory]
    [InlineData("one\n", null)]
    [InlineData("one\ntwo\n", null)]
    [InlineData("one\r\ntwo\r\n", null)]
    [InlineData("", "one line or two")]
    [InlineData("one\ntwo\nthree\n", "one line or two")]
    [InlineData("o\u0001ne\n", "one line or two")]
    [InlineData(null, "there is no such file")]
    public async Task Open_ReadsThePasswordsOrSaysWhatIsWrongWithTheFile(string? secrets, string? fault)
    {
        using var directory = new TemporaryDirectory();
        string path = await MadeAsync(directory);
        if (secrets is not null) Write(path, secrets, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        (SellerDirectory? opened, IReadOnlyList<SettingsFault> faults) = SellerDirectory.Open(path);
        Assert.Equal(fault is null, opened is not null);
        if (fault is not null) Assert.Contains(fault, Assert.Single(faults).ToString(), StringComparison.Ordinal);
        else Assert.Equal("calin", opened!.Vending.Makers.CodeOf("CALIN"));
        opened?.Vending.Makers.Dispose();
    }

    [Fact]
    public async Task Open_WhereOthersMayReadThePasswords_IsRefused()
    {
        if (OperatingSystem.IsWindows()) return;
        using var directory = new TemporaryDirectory();
        string path = await MadeAsync(directory);
        Write(path, "one\n", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("mode to 600", Assert.Single(SellerDirectory.Open(path).Faults).ToString(), StringComparison.Ordinal);
        Assert.Contains("mode to 600", Assert.Single(SellerDirectory.OpenMaking(path).Faults).ToString(), StringComparison.Ordinal);
    }

    private static async Task<string> MadeAsync(TemporaryDirectory directory)
    {
        string path = directory.Path + "/park";
        await SellerDirectory.CreateAsync(path, "Park", Currency.Kes, "+03:00", "UTC", TimeProvider.System, CancellationToken.None);
        await File.WriteAllTextAsync(path + "/settings.json", With(Maker));
        return path;
    }

    private static void Write(string path, string secrets, UnixFileMode mode)
    {
        File.WriteAllText(path + "/calin.secret", secrets);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path + "/calin.secret", mode);
    }

    private static string With(string makers) => Starter.Replace("\"signer\":", $"\"makers\": [ {makers} ], \"signer\":", StringComparison.Ordinal);

    private static (SellerSettings? Settings, IReadOnlyList<SettingsFault> Faults) Read(string text) => SettingsReader.Read(Encoding.UTF8.GetBytes(text));
}
