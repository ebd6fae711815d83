using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Latchkey.Emulators.Hosting;

namespace Latchkey.Emulators.WeChatPay;

/// <summary>A notification ready to be sent.</summary>
internal sealed record SignedNotification(IReadOnlyList<(string Name, string Value)> Headers, byte[] Body);

/// <summary>Seals and signs notifications, or spoils them as asked.</summary>
internal sealed class NotificationWriter(EmulatedPlatform platform, EmulatedMerchant merchant, Func<PlatformSigning> signing, SeededDraws draws)
{
    public SignedNotification Write(PendingNotification pending, NotificationFault fault, DateTimeOffset now)
    {
        byte[] body = Body(pending, Falsify(pending.Content, fault), fault, now);
        DateTimeOffset signedAt = fault == NotificationFault.OldTimestamp ? now.AddMinutes(-10) : now;
        string timestamp = signedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        string nonce = draws.Text(32);
        string serial = fault == NotificationFault.UnknownSerial ? draws.Hex(20) : platform.SerialOf(signing());
        string signature = fault switch
        {
            NotificationFault.ForgedSignature or NotificationFault.UnknownSerial => platform.Forge(timestamp, nonce, body),
            NotificationFault.Probe => "WECHATPAY/SIGNTEST/" + platform.Sign(signing(), timestamp, nonce, body),
            _ => platform.Sign(signing(), timestamp, nonce, body),
        };
        if (fault == NotificationFault.ChangedBody) body = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace("encrypt-resource", "encrypt-resourcE", StringComparison.Ordinal));
        if (fault == NotificationFault.Unsigned) return new SignedNotification([], body);
        return new SignedNotification(
            [
                ("Wechatpay-Timestamp", timestamp),
                ("Wechatpay-Nonce", nonce),
                ("Wechatpay-Serial", serial),
                ("Wechatpay-Signature", signature),
                ("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048"),
            ],
            body);
    }

    private byte[] Body(PendingNotification pending, JsonObject content, NotificationFault fault, DateTimeOffset now)
    {
        string key = fault == NotificationFault.OtherApiKey ? draws.Text(32) : merchant.ApiV3KeyText;
        string type = pending.EventType.StartsWith("REFUND", StringComparison.Ordinal) ? "refund" : "transaction";
        JsonObject resource = SealedResource.Seal(key, draws.Text(12), type, Encoding.UTF8.GetBytes(content.ToJsonString()));
        resource["original_type"] = type;
        var envelope = new JsonObject
        {
            ["id"] = pending.Id,
            ["create_time"] = PlatformTime.Format(now),
            ["resource_type"] = "encrypt-resource",
            ["event_type"] = pending.EventType,
            ["summary"] = pending.EventType == "TRANSACTION.SUCCESS" ? "支付成功" : "退款通知",
            ["resource"] = resource,
        };
        return Encoding.UTF8.GetBytes(envelope.ToJsonString());
    }

    private static JsonObject Falsify(JsonObject content, NotificationFault fault)
    {
        var copy = (JsonObject)content.DeepClone();
        switch (fault)
        {
            case NotificationFault.WrongAmount:
                copy["amount"]!["total"] = copy["amount"]!["total"]!.GetValue<long>() - 1;
                break;
            case NotificationFault.OtherMerchant:
                copy["mchid"] = "1900000999";
                break;
            case NotificationFault.OtherApp:
                copy["appid"] = "wx0000000000000000";
                break;
            case NotificationFault.OtherTradeNumber:
                copy["out_trade_no"] = "NOBODY" + copy["out_trade_no"]!.GetValue<string>()[..6];
                break;
        }

        return copy;
    }
}
