namespace Latchkey.Messaging;

/// <summary>The stable codes of this room.</summary>
public static class MessageCodes
{
    public const string Accepted = "accepted";
    public const string NoticeIdLength = "notice-id-length";
    public const string NoChannel = "no-channel";
    public const string TooLate = "notice-too-late";
    public const string OutcomeUnknown = "outcome-unknown";
    public const string QuietHours = "quiet-hours";
    public const string QuotaSpent = "quota-spent";
    public const string AttemptsSpent = "attempts-spent";

    public const string ProviderUnreachable = "provider-unreachable";
    public const string ProviderBusy = "provider-busy";
    public const string ProviderRefused = "provider-refused";
    public const string AnswerMalformed = "provider-answer-malformed";
    public const string AccessTokenRefused = "access-token-refused";
    public const string DailyQuota = "provider-daily-quota";
    public const string MinuteQuota = "provider-minute-quota";
    public const string NotPermitted = "provider-not-permitted";
    public const string AddressNotAllowed = "provider-address-not-allowed";
    public const string ConsentRefused = "consent-refused";
    public const string ConsentSpent = "consent-spent";
    public const string RecipientUnknown = "recipient-unknown";
    public const string NotFollower = "recipient-not-follower";
    public const string TemplateUnknown = "template-unknown";
    public const string FieldInvalid = "template-field-invalid";
    public const string PageInvalid = "template-page-invalid";
    public const string CredentialInvalid = "provider-credential-invalid";
}
