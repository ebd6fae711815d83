using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Notices;
using Latchkey.Messaging.Policy;
using Latchkey.Messaging.Templates;
using Latchkey.Messaging.WeChat;
using Latchkey.Parks.Balance;
using Latchkey.Payments.WeChatPay;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Server.Platform;

/// <summary>What a platform is opened with. Secrets are handed in as objects that cannot be printed.</summary>
public sealed record PlatformOptions
{
    /// <summary>Where everything is kept.</summary>
    public required string DataDirectory { get; init; }

    public required VendingOptions Vending { get; init; }

    public required TariffBook Tariffs { get; init; }

    /// <summary>The tables of EA07 of a licensed user; null takes the sample tables, which open no real meter.</summary>
    public StaTables? StaTables { get; init; }

    /// <summary>A signer in a process of its own; null opens one here.</summary>
    public IOutsideSigner? Signer { get; init; }

    /// <summary>Opens the custody of a signer in this process; null takes keys in software.</summary>
    public Func<string, IKeyCustody>? Custody { get; init; }

    /// <summary>What pays for free energy and refunds.</summary>
    public BundleOptions Bundles { get; init; } = BundleOptions.None;

    /// <summary>WeChat Pay; null where it is not offered.</summary>
    public WeChatPaySetup? WeChatPay { get; init; }

    /// <summary>WeChat messages; null where none are sent.</summary>
    public WeChatSetup? WeChat { get; init; }

    public MessagingPolicy Messaging { get; init; } = new();

    public BalanceRules BalanceRules { get; init; } = BalanceRules.TenYuan;

    /// <summary>Spreads retries over time; the same seed repeats a run.</summary>
    public ulong Seed { get; init; } = 1;
}

/// <summary>A merchant at WeChat Pay with what is needed to act as it.</summary>
public sealed record WeChatPaySetup(WeChatPayOptions Options, MerchantCredential Credential, ApiV3Key ApiKey, PlatformKeyRing PlatformKeys);

/// <summary>An account at WeChat with its secret and the templates it was granted.</summary>
public sealed record WeChatSetup(
    WeChatOptions Options,
    WeChatAppSecret Secret,
    IReadOnlyDictionary<(NoticeKind Kind, ChannelKind Channel), MessageTemplate> Templates);
