using System.Text;
using CsCheck;
using Latchkey.Messaging.WeChat;

namespace Latchkey.Messaging.Tests.WeChat;

public sealed class CallbackReaderTests
{
    private static readonly MessageCrypt Crypt = MessageCryptTests.Crypt(MessageCryptTests.Find("C"));

    [Fact]
    public void Read_TemplateFinished_GivesItsNumberAndStatus()
    {
        var told = Assert.IsType<CallbackEvent.TemplateFinished>(Assert.Single(Read(
            "<xml><Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event><MsgID>200163836</MsgID><Status><![CDATA[failed:user block]]></Status></xml>")));
        Assert.Equal(("200163836", false), (told.MessageId, told.Arrived));
    }

    [Fact]
    public void Read_SubscribePopup_GivesEachAnswer()
    {
        IReadOnlyList<CallbackEvent> told = Read(
            """
            <xml><FromUserName><![CDATA[open1]]></FromUserName><CreateTime>1610969440</CreateTime><Event><![CDATA[subscribe_msg_popup_event]]></Event>
            <SubscribeMsgPopupEvent><List><TemplateId>T1</TemplateId><SubscribeStatusString>accept</SubscribeStatusString></List>
            <List><TemplateId>T2</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List></SubscribeMsgPopupEvent></xml>
            """);
        Assert.Equal(
            "open1 T1 True, open1 T2 False",
            string.Join(", ", told.Cast<CallbackEvent.Subscription>().Select(s => $"{s.OpenId} {s.TemplateId} {s.Accepted}")));
    }

    [Theory]
    [InlineData("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><xml><Encrypt>&e;</Encrypt></xml>")]
    [InlineData("<!DOCTYPE x><xml><Encrypt>a</Encrypt></xml>")]
    [InlineData("<xml><Encrypt></xml>")]
    [InlineData("<xml/>")]
    [InlineData("{}")]
    [InlineData("")]
    public void Read_NoProperDocument_IsMalformed(string body) =>
        Assert.Equal(CallbackVerdict.Malformed, new CallbackReader(Crypt).Read(_ => "", Encoding.UTF8.GetBytes(body), out _));

    [Fact]
    public void Read_ADocumentTypeInsideTheCipher_IsMalformedToo() =>
        Assert.Equal(CallbackVerdict.Malformed, Verdict("<!DOCTYPE x [<!ENTITY e \"y\">]><xml><Event>&e;</Event></xml>"));

    [Fact]
    public void Read_OverTheLimit_IsMalformed() => Assert.Null(CallbackReader.TryParse(new byte[CallbackReader.MaxBytes + 1]));

    [Fact]
    public void Read_AnyBytes_GivesAVerdict() =>
        Gen.Byte.Array.Sample(body => new CallbackReader(Crypt).Read(_ => "", body, out _) != CallbackVerdict.Genuine, iter: 500);

    [Fact]
    public void Read_EveryPrefixOfACallback_IsMalformed()
    {
        byte[] whole = Encoding.UTF8.GetBytes("<xml><ToUserName>a</ToUserName><Encrypt>abc=</Encrypt></xml>");
        for (int length = 0; length < whole.Length; length++)
            Assert.Equal(CallbackVerdict.Malformed, new CallbackReader(Crypt).Read(_ => "", whole.AsMemory(0, length), out _));
        Assert.Equal(CallbackVerdict.SignatureInvalid, new CallbackReader(Crypt).Read(_ => "", whole, out _));
    }

    internal static (Func<string, string> Query, byte[] Body) Callback(MessageCrypt crypt, string message)
    {
        string encrypted = crypt.Encrypt(new byte[16], message);
        var query = new Dictionary<string, string>(StringComparer.Ordinal) { ["timestamp"] = "1", ["nonce"] = "2", ["msg_signature"] = crypt.Sign("1", "2", encrypted) };
        return (name => query.GetValueOrDefault(name, ""), Encoding.UTF8.GetBytes($"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"));
    }

    private static CallbackVerdict Verdict(string message) => Read(message, out _);

    private static IReadOnlyList<CallbackEvent> Read(string message)
    {
        Assert.Equal(CallbackVerdict.Genuine, Read(message, out IReadOnlyList<CallbackEvent> events));
        return events;
    }

    private static CallbackVerdict Read(string message, out IReadOnlyList<CallbackEvent> events)
    {
        (Func<string, string> query, byte[] body) = Callback(Crypt, message);
        return new CallbackReader(Crypt).Read(query, body, out events);
    }
}
