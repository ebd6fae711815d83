namespace Latchkey.Emulators.WeChat;

/// <summary>A message as it lies on somebody's phone.</summary>
/// <param name="MessageId">The platform's number.</param>
/// <param name="Way">subscribe, bizsend, template or sms.</param>
/// <param name="To">The openid or the phone number.</param>
/// <param name="TemplateId">The template, or null for a text message.</param>
/// <param name="Fields">The fields in their order; one field <c>text</c> for a text message.</param>
/// <param name="ClientMessageId">The sender's own id, where it gave one.</param>
/// <param name="At">When it arrived.</param>
public sealed record ReceivedMessage(
    string MessageId, string Way, string To, string? TemplateId, IReadOnlyList<KeyValuePair<string, string>> Fields, string? ClientMessageId, DateTimeOffset At);
