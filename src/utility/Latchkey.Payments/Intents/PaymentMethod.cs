namespace Latchkey.Payments.Intents;

/// <summary>How the payer is asked. The numbers are stored.</summary>
public enum PaymentMethod
{
    /// <summary>Inside WeChat (official account page or mini program): the phone is handed a signed invocation.</summary>
    Jsapi = 1,

    /// <summary>A QR code on a screen, scanned by any phone.</summary>
    Native = 2,

    /// <summary>A prompt pushed to the payer's phone (mobile money, STK push).</summary>
    PhonePrompt = 3,
}
