using Latchkey.Payments.Providers;

namespace Latchkey.Payments.WeChatPay;

/// <summary>What the phone needs to open WeChat's own payment sheet.</summary>
/// <remarks>Source: WeChat Pay APIv3, JSAPI and mini program invocation: paySign.</remarks>
public static class PhoneInvocations
{
    public static PaymentPrompt.PhoneInvocation Sign(
        MerchantCredential credential, string appId, string timeStamp, string nonceStr, string prepayId)
    {
        string package = $"prepay_id={prepayId}";
        string signature = credential.Sign(SignedText.OfInvocation(appId, timeStamp, nonceStr, package));
        return new PaymentPrompt.PhoneInvocation(appId, timeStamp, nonceStr, package, "RSA", signature);
    }
}
