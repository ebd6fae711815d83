using Latchkey.Emulators.WeChat;
using Latchkey.Emulators.WeChatPay;
using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Notices;
using Latchkey.Messaging.Templates;
using Latchkey.Messaging.WeChat;
using Latchkey.Payments.WeChatPay;
using Latchkey.Server.Platform;

namespace Latchkey.Server.Demo;

/// <summary>The outside world of a demo: stand-ins for WeChat Pay and WeChat on this machine, reached over HTTP like the real ones.</summary>
public sealed class EmulatedServices : IAsyncDisposable
{
    private readonly MerchantCredential _credential;
    private readonly ApiV3Key _apiKey;

    private EmulatedServices(WeChatPayEmulator pay, WeChatEmulator weChat)
    {
        Pay = pay;
        WeChat = weChat;
        _credential = MerchantCredential.FromPem(pay.Merchant.MerchantId, pay.Merchant.CertificateSerial, pay.Merchant.ExportPrivateKeyPem());
        _apiKey = ApiV3Key.FromText(pay.Merchant.ApiV3KeyText);
    }

    public WeChatPayEmulator Pay { get; }

    public WeChatEmulator WeChat { get; }

    /// <summary>Which of our values each template shows; the operator of a real account picks templates with fields like these.</summary>
    public static IReadOnlyDictionary<(NoticeKind Kind, ChannelKind Channel), MessageTemplate> Templates { get; } =
        Enum.GetValues<NoticeKind>().ToDictionary(kind => (kind, ChannelKind.MiniProgram), TemplateFor);

    /// <param name="seed">Everything the services make up, but for their keys, follows from it.</param>
    /// <param name="deliversByItself">True: notifications go out as they fall due. False: when the world asks for it, so that a story repeats.</param>
    /// <param name="time">The world's clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<EmulatedServices> StartAsync(int seed, bool deliversByItself, TimeProvider time, CancellationToken cancellationToken)
    {
        var pay = await WeChatPayEmulator.StartAsync(new WeChatPayEmulatorOptions { Seed = seed, AutoDeliver = deliversByItself }, time, cancellationToken).ConfigureAwait(false);
        var weChat = await WeChatEmulator.StartAsync(new WeChatEmulatorOptions { Seed = seed }, time, cancellationToken).ConfigureAwait(false);
        return new EmulatedServices(pay, weChat);
    }

    /// <summary>The settings that an operator would make for the real services.</summary>
    public WeChatPaySetup PaySetup(Uri notifyAddress) => new(
        new WeChatPayOptions
        {
            BaseAddress = Pay.BaseAddress,
            MerchantId = Pay.Merchant.MerchantId,
            AppId = Pay.Merchant.AppId,
            NotifyAddress = notifyAddress,
        },
        _credential,
        _apiKey,
        new PlatformKeyRing([]));

    /// <inheritdoc cref="PaySetup"/>
    public WeChatSetup MessageSetup() => new(
        new WeChatOptions { BaseAddress = WeChat.BaseAddress, AppId = WeChat.AppId }, new WeChatAppSecret(WeChat.AppSecretText), Templates);

    public async ValueTask DisposeAsync()
    {
        await Pay.DisposeAsync().ConfigureAwait(false);
        await WeChat.DisposeAsync().ConfigureAwait(false);
        _credential.Dispose();
        _apiKey.Dispose();
    }

    private static MessageTemplate TemplateFor(NoticeKind kind) => new(
        $"demo-template-{(int)kind}",
        kind switch
        {
            NoticeKind.TokenIssued => Fields(("character_string1", NoticeValues.Token), ("amount2", NoticeValues.Amount)),
            NoticeKind.LowBalance => Fields(("character_string1", NoticeValues.Meter), ("amount2", NoticeValues.Balance)),
            NoticeKind.SupplyOff or NoticeKind.SupplyOn => Fields(("character_string1", NoticeValues.Meter)),
            _ => Fields(("character_string1", NoticeValues.Meter), ("amount2", NoticeValues.Amount)),
        },
        Page: "pages/topup/index?meter={meter}");

    private static Dictionary<string, string> Fields(params (string Key, string Value)[] own)
    {
        var fields = own.ToDictionary(f => f.Key, f => f.Value, StringComparer.Ordinal);
        fields["thing3"] = NoticeValues.Text;
        fields["time4"] = NoticeValues.Time;
        return fields;
    }
}
