using System.Text;
using System.Text.Json;

namespace Latchkey.Payments.WeChatPay;

/// <summary>Opens the answer of <c>GET /v3/certificates</c>. Total on any input: what cannot be opened is left out.</summary>
internal static class CertificateList
{
    private const int MaxCertificates = 16;

    public static IReadOnlyList<PlatformKey> Read(byte[] answer, ApiV3Key apiKey)
    {
        using JsonDocument? json = JsonFields.TryParse(answer);
        if (json?.RootElement.Child("data") is not { ValueKind: JsonValueKind.Array } list) return [];

        var keys = new List<PlatformKey>();
        foreach (JsonElement entry in list.EnumerateArray().Take(MaxCertificates))
        {
            if (TryOpen(entry, apiKey) is { } key) keys.Add(key);
        }

        return keys;
    }

    private static PlatformKey? TryOpen(JsonElement entry, ApiV3Key apiKey)
    {
        if (entry.Child("encrypt_certificate") is not { } sealedPart) return null;
        bool opened = apiKey.TryOpen(
            sealedPart.Text("nonce"), sealedPart.Text("associated_data"), sealedPart.Text("ciphertext"), out byte[] pem);
        if (!opened || !PlatformKey.TryFromCertificatePem(Encoding.UTF8.GetString(pem), out PlatformKey? key)) return null;

        // The list names the serial beside the certificate; a name that is not the certificate's own is refused.
        return entry.Text("serial_no")?.TrimStart('0') == key!.Id ? key : null;
    }
}
