using System.Security.Cryptography.X509Certificates;
using Latchkey.Server.Serve.Settings;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Latchkey.Server.Serve;

/// <summary>TLS with the seller's certificate. Clients may show theirs; with authorities named, a certificate of anybody else ends the handshake.</summary>
internal static class TlsDoor
{
    public static void Open(KestrelServerOptions kestrel, string directory, HttpsSettings settings)
    {
        X509Certificate2 own = Own(directory, settings);
        X509Certificate2Collection? authorities = settings.ClientAuthorities is { } file ? Authorities(Path.Combine(directory, file)) : null;
        kestrel.ConfigureHttpsDefaults(https =>
        {
            https.ServerCertificate = own;
            https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
            https.CheckCertificateRevocation = false;

            // Without authorities any certificate may come: the handshake proves that its key is there, and its thumbprint says whose it is.
            https.ClientCertificateValidation = (certificate, _, _) => authorities is null || IsIssuedBy(certificate, authorities);
        });
    }

    internal static bool IsIssuedBy(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.2"));
        return chain.Build(certificate);
    }

    private static X509Certificate2 Own(string directory, HttpsSettings settings)
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(Path.Combine(directory, settings.Certificate), Path.Combine(directory, settings.Key));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new InvalidDataException($"settings.json, https: the certificate or its key cannot be read: {e.Message}", e);
        }
    }

    private static X509Certificate2Collection Authorities(string path)
    {
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPemFile(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new InvalidDataException($"settings.json, https.clientAuthorities: {e.Message}", e);
        }

        return found.Count > 0 ? found : throw new InvalidDataException("settings.json, https.clientAuthorities: the file has no certificate in it");
    }
}
