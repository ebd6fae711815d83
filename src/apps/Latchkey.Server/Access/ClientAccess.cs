using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Latchkey.Vending;

namespace Latchkey.Server.Access;

/// <summary>What makes a caller a client: its key, its certificate, the time. And the client of a request, once it is known.</summary>
public static class ClientAccess
{
    internal const string ItemName = "latchkey.client";

    /// <summary>For a key that was drawn for this process alone.</summary>
    internal static ApiClientLimits Unlimited { get; } = new(int.MaxValue, int.MaxValue, null, []);

    /// <summary>A new key, its only sight, and what is kept of it.</summary>
    public static (string Key, string Sha256) NewKey()
    {
        string key = AccountBook.KeyPrefix + AccountBook.NewSecret() + AccountBook.NewSecret();
        return (key, DigestOf(key)!);
    }

    internal static string? DigestOf(string? key) => key is null ? null : Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    public static ClientCertificate ByThumbprint(X509Certificate2 certificate) => new(certificate.GetCertHashString(HashAlgorithmName.SHA256), null, null);

    public static ClientCertificate ByIssuer(X509Certificate2 certificate) => new(null, certificate.Issuer, certificate.Subject);

    internal static ApiClient Of(HttpContext http) => (ApiClient)(http.Items[ItemName] ?? throw new InvalidOperationException("The request was not authenticated by a client."));

    /// <summary>Why a client that was found may not come in; null where it may.</summary>
    internal static (string Code, string Detail)? Refusal(ApiClient client, string? digest, X509Certificate2? certificate, DateTimeOffset now)
    {
        if (client.IsDisabled) return ("client-disabled", "This client is disabled. Ask who runs this server.");
        if (client.ExpiresAt <= now) return ("api-key-expired", "This client has expired. Ask who runs this server for a new key.");
        if (digest is not null && digest != client.KeySha256 && !(client.EarlierUntil > now)) return ("api-key-expired", "This key was replaced by a newer one, and its time is over.");
        if (client.Certificate is not { } bound) return null;
        if (certificate is null) return ("client-certificate-needed", "This client is bound to a certificate: connect with TLS and show it.");
        return bound == ByThumbprint(certificate) || bound == ByIssuer(certificate)
            ? null
            : ("client-certificate-mismatch", "The certificate of this connection is not the one this client is bound to.");
    }
}
