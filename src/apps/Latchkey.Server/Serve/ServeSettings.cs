using Latchkey.Server.ElectrumApi;
using Latchkey.Server.Platform;
using Latchkey.Sts;
using Latchkey.Tariffs;
using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Server.Serve;

/// <summary>What a seller set up: all that a server needs beside its data directory.</summary>
public sealed record ServeSettings
{
    public required VendingOptions Vending { get; init; }

    public required TariffBook Tariffs { get; init; }

    /// <summary>The seller's channel for purchases over the API.</summary>
    public required string ApiChannel { get; init; }

    /// <summary>The zone in which the portal writes times.</summary>
    public required TimeZoneInfo Zone { get; init; }

    public BundleOptions Bundles { get; init; } = BundleOptions.None;

    /// <summary>The tables of EA07 of a licensed user; null takes the sample tables, which open no real meter.</summary>
    public StaTables? StaTables { get; init; }

    /// <summary>A signer in a process of its own; null opens one here. Its owner closes it after the server.</summary>
    public IOutsideSigner? Signer { get; init; }

    /// <summary>Opens the custody of a signer in this process; null takes keys in software.</summary>
    public Func<string, IKeyCustody>? Custody { get; init; }

    /// <summary>The prepaid-utility contract for third-party clients; null where it is not offered.</summary>
    public ElectrumSettings? Electrum { get; init; }

    /// <summary>Whether webhooks may go to loopback and private addresses.</summary>
    public bool WebhooksToPrivateAddresses { get; init; }

    public WeChatPaySetup? WeChatPay { get; init; }

    public WeChatSetup? WeChat { get; init; }
}
