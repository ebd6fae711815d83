namespace Latchkey.Messaging.Notices;

/// <summary>A text in the two languages every notice has.</summary>
public sealed record NoticeText(string Chinese, string English)
{
    public string In(NoticeLanguage language) => language == NoticeLanguage.English ? English : Chinese;
}

/// <summary>The numbers are stored.</summary>
public enum NoticeLanguage
{
    Chinese = 1,
    English = 2,
}

/// <summary>Who is told, and by which ways they can be reached. Null where a way is not known.</summary>
/// <param name="Id">The tenant, in our own words.</param>
/// <param name="Language">The language they read.</param>
/// <param name="MiniProgramOpenId">Their openid at the mini program.</param>
/// <param name="ServiceOpenId">Their openid at the service account; another one than at the mini program.</param>
/// <param name="PhoneNumber">In international form, with a plus.</param>
public sealed record Recipient(
    string Id, NoticeLanguage Language, string? MiniProgramOpenId = null, string? ServiceOpenId = null, string? PhoneNumber = null)
{
    /// <summary>Names the tenant and nothing personal: this goes into logs.</summary>
    public override string ToString() => Id;
}

/// <summary>Something to be told once.</summary>
/// <param name="NoticeId">The caller's key: the same key again is the same notice and is not sent again. At most 100 characters.</param>
/// <param name="Kind">What it is about.</param>
/// <param name="To">Who is told.</param>
/// <param name="Text">The sentence, in both languages.</param>
/// <param name="Values">What templates may show beside the sentence, by the names of <see cref="NoticeValues"/>.</param>
/// <param name="CreatedAt">When it came up.</param>
public sealed record Notice(
    string NoticeId, NoticeKind Kind, Recipient To, NoticeText Text, IReadOnlyDictionary<string, string> Values, DateTimeOffset CreatedAt)
{
    public const int MaxIdLength = 100;

    public DateTimeOffset ExpiresAt => CreatedAt + NoticeTraits.Of(Kind).TimeToLive;

    public override string ToString() => $"{Kind} {NoticeId}";
}
