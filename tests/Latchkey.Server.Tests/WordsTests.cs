using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Latchkey.Server.Languages;
using Latchkey.Server.Portal.Meters;
using Latchkey.Server.Portal.Park;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Testing;
using Latchkey.Server.Portal.Messages;

namespace Latchkey.Server.Tests;

public sealed partial class WordsTests
{
    private static readonly string Room = RepositoryRoot.Combine("src/apps/Latchkey.Server");
    private static readonly Dictionary<string, string> English = Read("Words.resx"), Chinese = Read("Words.zh-Hans.resx");

    [Fact]
    public void EveryKey_ExistsInBothLanguages() => Assert.Equal(English.Keys.Order(StringComparer.Ordinal), Chinese.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void EveryWord_IsThere() => Assert.Empty(English.Concat(Chinese).Where(word => string.IsNullOrWhiteSpace(word.Value)).Select(word => word.Key));

    [Fact]
    public void EveryWord_TakesTheSameValuesInBothLanguages() =>
        Assert.Empty(English.Keys.Where(key => !Places(English[key]).SequenceEqual(Places(Chinese[key]), StringComparer.Ordinal)));

    [Fact]
    public void EveryWordThatAPageAsksFor_IsThere()
    {
        string[] asked = [.. Sources().SelectMany(text => Asked().Matches(text)).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal)];
        Assert.NotEmpty(asked);
        Assert.Empty(asked.Where(key => !English.ContainsKey(key)));
    }

    [Fact]
    public void EveryNamedState_HasItsWord()
    {
        string[] keys =
        [
            .. Names<SupplyState>("supply"), .. Names<LinkState>("link"), .. Names<BalanceMark>("mark"), .. Names<RoomFilter>("filter"), .. Names<ChartRange>("range"), .. Names<TopUpStep>("step"),
            .. Names<TopUpEnd>("end").Where(key => key != "end.None"), .. Names<MessageFate>("fate"),
        ];
        Assert.Empty(keys.Where(key => !English.ContainsKey(key)));
    }

    [Fact]
    public void NoPage_HoldsWordsOfItsOwn() =>
        Assert.Empty(Directory.GetFiles(Room, "*.razor", SearchOption.AllDirectories).Where(IsOurs).Where(path => BareWords().IsMatch(Markup(path))).Select(Path.GetFileName));

    // Each rule above is shown one breach.
    [Fact]
    public void AKeyWithoutAWord_AndABareWord_AreSeen()
    {
        Assert.Equal("no.such", Asked().Match("""<p>@L["no.such"]</p>""").Groups[1].Value);
        Assert.Matches(BareWords(), "<p>Hello there</p>");
        Assert.False(Places("{0} of {1}").SequenceEqual(Places("{0}"), StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("zh-CN,zh;q=0.9", "欢迎使用")]
    [InlineData("en-GB", "Welcome to")]
    [InlineData("fr", "Welcome to")]
    public async Task APage_SpeaksTheReadersLanguage(string accepts, string welcome)
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using HttpClient client = server.Caller(withKey: false);
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(accepts);
        Assert.Contains(welcome, System.Net.WebUtility.HtmlDecode(await client.GetStringAsync(new Uri("/signin", UriKind.Relative))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AChosenLanguage_Stays()
    {
        await using ServerFixture server = await ServerFixture.StartAsync();
        using Browser browser = new(server);
        await browser.GetAsync($"/language/{PortalLanguages.Chinese}?back=/signin");
        Assert.Contains("欢迎使用", await browser.ReadAsync("/signin"), StringComparison.Ordinal);
    }

    private static Dictionary<string, string> Read(string file) => XDocument.Load(Path.Combine(Room, "Languages", file)).Root!.Elements("data")
        .ToDictionary(element => element.Attribute("name")!.Value, element => element.Element("value")!.Value, StringComparer.Ordinal);

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(match => match.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private static IEnumerable<string> Names<T>(string prefix)
        where T : struct, Enum => Enum.GetNames<T>().Select(name => string.Create(CultureInfo.InvariantCulture, $"{prefix}.{name}"));

    private static IEnumerable<string> Sources() =>
        Directory.GetFiles(Room, "*.*", SearchOption.AllDirectories).Where(path => path.EndsWith(".razor", StringComparison.Ordinal) || path.EndsWith(".cs", StringComparison.Ordinal)).Where(IsOurs).Select(File.ReadAllText);

    private static bool IsOurs(string path) => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal);

    private static string Markup(string path)
    {
        string text = File.ReadAllText(path);
        int code = text.IndexOf("\n@code", StringComparison.Ordinal);
        return code < 0 ? text : text[..code];
    }

    [GeneratedRegex("(?:\\bL|\\bWords|\\bwords)\\[\"([a-z0-9.-]+(?:\\.[A-Za-z]+)?(?:\\.[a-z]+)?)\"[,\\]]")]
    private static partial Regex Asked();

    [GeneratedRegex("\\{\\d\\}")]
    private static partial Regex Place();

    // A letter pair right after a tag ends a sentence that no translator saw; brand names and units on the face are no sentences.
    [GeneratedRegex(">\\s*(?!LATCHKEY|Latchkey|imp/kWh)[A-Za-z]{2,}[^<@{}=]*</(p|span|h1|h2|strong|small|button|a|text|MudButton)>")]
    private static partial Regex BareWords();
}
