using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Bench;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Tests;

/// <summary>An authority, a meter and a head-end of suite 1 or 2 with key pairs and certificates.</summary>
internal sealed class PublicKeyBench : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly SecuritySuite _suite;
    private readonly ECDsa _authorityKey;
    private readonly X509Certificate2 _authority;
    private readonly SystemTitle _client = SampleMeter.HeadEndTitle;
    private byte _serial = 1;

    public PublicKeyBench(SecuritySuite suite, bool exchanged = true)
    {
        _suite = suite;
        _authorityKey = ECDsa.Create(Signatures.Curve(suite));
        var request = new CertificateRequest("CN=Authority", _authorityKey, Signatures.Hash(suite));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        _authority = request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(20));
        Meter = new SampleMeter(TimeProvider.System);
        MeterKeys = new PublicKeys(suite, SampleMeter.MeterTitle, TimeProvider.System);
        ClientKeys = new PublicKeys(suite, _client, TimeProvider.System);
        Assert.True(MeterKeys.TryTrust(_authority.RawData));
        Assert.True(ClientKeys.TryTrust(_authority.RawData));
        foreach (KeyPurpose purpose in (KeyPurpose[])[KeyPurpose.Signature, KeyPurpose.Agreement])
        {
            byte[] meter = Enrol(MeterKeys, SampleMeter.MeterTitle, purpose);
            byte[] client = Enrol(ClientKeys, _client, purpose);
            if (exchanged) Assert.True(MeterKeys.TryImport(client) && ClientKeys.TryImport(meter));
        }

        Encryption = new byte[suite.KeySize()];
        Authentication = [.. Enumerable.Repeat((byte)0xA5, suite.KeySize())];
        Master = [.. Enumerable.Repeat((byte)0x5C, suite.KeySize())];
        Security = new ServerSecurity(SampleMeter.MeterTitle, suite, Encryption, Authentication, Master, Meter) { PublicKeys = MeterKeys };
        Key = new CipherKey(suite, Encryption, Authentication);
    }

    public SampleMeter Meter { get; }

    public PublicKeys MeterKeys { get; }

    public PublicKeys ClientKeys { get; }

    public ServerSecurity Security { get; }

    public CipherKey Key { get; }

    public byte[] Encryption { get; }

    public byte[] Authentication { get; }

    public byte[] Master { get; }

    public TransmitCounter Transmit { get; } = new();

    public DlmsServer Server(AuthenticationMechanism mechanism = AuthenticationMechanism.Gmac, SecurityPolicy policy = SecurityPolicy.None, ushort pdu = 4096)
    {
        var setup = new SecuritySetup(new LogicalName(0, 0, 43, 0, 1), Security, policy);
        if (!Meter.Device.TryFind(setup.Name, out _)) Meter.Device.Add(setup, AccessGrant.ReadAll(1), AccessGrant.SecuredCall(1));
        return new DlmsServer(
            Meter.Device,
            [
                new AssociationProfile
                {
                    Client = 1, Context = ApplicationContext.LogicalNameCiphered, Mechanism = mechanism, Policy = policy, MaxReceivePdu = pdu,
                    Secret = "secret"u8.ToArray(),
                },
            ],
            Security, Meter, TimeProvider.System);
    }

    public BenchLine Line(DlmsServer server, Func<DlmsClientOptions, DlmsClientOptions>? change = null, AuthenticationMechanism mechanism = AuthenticationMechanism.Gmac)
    {
        DlmsClientOptions options = Options(mechanism);
        return new BenchLine(Meter, server, 1, change is null ? options : change(options));
    }

    public DlmsClientOptions Options(
        AuthenticationMechanism mechanism, ProtectionFamily family = ProtectionFamily.ServiceGlobal, KeyInformation kind = KeyInformation.Identified, bool signs = false,
        CipherKey? key = null) => new()
        {
            Context = ApplicationContext.LogicalNameCiphered, Mechanism = mechanism, Challenge = "0123456789abcdef"u8.ToArray(), Title = _client, Key = key ?? Key,
            Transmit = Transmit, Receive = new ReceiveCounter(), ReceiveTransported = new ReceiveCounter(), MaxReceivePdu = 4096, PublicKeys = ClientKeys,
            Master = Master, Family = family, KeyKind = kind, Signs = signs, Secret = "secret"u8.ToArray(),
        };

    public byte[] Enrol(PublicKeys keys, SystemTitle title, KeyPurpose purpose)
    {
        Assert.True(keys.TryGenerate(purpose));
        byte[] certificate = Issue(keys.CreateRequest(purpose)!, title, purpose);
        Assert.True(keys.TryImport(certificate));
        return certificate;
    }

    public byte[] Issue(byte[] request, SystemTitle title, KeyPurpose purpose)
    {
        CertificateRequest asked = CertificateRequest.LoadSigningRequest(request, Signatures.Hash(_suite));
        Assert.Equal("CN=" + title, asked.SubjectName.Name);
        X509KeyUsageFlags usage = purpose == KeyPurpose.Signature ? X509KeyUsageFlags.DigitalSignature : X509KeyUsageFlags.KeyAgreement;
        asked.CertificateExtensions.Add(new X509KeyUsageExtension(usage, critical: true));
        using X509Certificate2 made = asked.Create(
            _authority.SubjectName, X509SignatureGenerator.CreateForECDsa(_authorityKey), Now.AddYears(-1), Now.AddYears(10), [_serial++]);
        return made.RawData;
    }

    public void Dispose()
    {
        Key.Dispose();
        Security.Dispose();
        MeterKeys.Dispose();
        ClientKeys.Dispose();
        _authority.Dispose();
        _authorityKey.Dispose();
    }
}
