using Latchkey.Emulators.Sms;
using Latchkey.Emulators.WeChat;
using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Log;
using Latchkey.Messaging.Notices;
using Latchkey.Messaging.Policy;
using Latchkey.Messaging.Sms;
using Latchkey.Messaging.Templates;
using Latchkey.Messaging.WeChat;
using Latchkey.Testing;

namespace Latchkey.Messaging.Tests;

/// <summary>A messenger with three channels, the emulated WeChat and the emulated gateway, over loopback. 18:40 in the park; time moves by hand.</summary>
public sealed class MessagingTrial : IAsyncLifetime
{
    public const string OneTimeTemplate = "T_ONE_TIME";
    public const string FollowerTemplate = "T_FOLLOWER";
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    private int _notices;

    public ManualClock Clock { get; } = new();

    public InMemoryMessageLog Log { get; } = new();

    public CapturedLog<Messenger> Lines { get; } = new();

    public CapturedLog<AccessTokenSource> TokenLines { get; } = new();

    public WeChatEmulator WeChat { get; private set; } = null!;

    public SmsEmulator Sms { get; private set; } = null!;

    public AccessTokenSource Tokens { get; private set; } = null!;

    public TemplateCatalogue Catalogue { get; } = new(new Dictionary<(NoticeKind, ChannelKind), MessageTemplate>
    {
        [(NoticeKind.LowBalance, ChannelKind.MiniProgram)] = new(OneTimeTemplate, Fields, ConsentMode.OneTime, "pages/topup/index?meter={meter}"),
        [(NoticeKind.LowBalance, ChannelKind.ServiceTemplate)] = new(FollowerTemplate, Fields, ConsentMode.LongTerm, "https://park.example.org/topup?meter={meter}"),
    });

    public Messenger Messenger { get; private set; } = null!;

    public static Recipient Tenant { get; } = new("tenant-7", NoticeLanguage.English, "oMini7", "oService7", "+8613800000007");

    private static Dictionary<string, string> Fields => new(StringComparer.Ordinal)
    {
        ["character_string1"] = NoticeValues.Meter, ["amount2"] = NoticeValues.Balance, ["thing3"] = NoticeValues.Text, ["time4"] = NoticeValues.Time,
    };

    public async ValueTask InitializeAsync()
    {
        WeChat = await WeChatEmulator.StartAsync(new WeChatEmulatorOptions { OneTimeTemplates = new HashSet<string>(StringComparer.Ordinal) { OneTimeTemplate } }, Clock, default);
        Sms = await SmsEmulator.StartAsync("sandbox", Clock, default);
        Tokens = NewTokens(WeChat.AppSecretText);
        Messenger = NewMessenger(new MessagingPolicy());
    }

    public async ValueTask DisposeAsync()
    {
        Tokens.Dispose();
        await WeChat.DisposeAsync();
        await Sms.DisposeAsync();
        _http.Dispose();
    }

    public AccessTokenSource NewTokens(string secret) => new(_http, Options, new WeChatAppSecret(secret), Clock, TokenLines);

    public Messenger NewMessenger(MessagingPolicy policy) => new(
        [NewWeChat(ChannelKind.MiniProgram), NewWeChat(ChannelKind.ServiceTemplate), new SmsChannel(_http, new SmsOptions { BaseAddress = Sms.BaseAddress, UserName = "sandbox" }, new SmsApiKey(Sms.ApiKeyText))],
        Log, policy, Clock, Lines);

    public WeChatChannel NewWeChat(ChannelKind kind) => new(kind, _http, Options, Tokens, Catalogue, Log, Clock);

    public Notice NewReminder(Recipient? to = null) => new(
        $"low-{Interlocked.Increment(ref _notices)}",
        NoticeKind.LowBalance,
        to ?? Tenant,
        NoticeTexts.LowBalance,
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [NoticeValues.Meter] = "01234567890",
            [NoticeValues.Balance] = "9.50元",
            [NoticeValues.Time] = NoticeValues.OfTime(Clock.GetUtcNow(), TimeSpan.FromHours(8)),
        },
        Clock.GetUtcNow());

    public async Task<IReadOnlyList<string>> CodesOfAsync(string noticeId) =>
        [.. (await Log.AttemptsOfAsync(noticeId, default)).Select(a => $"{a.Channel} {a.Verdict} {a.Code}")];

    private WeChatOptions Options => new() { BaseAddress = WeChat.BaseAddress, AppId = WeChat.AppId };
}
