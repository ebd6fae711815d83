using System.Xml;
using System.Xml.Linq;

namespace Latchkey.Messaging.WeChat;

/// <summary>What WeChat tells us. A closed set.</summary>
public abstract record CallbackEvent
{
    private CallbackEvent()
    {
    }

    /// <summary>A template message has ended: success, failed:user block, failed: system failed.</summary>
    public sealed record TemplateFinished(string MessageId, string Status) : CallbackEvent
    {
        public bool Arrived => Status == "success";
    }

    /// <summary>The reader answered, or changed, a question for consent.</summary>
    public sealed record Subscription(string OpenId, string TemplateId, bool Accepted, string EventKey) : CallbackEvent;

    /// <summary>Another kind; acknowledged and not acted on.</summary>
    public sealed record Other(string Name) : CallbackEvent;
}

/// <summary>Reads callbacks: opens the envelope, then the event. No document type, no outside entity, no deep or long document.</summary>
public sealed class CallbackReader(MessageCrypt crypt)
{
    public const int MaxBytes = 64 * 1024;
    private const int MaxEvents = 32;

    private static readonly XmlReaderSettings Safe = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MaxBytes,
        MaxCharactersFromEntities = 0,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
    };

    /// <summary>The answer to the check of the callback address: the plain <c>echostr</c>, or null when the question is not WeChat's.</summary>
    /// <param name="query">A query field by name, or an empty text.</param>
    public string? Echo(Func<string, string> query)
    {
        string encrypted = query("echostr");
        if (query("msg_signature") is { Length: > 0 } signature)
            return crypt.TryOpen(signature, query("timestamp"), query("nonce"), encrypted, out string echo) == CallbackVerdict.Genuine ? echo : null;
        return crypt.IsSigned(query("signature"), query("timestamp"), query("nonce")) ? encrypted : null;
    }

    /// <summary>Verifies and reads a callback in safe mode. Total on any input.</summary>
    /// <param name="query">A query field by name, or an empty text.</param>
    /// <param name="body">The body as it came.</param>
    /// <param name="events">What it says; empty unless the verdict is Genuine.</param>
    public CallbackVerdict Read(Func<string, string> query, ReadOnlyMemory<byte> body, out IReadOnlyList<CallbackEvent> events)
    {
        events = [];
        if (TryParse(body)?.Element("Encrypt")?.Value is not { } encrypted) return CallbackVerdict.Malformed;
        CallbackVerdict verdict = crypt.TryOpen(query("msg_signature"), query("timestamp"), query("nonce"), encrypted, out string message);
        if (verdict != CallbackVerdict.Genuine) return verdict;
        if (TryParse(System.Text.Encoding.UTF8.GetBytes(message)) is not { } content) return CallbackVerdict.Malformed;
        events = EventsOf(content);
        return CallbackVerdict.Genuine;
    }

    /// <summary>The events of an opened message.</summary>
    internal static IReadOnlyList<CallbackEvent> EventsOf(XElement content)
    {
        string name = Text(content, "Event");
        return name switch
        {
            "TEMPLATESENDJOBFINISH" => [new CallbackEvent.TemplateFinished(Text(content, "MsgID"), Text(content, "Status"))],
            "subscribe_msg_popup_event" => Subscriptions(content, "SubscribeMsgPopupEvent"),
            "subscribe_msg_change_event" => Subscriptions(content, "SubscribeMsgChangeEvent"),
            _ => [new CallbackEvent.Other(name.Length > 64 ? name[..64] : name)],
        };
    }

    internal static XElement? TryParse(ReadOnlyMemory<byte> body)
    {
        if (body.Length is 0 or > MaxBytes) return null;
        try
        {
            using var stream = new MemoryStream(body.ToArray());
            using XmlReader reader = XmlReader.Create(stream, Safe);
            return XElement.Load(reader);
        }
        catch (Exception fault) when (fault is XmlException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    private static IReadOnlyList<CallbackEvent> Subscriptions(XElement content, string group)
    {
        string openId = Text(content, "FromUserName");
        string time = Text(content, "CreateTime");
        return [.. content.Elements(group).Elements("List").Take(MaxEvents).Select((entry, i) => new CallbackEvent.Subscription(
            openId,
            Text(entry, "TemplateId"),
            Text(entry, "SubscribeStatusString") == "accept",

            // WeChat repeats a callback up to three times; sender and time make it one.
            $"{openId}/{time}/{i}"))];
    }

    private static string Text(XElement parent, string name) => parent.Element(name)?.Value ?? string.Empty;
}
