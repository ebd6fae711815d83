namespace Latchkey.Payments.Providers;

/// <summary>What is shown or handed to the payer. A closed set.</summary>
public abstract record PaymentPrompt
{
    private PaymentPrompt()
    {
    }

    /// <summary>The arguments of WeixinJSBridge getBrandWCPayRequest or wx.requestPayment, signed for this one order.</summary>
    public sealed record PhoneInvocation(
        string AppId, string TimeStamp, string NonceStr, string Package, string SignType, string PaySign) : PaymentPrompt;

    /// <summary>The text of a QR code.</summary>
    public sealed record QrCode(string Text) : PaymentPrompt;

    /// <summary>The provider has prompted the payer's phone itself.</summary>
    public sealed record SentToPhone : PaymentPrompt;
}
