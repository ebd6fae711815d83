namespace Latchkey.Messaging.WeChat;

/// <summary>Which account we are and where WeChat is. Holds no secret.</summary>
public sealed record WeChatOptions
{
    /// <summary>Ends with a slash; an emulator's address for trials.</summary>
    public Uri BaseAddress { get; init; } = new("https://api.weixin.qq.com/");

    public required string AppId { get; init; }

    /// <summary>Daily quotas begin anew at midnight there.</summary>
    public TimeSpan QuotaOffset { get; init; } = TimeSpan.FromHours(8);

    /// <summary>formal, trial or developer.</summary>
    public string MiniProgramState { get; init; } = "formal";
}

/// <summary>The account's secret. Never shown.</summary>
public sealed class WeChatAppSecret
{
    public WeChatAppSecret(string text)
    {
        if (text.Length is 0 or > 128) throw new ArgumentException("An app secret has 1 to 128 characters.", nameof(text));
        Value = text;
    }

    internal string Value { get; }

    public override string ToString() => "WeChat app secret (not shown)";
}
