using System.Globalization;
using Latchkey.Messaging;
using Latchkey.Messaging.Notices;
using Latchkey.Parks.Balance;
using Latchkey.Parks.Estate;
using Latchkey.Parks.Prices;
using Latchkey.Parks.TopUps;
using Latchkey.Quantities;
using Latchkey.Sts;

namespace Latchkey.Parks.Messages;

/// <summary>Says to tenants what this room has to say. Each notice has a name made from its cause, so saying it again says nothing.</summary>
/// <param name="messenger">Keeps, sends and repeats.</param>
/// <param name="time">The clock.</param>
/// <param name="addressing">Which way a tenant's WeChat identity leads.</param>
public sealed class TenantMessages(Messenger messenger, TimeProvider time, WeChatAddressing addressing)
{
    private const int MilliPerKilowattHour = 1_000;

    /// <summary>The name of the notice about a crossing.</summary>
    public static string NameOf(MeterPan pan, WatchNotice notice) => string.Create(
        CultureInfo.InvariantCulture, $"{(notice.Kind == WatchNews.LowBalance ? "low" : "off")}-{pan}-{notice.About.ToUnixTimeSeconds()}");

    /// <summary>The name of a notice about a top-up.</summary>
    public static string NameOf(TopUp topUp, TopUpNews news) => $"topup-{topUp.Id:N}-{news.ToString().ToLowerInvariant()}";

    /// <summary>The sentence of the reminder for a threshold.</summary>
    public static NoticeText ReminderFor(Money threshold)
    {
        if (threshold == BalanceRules.TenYuan.Threshold) return NoticeTexts.LowBalance;
        string amount = threshold.ToMajor().ToString("0.##", CultureInfo.InvariantCulture);
        return threshold.Currency == Currency.Cny
            ? new NoticeText($"余额不足{amount}元，请及时充值", $"Your balance is less than {amount} yuan; please top up promptly")
            : new NoticeText($"余额不足{amount} {threshold.Currency}，请充值", $"Your balance is less than {amount} {threshold.Currency}; please top up promptly");
    }

    internal Task TellBalanceAsync(
        Park park, Room room, Tenant tenant, MeterPan pan, WatchNotice notice, Money? balance, Money threshold, CancellationToken cancellationToken)
    {
        (NoticeKind kind, NoticeText text) = notice.Kind == WatchNews.LowBalance
            ? (NoticeKind.LowBalance, ReminderFor(threshold))
            : (NoticeKind.SupplyOff, NoticeTexts.SupplyOff);
        Dictionary<string, string> values = Values(park, room, pan, notice.About);
        values[NoticeValues.Energy] = Kilowatthours(Energy.FromWattHours(notice.CreditMilli));
        if (balance is { } worth) values[NoticeValues.Balance] = NoticeValues.OfMoney(worth);
        return SendAsync(NameOf(pan, notice), kind, tenant, text, values, cancellationToken);
    }

    internal Task TellTopUpAsync(Park park, Room room, Tenant tenant, TopUp topUp, TopUpNews news, DateTimeOffset at, CancellationToken cancellationToken)
    {
        (NoticeKind kind, NoticeText text) = news switch
        {
            TopUpNews.Token => (NoticeKind.TokenIssued, NoticeTexts.TokenIssued),
            TopUpNews.Credited => (NoticeKind.TokenCredited, NoticeTexts.TokenCredited),
            TopUpNews.Rejected => (NoticeKind.TokenRejected, NoticeTexts.TokenRejected),
            TopUpNews.Refunded => (NoticeKind.Refunded, NoticeTexts.Refunded),
            _ => throw new ArgumentOutOfRangeException(nameof(news), news, "One piece of news at a time."),
        };
        Dictionary<string, string> values = Values(park, room, topUp.Pan, at);
        values[NoticeValues.Amount] = NoticeValues.OfMoney(topUp.Amount);
        if (topUp.Granted is { } granted) values[NoticeValues.Energy] = Kilowatthours(granted);
        if (!topUp.Tokens.IsEmpty) values[NoticeValues.Token] = string.Join(", ", topUp.Tokens.Select(t => TokenNumber.Parse(t).ToGroupedString()));
        return SendAsync(NameOf(topUp, news), kind, tenant, text, values, cancellationToken);
    }

    private static Dictionary<string, string> Values(Park park, Room room, MeterPan pan, DateTimeOffset at) => new(StringComparer.Ordinal)
    {
        [NoticeValues.Meter] = pan.Drn.ToString(),
        [NoticeValues.Room] = room.Number,
        [NoticeValues.Time] = NoticeValues.OfTime(at, ParkCalendar.OffsetOf(park, at)),
    };

    private static string Kilowatthours(Energy energy) =>
        string.Create(CultureInfo.InvariantCulture, $"{energy.WattHours / (decimal)MilliPerKilowattHour:0.0##} kWh");

    private async Task SendAsync(
        string name, NoticeKind kind, Tenant tenant, NoticeText text, Dictionary<string, string> values, CancellationToken cancellationToken)
    {
        var notice = new Notice(name, kind, RecipientOf(tenant), text, values, time.GetUtcNow());
        await messenger.SendAsync(notice, cancellationToken).ConfigureAwait(false);
    }

    private Recipient RecipientOf(Tenant tenant) => new(
        tenant.Id.ToString("N"),
        tenant.Language == TenantLanguage.English ? NoticeLanguage.English : NoticeLanguage.Chinese,
        addressing == WeChatAddressing.MiniProgram ? tenant.OpenId : null,
        addressing == WeChatAddressing.ServiceAccount ? tenant.OpenId : null,
        tenant.Phone);
}

/// <summary>To which of our WeChat identities the tenants' openids belong: they differ between a mini program and a service account.</summary>
public enum WeChatAddressing
{
    MiniProgram = 1,
    ServiceAccount = 2,
}
