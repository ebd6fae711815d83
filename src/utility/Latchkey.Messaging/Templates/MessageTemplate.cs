using Latchkey.Messaging.Channels;
using Latchkey.Messaging.Notices;

namespace Latchkey.Messaging.Templates;

/// <summary>How often a payer's consent may be used.</summary>
public enum ConsentMode
{
    /// <summary>One tap, one message.</summary>
    OneTime = 1,

    /// <summary>Long-term and device subscriptions, and followers of a service account.</summary>
    LongTerm = 2,
}

/// <summary>A template the operator was granted: which of our values goes into which of its fields.</summary>
/// <param name="TemplateId">The id given by the platform.</param>
/// <param name="Fields">Field key (<c>thing3</c>) to the name of a value (<see cref="NoticeValues"/>).</param>
/// <param name="Consent">How often a consent may be used.</param>
/// <param name="Page">Where a tap leads; <c>{meter}</c> is replaced.</param>
public sealed record MessageTemplate(
    string TemplateId, IReadOnlyDictionary<string, string> Fields, ConsentMode Consent = ConsentMode.LongTerm, string? Page = null)
{
    /// <summary>The platform takes so many fields at most.</summary>
    public const int MaxFields = 7;
}

/// <summary>A template with its values, checked.</summary>
public sealed record FilledTemplate(MessageTemplate Template, IReadOnlyList<KeyValuePair<string, string>> Values, string? Page);

/// <summary>Which template tells which kind of notice on which channel. Refuses at start what could never be sent.</summary>
public sealed class TemplateCatalogue
{
    private readonly Dictionary<(NoticeKind, ChannelKind), MessageTemplate> _templates;

    public TemplateCatalogue(IReadOnlyDictionary<(NoticeKind Kind, ChannelKind Channel), MessageTemplate> templates)
    {
        foreach (MessageTemplate template in templates.Values) RequireValid(template);
        _templates = new Dictionary<(NoticeKind, ChannelKind), MessageTemplate>(templates);
    }

    public MessageTemplate? Find(NoticeKind kind, ChannelKind channel) => _templates.GetValueOrDefault((kind, channel));

    /// <summary>Fills a template. The fault names the field that does not fit, and a message must then not be sent.</summary>
    public static FilledTemplate? TryFill(MessageTemplate template, Notice notice, out string? fault)
    {
        var values = new List<KeyValuePair<string, string>>();
        foreach ((string key, string name) in template.Fields)
        {
            FieldRules.TryKindOf(key, out FieldKind kind);
            string value = ValueOf(notice, name, kind);
            if (FieldRules.FindFault(kind, value) is not FieldFault.None and var broken)
            {
                fault = $"{key}: {broken}";
                return null;
            }

            values.Add(KeyValuePair.Create(key, value));
        }

        fault = null;
        string meter = Uri.EscapeDataString(notice.Values.GetValueOrDefault(NoticeValues.Meter, string.Empty));
        return new FilledTemplate(template, values, template.Page?.Replace("{meter}", meter, StringComparison.Ordinal));
    }

    // The sentence in the reader's language where it fits the field, otherwise the Chinese one, which is written to fit.
    private static string ValueOf(Notice notice, string name, FieldKind kind)
    {
        if (name != NoticeValues.Text) return notice.Values.GetValueOrDefault(name, string.Empty);
        string wanted = notice.Text.In(notice.To.Language);
        return FieldRules.FindFault(kind, wanted) == FieldFault.None ? wanted : notice.Text.Chinese;
    }

    private static void RequireValid(MessageTemplate template)
    {
        if (template.TemplateId.Length is 0 or > 64) throw new ArgumentException("A template id has 1 to 64 characters.");
        if (template.Fields.Count is 0 or > MessageTemplate.MaxFields) throw new ArgumentException($"Template {template.TemplateId} has {template.Fields.Count} fields.");
        foreach (string key in template.Fields.Keys)
        {
            if (!FieldRules.TryKindOf(key, out _)) throw new ArgumentException($"Template {template.TemplateId}: {key} is no field.");
        }
    }
}
