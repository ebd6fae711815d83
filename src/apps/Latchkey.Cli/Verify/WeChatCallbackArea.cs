using System.Text;
using System.Text.Json;
using Latchkey.Messaging.WeChat;

namespace Latchkey.Cli.Verify;

/// <summary>WeChat callbacks in safe mode: encryption, signature, opening.</summary>
internal sealed class WeChatCallbackArea : IVectorArea
{
    public string Name => "wechat callbacks";

    public bool Recognises(string fileName, JsonElement document) => document.Has("vectors") && document.Items("vectors").Any(v => v.Has("encodingAesKey", "kind"));

    public IEnumerable<VectorOutcome> Run(JsonElement document, string? tablesFile) =>
        [.. document.Items("vectors").Select(v => VectorJson.Judge(v.Text("id"), () => v.Text("kind") == "encrypt" ? Encrypt(v) : Open(v)))];

    private static string? Encrypt(JsonElement vector) => VectorJson.Difference(
        "encrypt", vector.Text("encrypt"), Crypt(vector).Encrypt(Encoding.UTF8.GetBytes(vector.Text("random16")), vector.Text("msg")));

    private static string? Open(JsonElement vector)
    {
        CallbackVerdict verdict = Crypt(vector).TryOpen(
            vector.Text("msg_signature"), vector.Text("timestamp"), vector.Text("nonce"), vector.Text("encrypt"), out string message);
        return verdict == CallbackVerdict.Genuine ? VectorJson.Difference("msg", vector.Text("msg"), message) : "not genuine: " + verdict;
    }

    private static MessageCrypt Crypt(JsonElement vector) => new(vector.Text("token"), vector.Text("encodingAesKey"), vector.Text("appid"));
}
