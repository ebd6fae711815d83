using System.Security.Cryptography;

namespace Latchkey.Messaging.Webhooks;

/// <summary>Draws the secrets that webhooks are signed with.</summary>
public static class WebhookSecrets
{
    private const int Length = 24;

    /// <summary>A new secret as receivers' libraries take it.</summary>
    public static string New() => StandardWebhook.SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length));

    /// <summary>A new secret for an endpoint; the one before it signs beside it until then.</summary>
    public static Func<WebhookEndpoint, WebhookEndpoint> Rotated(DateTimeOffset until)
    {
        string secret = New();
        return endpoint => endpoint with { Secret = secret, EarlierSecret = endpoint.Secret, EarlierUntil = until };
    }
}
