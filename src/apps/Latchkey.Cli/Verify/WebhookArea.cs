using System.Text;
using System.Text.Json;
using Latchkey.Messaging.Webhooks;

namespace Latchkey.Cli.Verify;

/// <summary>Standard Webhooks: the verdict on each message, and our own signature where the vector has a single good one.</summary>
internal sealed class WebhookArea : IVectorArea
{
    public string Name => "webhooks";

    public bool Recognises(string fileName, JsonElement document) => document.Has("vectors") && document.Items("vectors").Any(v => v.Has("webhook_id", "secret"));

    public IEnumerable<VectorOutcome> Run(JsonElement document, string? tablesFile) =>
        [.. document.Items("vectors").Select(v => VectorJson.Judge(v.Text("id"), () => Check(v)))];

    private static string? Check(JsonElement vector)
    {
        var webhook = new StandardWebhook(vector.Text("secret"));
        DateTimeOffset time = DateTimeOffset.FromUnixTimeSeconds(vector.Number("webhook_timestamp"));
        byte[] payload = Encoding.UTF8.GetBytes(vector.Text("payload"));
        string signature = vector.Text("webhook_signature");
        var headers = new WebhookHeaders(vector.Text("webhook_id"), vector.Text("webhook_timestamp"), signature);

        bool genuine = webhook.Verify(headers, payload, time) == WebhookVerdict.Genuine;
        bool valid = vector.GetProperty("valid").GetBoolean();
        if (genuine != valid) return genuine ? "verifies, but should not" : "does not verify, but should";
        return valid && !signature.Contains(' ', StringComparison.Ordinal)
            ? VectorJson.Difference("signature", signature, webhook.Sign(headers.Id, time, payload).Signature)
            : null;
    }
}
