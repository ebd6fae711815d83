using System.Text;
using Latchkey.Quantities;
using Latchkey.Server.Serve.Settings;
using Latchkey.Testing;

namespace Latchkey.Server.Tests.Serve;

/// <summary>The settings file: what is written by init is good, and each fault names its line and what to do.</summary>
public sealed class SettingsTests
{
    private const string Signer = """{ "kind": "in-process" }""";
    private static readonly string Starter = StarterFiles.Settings("A \"quoted\" park", "KES", "+03:00", "UTC");

    [Fact]
    public void Read_WhatInitWrites_IsGood()
    {
        (SellerSettings? settings, IReadOnlyList<SettingsFault> faults) = Read(Starter);
        Assert.Empty(faults);
        Assert.Equal(("A \"quoted\" park", Currency.Kes, TimeSpan.FromHours(3), "api"), (settings!.SellerName, settings.Currency, settings.UtcOffset, settings.ApiChannel));
        Assert.False(settings.WebhooksToPrivateAddresses);
    }

    [Theory]
    [InlineData("\"currency\": \"KES\"", "\"currency\": \"XXQ\"", "currency: 'XXQ' is not taken here")]
    [InlineData("\"utcOffset\": \"+03:00\"", "\"utcOffset\": \"+15:00\"", "utcOffset: '+15:00' is not taken here")]
    [InlineData("\"funding\": \"clearing\"", "\"funding\": \"gift\"", "channels[0].funding: 'gift' is not taken here")]
    [InlineData("\"code\": \"api\"", "\"code\": \"A P I\"", "channels[0].code: lower-case letters")]
    [InlineData("\"minimum\": 100,", "\"minimum\": \"100\",", "channels[0].minimum: a whole number from 1")]
    [InlineData("\"minimum\": 100,", "\"minimum\": 2000000,", "channels[0].maximum: the largest sale is below the smallest")]
    [InlineData("\"apiChannel\"", "\"apiChanel\"", "apiChanel: there is no such setting")]
    [InlineData("\"apiChannel\": \"api\"", "\"apiChannel\": \"shop\"", "apiChannel: 'shop' is none of the channels")]
    [InlineData("\"urls\": \"http://127.0.0.1:5080\"", "\"urls\": \"127.0.0.1\"", "urls: write addresses to listen on")]
    [InlineData(Signer, """{ "kind": "cloud" }""", "signer.kind: 'cloud' is not taken here")]
    [InlineData(Signer, """{ "kind": "process" }""", "signer.socket: this setting is missing")]
    [InlineData(Signer, """{ "kind": "process", "socket": "run/signer" }""", "signer.socket: write the whole path of the socket")]
    [InlineData(Signer, """{ "kind": "process", "socket": "/s", "timeoutSeconds": 0 }""", "signer.timeoutSeconds: a whole number from 1 to 300")]
    [InlineData(Signer, """{ "kind": "process", "socket": "/s", "custody": "pkcs11" }""", "signer.custody: there is no such setting")]
    [InlineData(Signer, """{ "kind": "in-process", "custody": "paper" }""", "signer.custody: 'paper' is not taken here")]
    [InlineData(Signer, """{ "kind": "in-process", "custody": "pkcs11", "token": "t" }""", "signer.library: this setting is missing")]
    [InlineData(Signer, """{ "kind": "in-process", "custody": "pkcs11", "library": "hsm.so", "token": "t" }""", "signer.library: write the whole path of the library")]
    [InlineData(Signer, """{ "kind": "in-process", "pin": "1234" }""", "signer.pin: a PIN does not belong into this file")]
    [InlineData(Signer, """{ "kind": "in-process", "socket": "/s" }""", "signer.socket: there is no such setting")]
    [InlineData("\"allowPrivateAddresses\": false", "\"allowPrivateAddresses\": \"no\"", "webhooks.allowPrivateAddresses: true or false is expected")]
    [InlineData("\"publicAddress\": null", "\"publicAddress\": \"ftp://x\"", "publicAddress: write the address")]
    [InlineData("\"zone\": \"UTC\"", "\"zone\": \"Moon\"", "zone: this machine knows no time zone 'Moon'")]
    [InlineData("\"zone\": \"UTC\"", "\"zone\": \"UTC\", \"zone\": \"UTC\"", "zone: this setting is there twice")]
    public void Read_OfOneFault_NamesItsLineAndWhatToDo(string good, string bad, string expected)
    {
        string text = Starter.Replace(good, bad, StringComparison.Ordinal);
        int line = 1 + text[..text.IndexOf(bad, StringComparison.Ordinal)].Count(c => c == '\n');
        (SellerSettings? settings, IReadOnlyList<SettingsFault> faults) = Read(text);
        Assert.Null(settings);
        Assert.Contains(faults, f => f.ToString().StartsWith($"settings.json line {line}, {expected}", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_Gifts_GivesTheirChannelsABudgetEach()
    {
        string text = Starter.Replace("\"apiChannel\"", "\"gifts\": { \"refunds\": \"api\" }, \"apiChannel\"", StringComparison.Ordinal);
        (SellerSettings? settings, IReadOnlyList<SettingsFault> faults) = Read(text);
        Assert.Empty(faults);
        Assert.Equal(("api", (string?)null), (settings!.Bundles.Refunds, settings.Bundles.FreeUnits));
        Assert.Equal(Latchkey.Vending.BudgetKind.Refunds, settings.Channels.Single(c => c.Code == "api").Budget);
    }

    [Theory]
    [InlineData("{ \"refunds\": \"moon\" }", "gifts.refunds: 'moon' is none of the channels")]
    [InlineData("{ \"refunds\": \"api\", \"freeUnits\": \"api\" }", "gifts.refunds: 'api' pays for something else already")]
    [InlineData("{ \"refund\": \"api\" }", "gifts.refund: there is no such setting")]
    public void Read_GiftsThatCannotBe_NamesThem(string gifts, string expected) => Assert.Contains(
        Read(Starter.Replace("\"apiChannel\"", $"\"gifts\": {gifts}, \"apiChannel\"", StringComparison.Ordinal)).Faults,
        f => f.ToString().Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Read_OfASigner_KnowsWhereItIs()
    {
        Assert.Equal(new SignerSettings.InSoftware(), Read(Starter).Settings!.Signer);
        Assert.Equal(
            new SignerSettings.Apart("/run/s/signer", "latchkey-signer", TimeSpan.FromSeconds(3), TimeSpan.FromHours(1)),
            Of("""{ "kind": "process", "socket": "/run/s/signer", "user": "latchkey-signer", "timeoutSeconds": 3 }"""));
        Assert.Equal(
            new SignerSettings.InToken("/usr/lib/hsm.so", "shop", null), Of("""{ "kind": "in-process", "custody": "pkcs11", "library": "/usr/lib/hsm.so", "token": "shop" }"""));
        static SignerSettings Of(string signer) => Read(Starter.Replace(Signer, signer, StringComparison.Ordinal)).Settings!.Signer;
    }

    [Fact]
    public void Read_OfSeveralFaults_TellsThemAllByLine()
    {
        string text = Starter.Replace("KES", "XXQ", StringComparison.Ordinal).Replace("clearing\", \"min", "gift\", \"min", StringComparison.Ordinal);
        IReadOnlyList<SettingsFault> faults = Read(text).Faults;
        Assert.Equal(2, faults.Count);
        Assert.True(faults[0].Line < faults[1].Line);
    }

    // No input may throw: the file is written by hand.
    [Fact]
    public void Read_OfEveryPrefix_IsAFaultOrSettings()
    {
        byte[] whole = Encoding.UTF8.GetBytes(Starter);
        int end = Starter.TrimEnd().Length;
        for (int length = 0; length < end; length++) Assert.NotEmpty(SettingsReader.Read(whole[..length]).Faults);
    }

    [Fact]
    public void Open_WithABadTariff_NamesTheFile()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("settings.json"), Starter);
        Directory.CreateDirectory(directory.File("tariffs"));
        Assert.Contains("there is no tariff", Assert.Single(SellerDirectory.Open(directory.Path).Faults).ToString());
        File.WriteAllText(Path.Combine(directory.Path, "tariffs", "a.json"), "{\n\"id\": 1,,\n}");
        Assert.StartsWith("tariffs/a.json line 2", Assert.Single(SellerDirectory.Open(directory.Path).Faults).ToString(), StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(directory.Path, "tariffs", "a.json"), StarterFiles.Tariff("KES", 2).Replace("\"rate\": 1.00", "\"rate\": -1", StringComparison.Ordinal));
        Assert.Contains("blocks[0].rate: below zero", Assert.Single(SellerDirectory.Open(directory.Path).Faults).ToString());
    }

    [Fact]
    public async Task Create_MakesSecretsThatOnlyTheOwnerReads_AndNoneOfThemIsInTheSettings()
    {
        using var directory = new TemporaryDirectory();
        await SellerDirectory.CreateAsync(directory.File("park"), "P", Currency.Cny, "+08:00", "UTC", TimeProvider.System, CancellationToken.None);
        string[] keys = Directory.GetFiles(directory.File("park"), "*.key");
        Assert.True(keys.Length >= 4);
        if (!OperatingSystem.IsWindows())
        {
            foreach (string key in keys) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        }

        await Assert.ThrowsAsync<IOException>(() => SellerDirectory.CreateAsync(directory.File("park"), "P", Currency.Cny, "+08:00", "UTC", TimeProvider.System, CancellationToken.None));
    }

    private static (SellerSettings? Settings, IReadOnlyList<SettingsFault> Faults) Read(string text) => SettingsReader.Read(Encoding.UTF8.GetBytes(text));
}
