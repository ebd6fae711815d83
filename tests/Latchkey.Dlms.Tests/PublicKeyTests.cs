using CsCheck;
using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Bench;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Tests;

/// <summary>Suites 1 and 2 between client and server: proof by signature, end-to-end protection, key agreement, certificates.</summary>
public sealed class PublicKeyTests
{
    private static readonly LogicalName Setup = new(0, 0, 43, 0, 1);
    private static readonly AttributeDescriptor Register = new(InterfaceClass.Register, SampleMeter.Energy, 2);

    [Theory]
    [InlineData(SecuritySuite.Suite1)]
    [InlineData(SecuritySuite.Suite2)]
    public void Hls7_WithCertificatesHeld_ProvesBothSides(SecuritySuite suite)
    {
        using var bench = new PublicKeyBench(suite);
        BenchLine line = bench.Line(bench.Server(AuthenticationMechanism.Ecdsa), mechanism: AuthenticationMechanism.Ecdsa);
        line.Associate();
        Assert.True(line.Client.IsAssociated && line.Connection.IsAssociated(1), line.Client.Failure.ToString());
    }

    [Fact]
    public void Hls7_WithCertificatesThatComeAlong_ProvesBothSides()
    {
        using var bench = new PublicKeyBench(SecuritySuite.Suite1, exchanged: false);
        BenchLine line = bench.Line(bench.Server(AuthenticationMechanism.Ecdsa), mechanism: AuthenticationMechanism.Ecdsa);
        line.Associate();
        Assert.True(line.Client.IsAssociated && line.Connection.IsAssociated(1), line.Client.Failure.ToString());
    }

    [Fact]
    public void Hls7_OfAClientOfAnotherAuthority_IsRefused()
    {
        using var bench = new PublicKeyBench(SecuritySuite.Suite1, exchanged: false);
        using var stranger = new PublicKeyBench(SecuritySuite.Suite1, exchanged: false);
        DlmsServer server = bench.Server(AuthenticationMechanism.Ecdsa);
        var line = new BenchLine(bench.Meter, server, 1, stranger.Options(AuthenticationMechanism.Ecdsa));
        line.Associate();
        Assert.False(line.Client.IsAssociated || line.Connection.IsAssociated(1));
        Assert.Equal(ClientFailureKind.AssociationRejected, line.Client.Failure.Kind);
    }

    [Theory]
    [InlineData(KeyInformation.Identified, false)]
    [InlineData(KeyInformation.Wrapped, false)]
    [InlineData(KeyInformation.Agreed, false)]
    [InlineData(KeyInformation.Identified, true)]
    [InlineData(KeyInformation.Agreed, true)]
    public void GeneralCiphering_WithEveryKindOfKey_CarriesARead(KeyInformation kind, bool signs)
    {
        using var bench = new PublicKeyBench(SecuritySuite.Suite1);
        var line = new BenchLine(bench.Meter, bench.Server(), 1, bench.Options(AuthenticationMechanism.Gmac, ProtectionFamily.EndToEnd, kind, signs));
        line.Associate();
        Assert.True(line.Client.IsAssociated, line.Client.Failure.ToString());
        line.Read(Register);
        Assert.Equal(ClientStep.Done, line.Step);
        Assert.True(line.Client.Value.TryGetInteger(out long value) && value == 123_456);
    }

    [Theory]
    [InlineData(ProtectionFamily.ServiceGlobal)]
    [InlineData(ProtectionFamily.GeneralGlobal)]
    public void GeneralSigning_InsideCiphering_IsVerifiedOnBothSides(ProtectionFamily family)
    {
        using var bench = new PublicKeyBench(SecuritySuite.Suite2);
        const SecurityPolicy Signed = SecurityPolicy.AuthenticatedRequest | SecurityPolicy.EncryptedRequest | SecurityPolicy.SignedRequest | SecurityPolicy.SignedResponse;
        DlmsServer server = bench.Server(policy: Signed);
        var line = new BenchLine(bench.Meter, server, 1, bench.Options(AuthenticationMechanism.Gmac, family, signs: true));
        line.Associate();
        Assert.True(line.Client.IsAssociated, line.Client.Failure.ToString());
        line.Read(Register);
        Assert.Equal(ClientStep.Done, line.Step);

        var unsigned = new BenchLine(bench.Meter, server, 1, bench.Options(AuthenticationMechanism.Gmac, family));
        unsigned.Associate();
        Assert.False(unsigned.Client.IsAssociated);
    }

    [Theory]
    [InlineData(KeyInformation.Identified)]
    [InlineData(KeyInformation.Wrapped)]
    [InlineData(KeyInformation.Agreed)]
    public void GeneralCiphering_PlayedBack_IsToldTheExpectedCounter(KeyInformation kind)
    {
        using var bench = new PublicKeyBench(SecuritySuite.Suite1);
        var line = new BenchLine(bench.Meter, bench.Server(), 1, bench.Options(AuthenticationMechanism.Gmac, ProtectionFamily.EndToEnd, kind));
        line.Associate();
        byte[] request = new byte[1024];
        int size = line.Client.Read(Register, default, request);
        byte[] answer = new byte[1024];
        line.Connection.Process(1, request.AsSpan(0, size), answer);
        Assert.Equal(GeneralCiphering.Tag, answer[0]);
        int again = line.Connection.Process(1, request.AsSpan(0, size), answer);
        Assert.Equal("d80106", Convert.ToHexStringLower(answer.AsSpan(0, Math.Min(3, again))));
        request[size - 1] ^= 1;
        request[size - 30] ^= 1;
        _ = line.Connection.Process(1, request.AsSpan(0, size), answer);
        Assert.Equal(0xD8, answer[0]);
    }

    [Theory]
    [InlineData(SecuritySuite.Suite1)]
    [InlineData(SecuritySuite.Suite2)]
    public void KeyAgreement_PutsANewKeyInForce_ThatBothSidesHold(SecuritySuite suite)
    {
        using var bench = new PublicKeyBench(suite);
        DlmsServer server = bench.Server();
        BenchLine line = bench.Line(server);
        line.Associate();
        using var own = new AgreedKey(suite, KeySlot.GlobalUnicastEncryption);
        byte[] data = new byte[AgreedKey.DataSize(suite)];
        Assert.True(own.TryWriteData(bench.ClientKeys.Signing!, data));
        ServerTests.Call(line, new MethodDescriptor(InterfaceClass.SecuritySetup, Setup, 3), Offer(data));
        Assert.Equal(ClientStep.Done, line.Step);
        DataItems entries = line.Client.Value.Items;
        Assert.True(entries.TryTake(out DataView entry));
        DataItems fields = entry.Items;
        Assert.True(fields.TryTake(DataTag.Enum, out long slot) && slot == 0);
        Assert.True(fields.TryTake(out DataView answered) && answered.TryGetOctets(out ReadOnlySpan<byte> theirs) | true);
        answered.TryGetOctets(out theirs);
        byte[] key = new byte[suite.KeySize()];
        Assert.True(own.TryDerive(bench.ClientKeys.SigningKeyOf(SampleMeter.MeterTitle)!, theirs, SampleMeter.HeadEndTitle, SampleMeter.MeterTitle, key));

        using var agreed = new CipherKey(suite, key, bench.Authentication);
        var next = new BenchLine(bench.Meter, server, 1, bench.Options(AuthenticationMechanism.Gmac, key: agreed));
        next.Associate();
        Assert.True(next.Client.IsAssociated);
        BenchLine stale = bench.Line(server);
        stale.Associate();
        Assert.False(stale.Client.IsAssociated);
    }

    [Fact]
    public void KeyAgreement_WithAForgedSignature_ChangesNothing()
    {
        using var bench = new PublicKeyBench(SecuritySuite.Suite1);
        DlmsServer server = bench.Server();
        BenchLine line = bench.Line(server);
        line.Associate();
        using var own = new AgreedKey(SecuritySuite.Suite1, KeySlot.GlobalUnicastEncryption);
        byte[] data = new byte[AgreedKey.DataSize(SecuritySuite.Suite1)];
        Assert.True(own.TryWriteData(bench.ClientKeys.Signing!, data));
        data[^1] ^= 1;
        ServerTests.Call(line, new MethodDescriptor(InterfaceClass.SecuritySetup, Setup, 3), Offer(data));
        Assert.Equal(new ClientFailure(ClientFailureKind.Action, (int)ActionResult.OtherReason), line.Client.Failure);
        BenchLine same = bench.Line(server);
        same.Associate();
        Assert.True(same.Client.IsAssociated);
    }

    [Fact]
    public void Certificates_GeneratedRequestedImportedExportedAndRemoved()
    {
        using var bench = new PublicKeyBench(SecuritySuite.Suite1);
        BenchLine line = bench.Line(bench.Server(pdu: 300));
        line.Associate();
        Call(line, 4, (ref AxdrWriter w) => w.Enum(0));
        Assert.Equal(ClientStep.Done, line.Step);
        Call(line, 5, (ref AxdrWriter w) => w.Enum(0));
        Assert.True(line.Client.Value.TryGetOctets(out ReadOnlySpan<byte> request));
        byte[] certificate = bench.Issue(request.ToArray(), SampleMeter.MeterTitle, KeyPurpose.Signature);

        // Longer than the meter's PDU: it goes out in blocks.
        Call(line, 6, (ref AxdrWriter w) => w.OctetString(certificate));
        Assert.Equal(ClientStep.Done, line.Step);
        Call(line, 7, Identification);
        Assert.True(line.Client.Value.TryGetOctets(out ReadOnlySpan<byte> exported));
        Assert.Equal(certificate, exported.ToArray());
        line.Read(new AttributeDescriptor(InterfaceClass.SecuritySetup, Setup, 6));
        int held = line.Client.Value.Count;
        Call(line, 8, Identification);
        line.Read(new AttributeDescriptor(InterfaceClass.SecuritySetup, Setup, 6));
        Assert.Equal(held - 1, line.Client.Value.Count);
        Call(line, 7, Identification);
        Assert.Equal(ClientFailureKind.Action, line.Client.Failure.Kind);
    }

    [Fact]
    public void ImportCertificate_WithAnyOneBitFlipped_NeverReplacesAnyPublicKey()
    {
        using var bench = new PublicKeyBench(SecuritySuite.Suite1);
        byte[] good = bench.ClientKeys.Certificates[1].ToArray();
        using var fresh = new PublicKeys(SecuritySuite.Suite1, SampleMeter.MeterTitle, TimeProvider.System);
        Assert.True(fresh.TryTrust(bench.ClientKeys.Certificates[0].Span));
        for (int bit = 0; bit < good.Length * 8; bit++)
        {
            good[bit >> 3] ^= (byte)(1 << (bit & 7));
            Assert.False(fresh.TryImport(good), $"bit {bit}");
            good[bit >> 3] ^= (byte)(1 << (bit & 7));
        }

        Assert.True(fresh.TryImport(good));
    }

    [Fact]
    public void ImportCertificate_OfArbitraryOctets_IsRefused()
    {
        using var keys = new PublicKeys(SecuritySuite.Suite1, SampleMeter.MeterTitle, TimeProvider.System);
        Gen.Byte.Array[0, 200].Sample(octets => !keys.TryImport(octets) && !keys.TryTrust([0x30, 0x82, 1, 0, .. octets]), iter: 500, threads: 1);
    }

    [Fact]
    public void SecurityActivate_OnlyRaises()
    {
        using var bench = new PublicKeyBench(SecuritySuite.Suite1);
        BenchLine line = bench.Line(bench.Server());
        line.Associate();
        const byte Both = (byte)(SecurityPolicy.AuthenticatedRequest | SecurityPolicy.EncryptedRequest);
        Call(line, 1, (ref AxdrWriter w) => w.Enum(Both));
        Assert.Equal((ClientStep.Done, (SecurityPolicy)Both), (line.Step, bench.Security.Policy));
        Call(line, 1, (ref AxdrWriter w) => w.Enum(0));
        Assert.Equal(ClientFailureKind.Action, line.Client.Failure.Kind);
        Call(line, 1, (ref AxdrWriter w) => w.Enum(0xFF));
        Assert.Equal(ClientFailureKind.Action, line.Client.Failure.Kind);
        Assert.Equal((SecurityPolicy)Both, bench.Security.Policy);
    }

    [Theory]
    [InlineData(AuthenticationMechanism.Manufacturer)]
    [InlineData(AuthenticationMechanism.Md5)]
    [InlineData(AuthenticationMechanism.Sha1)]
    [InlineData(AuthenticationMechanism.Sha256)]
    [InlineData(AuthenticationMechanism.Gmac)]
    [InlineData(AuthenticationMechanism.Ecdsa)]
    public void EveryHls_InACipheredContext_ProvesBothSides_AndReads(AuthenticationMechanism mechanism)
    {
        using var bench = new PublicKeyBench(SecuritySuite.Suite1);
        BenchLine line = bench.Line(bench.Server(mechanism), mechanism: mechanism);
        line.Associate();
        Assert.True(line.Client.IsAssociated, line.Client.Failure.ToString());
        line.Read(Register);
        Assert.Equal(ClientStep.Done, line.Step);
    }

    [Fact]
    public void BroadcastKey_HasACounterOfItsOwn()
    {
        using var bench = new PublicKeyBench(SecuritySuite.Suite1);
        byte[] group = [.. Enumerable.Repeat((byte)0x77, 16)];
        using var security = new ServerSecurity(SampleMeter.MeterTitle, SecuritySuite.Suite1, bench.Encryption, bench.Authentication, bench.Master, bench.Meter) { Broadcast = group };
        CipherSession session = security.CreateSession(SampleMeter.HeadEndTitle);
        using var key = new CipherKey(SecuritySuite.Suite1, group, bench.Authentication);
        byte[] secured = new byte[128];
        byte[] plain = Convert.FromHexString("c001c100030100010800ff0200");
        int size = key.Protect(new SecurityControl(0x71), SampleMeter.HeadEndTitle, 5, default, plain, secured);
        byte[] apdu = [0xC8, (byte)size, .. secured.AsSpan(0, size)];
        Assert.True(ProtectedApdu.TryRead(apdu, out ProtectedApdu read));
        Assert.Equal(UnprotectResult.Success, session.TryUnprotect(read, new byte[128], out _));
        Assert.Equal(UnprotectResult.CounterTooLow, session.TryUnprotect(read, new byte[128], out _));
        Assert.Equal(0u, session.Receive.Expected);
    }

    private static void Identification(ref AxdrWriter writer)
    {
        writer.Structure(2);
        writer.Enum(0);
        writer.Structure(3);
        writer.Enum((byte)CertificateEntity.Server);
        writer.Enum((byte)KeyPurpose.Signature);
        writer.OctetString(Convert.FromHexString(SampleMeter.MeterTitle.ToString()));
    }

    private static byte[] Offer(byte[] data)
    {
        var writer = new AxdrWriter(new byte[512]);
        writer.Array(1);
        writer.Structure(2);
        writer.Enum((byte)KeySlot.GlobalUnicastEncryption);
        writer.OctetString(data);
        return writer.Written.ToArray();
    }

    private static void Call(BenchLine line, sbyte method, ValueWriter write)
    {
        var writer = new AxdrWriter(new byte[2048]);
        write(ref writer);
        ServerTests.Call(line, new MethodDescriptor(InterfaceClass.SecuritySetup, Setup, method), writer.Written.ToArray());
    }
}
