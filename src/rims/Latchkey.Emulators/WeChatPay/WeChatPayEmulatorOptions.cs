namespace Latchkey.Emulators.WeChatPay;

/// <summary>How the emulated WeChat Pay behaves.</summary>
public sealed record WeChatPayEmulatorOptions
{
    public string MerchantId { get; init; } = "1900006511";

    public string AppId { get; init; } = "wxd678efh567hg6787";

    /// <summary>Everything the emulator makes up, but for keys, follows from this.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>With which key notifications are signed.</summary>
    public PlatformSigning NotificationSigning { get; init; } = PlatformSigning.Certificate;

    /// <summary>True: notifications go out by themselves as they fall due. False: only when DeliverDueAsync is called.</summary>
    public bool AutoDeliver { get; init; } = true;

    /// <summary>From the payer's confirmation to the first notification.</summary>
    public TimeSpan NotificationDelay { get; init; } = TimeSpan.Zero;

    /// <summary>From a refund's request to its success.</summary>
    public TimeSpan RefundTakes { get; init; } = TimeSpan.Zero;

    public NotificationWeather Weather { get; init; } = NotificationWeather.Fair;
}
