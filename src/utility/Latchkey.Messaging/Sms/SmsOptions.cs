namespace Latchkey.Messaging.Sms;

/// <summary>An HTTP gateway in the style of Africa's Talking. Holds no secret.</summary>
public sealed record SmsOptions
{
    /// <summary>Ends with a slash.</summary>
    public Uri BaseAddress { get; init; } = new("https://api.africastalking.com/");

    public required string UserName { get; init; }

    /// <summary>The sender's name or short code; null for the gateway's own.</summary>
    public string? From { get; init; }
}

/// <summary>The gateway's key. Never shown.</summary>
public sealed class SmsApiKey
{
    public SmsApiKey(string text)
    {
        if (text.Length is 0 or > 256) throw new ArgumentException("An API key has 1 to 256 characters.", nameof(text));
        Value = text;
    }

    internal string Value { get; }

    public override string ToString() => "SMS API key (not shown)";
}
