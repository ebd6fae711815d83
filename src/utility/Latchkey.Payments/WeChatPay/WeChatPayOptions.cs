namespace Latchkey.Payments.WeChatPay;

/// <summary>Who we are at WeChat Pay and where it is. Holds no secret.</summary>
public sealed record WeChatPayOptions
{
    /// <summary>The service's address. Source: https://api.mch.weixin.qq.com; an emulator's address for trials.</summary>
    public Uri BaseAddress { get; init; } = new("https://api.mch.weixin.qq.com/");

    /// <summary>The merchant number, mchid.</summary>
    public required string MerchantId { get; init; }

    /// <summary>The official account or mini program, appid.</summary>
    public required string AppId { get; init; }

    /// <summary>Where payments are notified: https and no query (plain http only on this machine, for emulators).</summary>
    public required Uri NotifyAddress { get; init; }

    /// <summary>Where refunds are notified; null asks for none.</summary>
    public Uri? RefundNotifyAddress { get; init; }

    /// <summary>How far a signed message's time may lie from ours. Source: WeChat Pay APIv3: five minutes.</summary>
    public TimeSpan ClockTolerance { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Throws on settings that WeChat Pay would refuse or that would weaken it; called once at start.</summary>
    public void RequireValid()
    {
        if (MerchantId.Length is 0 or > 32) throw new ArgumentException("mchid has 1 to 32 characters.");
        if (AppId.Length is 0 or > 32) throw new ArgumentException("appid has 1 to 32 characters.");
        if (!BaseAddress.AbsolutePath.EndsWith('/')) throw new ArgumentException("The base address ends with a slash.");
        RequireCallable(NotifyAddress);
        if (RefundNotifyAddress is { } refunds) RequireCallable(refunds);
    }

    private static void RequireCallable(Uri address)
    {
        bool safe = address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);
        if (!safe || address.Query.Length > 0) throw new ArgumentException($"A notify address is https and has no query: {address}");
    }
}
