using System.Text;
using System.Text.Json;
using CsCheck;
using Latchkey.Messaging.WeChat;
using Latchkey.Testing;

namespace Latchkey.Messaging.Tests.WeChat;

/// <summary>Tencent's own samples, and whatever else may come.</summary>
public sealed class MessageCryptTests
{
    private static readonly JsonElement[] Vectors = [.. JsonVectors.Read("comms", "wechat_msgcrypt.json").GetProperty("vectors").EnumerateArray()];

    public static TheoryData<string> Encrypted => Of("encrypt");

    public static TheoryData<string> Signed => [.. Of("decrypt"), .. Of("verify_url")];

    [Theory, MemberData(nameof(Encrypted))]
    public void Encrypt_PublishedMessage_GivesPublishedText(string id)
    {
        JsonElement v = Find(id);
        Assert.Equal(v.TextAt("encrypt"), Crypt(v).Encrypt(Encoding.ASCII.GetBytes(v.TextAt("random16")), v.TextAt("msg")));
    }

    [Theory, MemberData(nameof(Signed))]
    public void TryOpen_PublishedCallback_GivesPublishedMessage(string id)
    {
        JsonElement v = Find(id);
        Assert.Equal(
            CallbackVerdict.Genuine,
            Crypt(v).TryOpen(v.TextAt("msg_signature"), v.TextAt("timestamp"), v.TextAt("nonce"), v.TextAt("encrypt"), out string message));
        Assert.Equal(v.TextAt("msg"), message);
    }

    [Fact]
    public void Echo_PublishedAddressCheck_GivesThePlainEcho()
    {
        JsonElement v = Find("B");
        var query = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["msg_signature"] = v.TextAt("msg_signature"), ["timestamp"] = v.TextAt("timestamp"), ["nonce"] = v.TextAt("nonce"), ["echostr"] = v.TextAt("encrypt"),
        };
        var reader = new CallbackReader(Crypt(v));
        Assert.Equal(v.TextAt("msg"), reader.Echo(name => query.GetValueOrDefault(name, "")));
        query["nonce"] = "1";
        Assert.Null(reader.Echo(name => query.GetValueOrDefault(name, "")));
    }

    [Fact]
    public void Echo_PlainAddressCheck_NeedsOurToken()
    {
        var crypt = new MessageCrypt("ours", Find("B").TextAt("encodingAesKey"), "wx1");
        string Ask(string token) => new CallbackReader(crypt).Echo(name => name switch
        {
            "signature" => MessageCrypt.Signature(token, "1", "2"), "timestamp" => "1", "nonce" => "2", "echostr" => "hello", _ => "",
        }) ?? "refused";
        Assert.Equal(("hello", "refused"), (Ask("ours"), Ask("theirs")));
    }

    [Fact]
    public void TryOpen_ForAnotherApp_IsRefused()
    {
        JsonElement v = Find("C");
        var other = new MessageCrypt(v.TextAt("token"), v.TextAt("encodingAesKey"), "wx0000000000000000");
        Assert.Equal(CallbackVerdict.OtherApp, other.TryOpen(v.TextAt("msg_signature"), v.TextAt("timestamp"), v.TextAt("nonce"), v.TextAt("encrypt"), out _));
    }

    [Fact]
    public void EncryptThenOpen_AnyText_GivesItBack() =>
        Gen.String[Gen.Char['\u0020', '\ud7ff'], 0, 300].Sample(text =>
        {
            MessageCrypt crypt = Crypt(Find("C"));
            string encrypted = crypt.Encrypt(new byte[16], text);
            return crypt.TryOpen(crypt.Sign("1", "2", encrypted), "1", "2", encrypted, out string opened) == CallbackVerdict.Genuine && opened == text;
        }, iter: 200);

    [Fact]
    public void TryOpen_AnyTextUnderOurSignature_GivesAVerdict()
    {
        MessageCrypt crypt = Crypt(Find("C"));
        Gen.OneOf(Gen.String, Gen.Byte.Array[0, 200].Select(Convert.ToBase64String)).Sample(
            text => crypt.TryOpen(crypt.Sign("1", "2", text), "1", "2", text, out _) != CallbackVerdict.Genuine, iter: 1000);
    }

    [Fact]
    public void TryOpen_AnyTextUnsigned_IsRefused() =>
        Gen.Select(Gen.String, Gen.String).Sample((signature, text) =>
            Crypt(Find("C")).TryOpen(signature, "1", "2", text, out _) == CallbackVerdict.SignatureInvalid, iter: 200);

    internal static MessageCrypt Crypt(JsonElement v) => new(v.TextAt("token"), v.TextAt("encodingAesKey"), v.TextAt("appid"));

    internal static JsonElement Find(string id) => Vectors.Single(v => v.TextAt("id") == id);

    private static TheoryData<string> Of(string kind) => [.. Vectors.Where(v => v.TextAt("kind") == kind).Select(v => v.TextAt("id"))];
}
