using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Latchkey.Payments.Intents;
using Latchkey.Payments.Providers;
using Latchkey.Quantities;

namespace Latchkey.Payments.Alipay;

/// <summary>Whose notifications these are. Holds no secret.</summary>
/// <param name="AppId">Our app.</param>
/// <param name="SellerId">The account the money goes to.</param>
public sealed record AlipayOptions(string AppId, string SellerId);

/// <summary>Verifies and reads Alipay's asynchronous notifications (RSA2). Orders and queries of Alipay are not built yet.</summary>
public sealed class AlipayNotifications
{
    /// <summary>What Alipay wants to read when a notification was taken; anything else is repeated.</summary>
    public const string Taken = "success";

    private static readonly TimeSpan China = TimeSpan.FromHours(8);
    private readonly AlipayOptions _options;
    private readonly byte[] _publicKey;

    /// <param name="options">Who we are.</param>
    /// <param name="alipayPublicKeyPem">Alipay's public key from the open platform, not our own.</param>
    /// <exception cref="ArgumentException">The text is no RSA public key.</exception>
    public AlipayNotifications(AlipayOptions options, ReadOnlySpan<char> alipayPublicKeyPem)
    {
        _options = options;
        using RSA rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(alipayPublicKeyPem);
            _publicKey = rsa.ExportSubjectPublicKeyInfo();
        }
        catch (CryptographicException fault)
        {
            throw new ArgumentException("Alipay's key is no RSA public key in PEM form.", nameof(alipayPublicKeyPem), fault);
        }
    }

    /// <summary>Total on any input. Amount and number are compared with the payment by the desk, as for every provider.</summary>
    public NotificationReading Read(ReadOnlyMemory<byte> body)
    {
        if (AlipayForm.TryParse(body.Span) is not { } form) return new NotificationReading.Rejected(PaymentCodes.BodyMalformed);
        if (form["sign"].Length == 0 || form["sign_type"] != "RSA2") return new NotificationReading.Rejected(PaymentCodes.SignatureMissing);
        if (!IsSigned(form)) return new NotificationReading.Rejected(PaymentCodes.SignatureInvalid);
        if (form["app_id"] != _options.AppId) return new NotificationReading.Rejected(PaymentCodes.AppMismatch);
        if (form["seller_id"] != _options.SellerId) return new NotificationReading.Rejected(PaymentCodes.MerchantMismatch);
        if (!OutTradeNo.TryParse(form["out_trade_no"], out OutTradeNo number)) return new NotificationReading.Rejected(PaymentCodes.BodyMalformed);

        ReportedTrade? trade = form["trade_status"] switch
        {
            "TRADE_SUCCESS" or "TRADE_FINISHED" => ReportedTrade.Success,
            "TRADE_CLOSED" => ReportedTrade.Closed,
            "WAIT_BUYER_PAY" => ReportedTrade.NotPaid,
            _ => null,
        };
        return trade is { } known
            ? new NotificationReading.OfPayment(form["notify_id"], new PaymentReport(number, known, form["trade_no"], Yuan(form["total_amount"]), PaidAt(form["gmt_payment"])))
            : new NotificationReading.OfOtherKind(form["notify_id"], "trade_status_sync");
    }

    /// <summary>Seven letters, or anything else to have it repeated.</summary>
    public static NotificationReply Reply(string? failureCode) => new(200, "text/plain", failureCode is null ? Taken : "fail");

    private bool IsSigned(AlipayForm form)
    {
        string signature = form["sign"];
        if (!Base64.IsValid(signature.AsSpan())) return false;
        using RSA rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(_publicKey, out _);
        return rsa.VerifyData(
            Encoding.UTF8.GetBytes(form.SignedText), Convert.FromBase64String(signature), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    /// <summary>Yuan with at most two decimals, exactly; anything else is no amount, and no amount fits no payment.</summary>
    private static Money? Yuan(string text)
    {
        bool valid = decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal yuan)
            && yuan <= 1_000_000_000m && decimal.Truncate(yuan * 100) == yuan * 100;
        return valid ? Money.FromMajor(yuan, Currency.Cny) : null;
    }

    private static DateTimeOffset? PaidAt(string text) =>
        DateTime.TryParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local)
            ? new DateTimeOffset(local, China)
            : null;
}
