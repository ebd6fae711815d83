using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Server.Access;
using Latchkey.Vending;

namespace Latchkey.Server.Tests.Serve;

/// <summary>Mutual TLS with an authority made for the test.</summary>
public sealed class CertificateTests(CertificateTests.TlsSeller tls) : IClassFixture<CertificateTests.TlsSeller>
{
    [Fact]
    public async Task Call_WithTheBoundCertificate_IsTaken_AndWithoutItOrWithAnotherRefused()
    {
        (ApiClient client, _) = await tls.Seller.ClientAsync([ApiScopes.ReportsRead]);
        using X509Certificate2 own = tls.Issue("CN=shop-1"), other = tls.Issue("CN=shop-2");
        await tls.Seller.Clients.ChangeAsync(client.Name, c => c with { Certificate = ClientAccess.ByThumbprint(own) }, CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, (await SellerServer.GetAsync(tls.Client(own), "/v1/rooms")).StatusCode);
        await PurchaseApiTests.IsProblemAsync(await SellerServer.GetAsync(tls.Client(other), "/v1/rooms"), HttpStatusCode.Unauthorized, "client-certificate-unknown");
        await PurchaseApiTests.IsProblemAsync(await SellerServer.GetAsync(tls.Client(null), "/v1/rooms"), HttpStatusCode.Unauthorized, "api-key-missing");
    }

    [Fact]
    public async Task Key_OfABoundClient_IsWorthNothingWithoutItsCertificate()
    {
        (ApiClient client, HttpClient plain) = await tls.Seller.ClientAsync([ApiScopes.ReportsRead]);
        using X509Certificate2 own = tls.Issue("CN=shop-3"), other = tls.Issue("CN=shop-4");
        await tls.Seller.Clients.ChangeAsync(client.Name, c => c with { Certificate = ClientAccess.ByThumbprint(own) }, CancellationToken.None);
        await PurchaseApiTests.IsProblemAsync(await SellerServer.GetAsync(plain, "/v1/rooms"), HttpStatusCode.Unauthorized, "client-certificate-needed");
        HttpClient wrong = tls.Client(other);
        wrong.DefaultRequestHeaders.Authorization = plain.DefaultRequestHeaders.Authorization;
        await PurchaseApiTests.IsProblemAsync(await SellerServer.GetAsync(wrong, "/v1/rooms"), HttpStatusCode.Unauthorized, "client-certificate-mismatch");
    }

    [Fact]
    public async Task Certificate_OfTheSameNameRenewed_IsTakenWhereTheIssuerIsBound()
    {
        (ApiClient client, _) = await tls.Seller.ClientAsync([ApiScopes.ReportsRead]);
        using X509Certificate2 first = tls.Issue("CN=shop-5"), renewed = tls.Issue("CN=shop-5");
        await tls.Seller.Clients.ChangeAsync(client.Name, c => c with { Certificate = ClientAccess.ByIssuer(first) }, CancellationToken.None);
        Assert.Equal(HttpStatusCode.OK, (await SellerServer.GetAsync(tls.Client(renewed), "/v1/rooms")).StatusCode);
    }

    [Fact]
    public async Task Certificate_OfAStrangersAuthority_EndsTheHandshake()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 strange = TlsSeller.SelfSigned("CN=shop-1", key);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => SellerServer.GetAsync(tls.Client(strange), "/v1/rooms"));
    }

    public sealed class TlsSeller : IAsyncLifetime
    {
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private X509Certificate2 _authority = null!;
        private string _serverThumbprint = string.Empty;

        public SellerServer Seller { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            _authority = SelfSigned("CN=Test Authority", _key, isAuthority: true);
            Seller = new SellerServer
            {
                Edit = text => text.Replace(
                    "// \"https\": { \"url\": \"https://0.0.0.0:5443\"", "\"https\": { \"url\": \"https://127.0.0.1:0\"", StringComparison.Ordinal),
                Options = options =>
                {
                    string directory = Path.Combine(options.DataDirectory, "tls");
                    Directory.CreateDirectory(directory);
                    using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
                    using X509Certificate2 server = SelfSigned("CN=localhost", key);
                    _serverThumbprint = server.GetCertHashString(HashAlgorithmName.SHA256);
                    File.WriteAllText(Path.Combine(directory, "server.pem"), server.ExportCertificatePem());
                    File.WriteAllText(Path.Combine(directory, "server.key"), key.ExportPkcs8PrivateKeyPem());
                    File.WriteAllText(Path.Combine(directory, "clients-ca.pem"), _authority.ExportCertificatePem());
                    return options;
                },
            };
            await Seller.InitializeAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Seller.DisposeAsync();
            _authority.Dispose();
            _key.Dispose();
        }

        public HttpClient Client(X509Certificate2? certificate)
        {
            var handler = new SocketsHttpHandler();

            // The server's own certificate is made for the test, too: nobody vouches for it, so it is known by its thumbprint.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString(HashAlgorithmName.SHA256) == _serverThumbprint;
            if (certificate is not null) handler.SslOptions.ClientCertificates = [certificate];
            return new HttpClient(handler) { BaseAddress = Seller.Server.Addresses.First(a => a.Scheme == "https") };
        }

        public X509Certificate2 Issue(string subject)
        {
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: true));
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            using X509Certificate2 issued = request.Create(_authority, now.AddHours(-1), now.AddDays(20), RandomNumberGenerator.GetBytes(8));
            using X509Certificate2 withKey = issued.CopyWithPrivateKey(key);
            return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
        }

        public static X509Certificate2 SelfSigned(string subject, ECDsa key, bool isAuthority = false)
        {
            var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
            if (isAuthority) request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        }
    }
}
