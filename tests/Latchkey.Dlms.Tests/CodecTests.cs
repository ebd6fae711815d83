using CsCheck;
using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Bench;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Tests;

public sealed class CodecTests
{
    [Fact]
    public void CompactArray_OfADay_ExpandsToTheSameArray()
    {
        BenchLine line = BenchLine.Reading(TimeProvider.System);
        line.Read(new AttributeDescriptor(InterfaceClass.ProfileGeneric, SampleMeter.Profile, 2));
        byte[] day = line.Client.Value.Encoded.ToArray();
        Assert.Equal(2690, day.Length);
        Assert.True(DataView.TryReadWhole(day, out DataView array));
        var compact = new AxdrWriter(new byte[4096]);
        Assert.True(CompactArray.TryCompress(array, ref compact));
        Assert.InRange(compact.Position, 1, 2126);
        Assert.True(DataView.TryReadWhole(compact.Written, out DataView value));
        Assert.True(CompactArray.TryRead(value, out CompactArray read));
        var expanded = new AxdrWriter(new byte[4096]);
        read.Expand(ref expanded);
        Assert.Equal(day, expanded.Written.ToArray());
    }

    [Fact]
    public void CompactArray_OfMixedTypes_IsNotMade()
    {
        Assert.True(DataView.TryReadWhole([1, 2, 0x11, 5, 0x12, 0, 5], out DataView mixed));
        var writer = new AxdrWriter(new byte[64]);
        Assert.False(CompactArray.TryCompress(mixed, ref writer));
        Assert.Equal(0, writer.Position);
    }

    [Fact]
    public void Length_WrittenAndRead_IsTheSame() =>
        Gen.Int[0, int.MaxValue].Sample(length =>
        {
            var writer = new AxdrWriter(new byte[5]);
            writer.WriteLength(length);
            var reader = new AxdrReader(writer.Written);
            return reader.TryReadLength(out int read) && read == length && reader.AtEnd && writer.Position == AxdrWriter.LengthSize(length);
        });

    [Fact]
    public void Writer_WithoutRoom_SaysSoAndWritesNothingMore()
    {
        var writer = new AxdrWriter(new byte[3]);
        writer.WriteUInt16(1);
        writer.WriteUInt32(2);
        writer.WriteByte(3);
        Assert.True(writer.Overflowed);
        Assert.Equal(2, writer.Position);
    }

    [Fact]
    public void DateTime_OfAnInstant_ComesBack() =>
        Gen.Select(Gen.Long[0, 4_000_000_000], Gen.Int[-720, 840]).Sample((seconds, offset) =>
        {
            DateTimeOffset instant = DateTimeOffset.FromUnixTimeSeconds(seconds).ToOffset(TimeSpan.FromMinutes(offset));
            byte[] octets = new byte[CosemDateTime.Size];
            CosemDateTime.From(instant).Write(octets);
            return CosemDateTime.TryRead(octets, out CosemDateTime read) && read.TryToInstant(0, out DateTimeOffset again) && again == instant;
        });

    [Fact]
    public void DateTime_Deviation_IsLocalTimeToUtc()
    {
        // China, UTC+8: the deviation is -480 minutes.
        CosemDateTime time = CosemDateTime.From(new DateTimeOffset(2026, 6, 1, 8, 0, 0, TimeSpan.FromHours(8)));
        Assert.Equal(-480, time.DeviationMinutes);
        Assert.True(time.TryToInstant(0, out DateTimeOffset instant));
        Assert.Equal(0, instant.UtcDateTime.Hour);
    }

    [Theory]
    [InlineData("0-0:96.3.10*255", "0.0.96.3.10.255")]
    [InlineData("1.0.1.8.0.255", "1.0.1.8.0.255")]
    [InlineData("1.0.1.8.0", null)]
    [InlineData("1.0.1.8.0.256", null)]
    public void LogicalName_Text_IsReadOrRefused(string text, string? expected)
    {
        bool read = LogicalName.TryParse(text, out LogicalName name);
        Assert.Equal(expected, read ? name.ToString() : null);
    }

    [Theory]
    [InlineData("48643202781314010686", "48643202781314010686")]
    [InlineData("3438363433323032373831333134303130363836", "48643202781314010686")]
    [InlineData("343836342033323032203738313320313430312030363836", "48643202781314010686")]
    [InlineData("02a310fb52371f040e", "48643202781314010126")]
    [InlineData("486432027813140106", null)]
    [InlineData("4864320278131401068a", null)]
    [InlineData("040000000000000000", null)]
    public void TokenCoding_OfEveryForm_GivesTwentyDigitsOrIsRefused(string hex, string? expected)
    {
        Span<char> digits = stackalloc char[20];
        byte[] octets = Convert.FromHexString(hex);
        bool decoded = TokenCoding.TryDecode(octets, digits);
        if (octets.Length == 9 && decoded)
        {
            UInt128 value = new(octets[0], System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(octets.AsSpan(1)));
            Assert.Equal(value.ToString("D20"), digits.ToString());
            return;
        }

        Assert.Equal(expected, decoded ? digits.ToString() : null);
    }

    [Fact]
    public void DisconnectControl_EveryModeStateAndTrigger_FollowsTheTable()
    {
        // Transitions per mode as the standard prints them; all others must be refused.
        string[] permitted = ["", "bcfgde", "bcfgae", "bcgde", "bcgae", "bcfgdeh", "bcgdeh", "bcgaieh"];
        (char Letter, int From, ControlTrigger Trigger, int To)[] transitions =
        [
            ('a', 0, ControlTrigger.RemoteReconnect, 1), ('b', 1, ControlTrigger.RemoteDisconnect, 0), ('c', 2, ControlTrigger.RemoteDisconnect, 0),
            ('d', 0, ControlTrigger.RemoteReconnect, 2), ('e', 2, ControlTrigger.ManualReconnect, 1), ('f', 1, ControlTrigger.ManualDisconnect, 2),
            ('g', 1, ControlTrigger.LocalDisconnect, 2), ('h', 2, ControlTrigger.LocalReconnect, 1), ('i', 2, ControlTrigger.RemoteReconnect, 1),
        ];
        for (int mode = -1; mode <= 8; mode++)
        {
            for (int state = 0; state <= 2; state++)
            {
                foreach (ControlTrigger trigger in Enum.GetValues<ControlTrigger>())
                {
                    int? expected = (from t in transitions
                                     where t.From == state && t.Trigger == trigger && mode is >= 0 and <= 7 && permitted[mode].Contains(t.Letter)
                                     select (int?)t.To).SingleOrDefault();
                    Assert.Equal(expected, (int?)DisconnectControlTable.Next(mode, (ControlState)state, trigger));
                }
            }
        }
    }

    [Theory]
    [InlineData(AuthenticationMechanism.Md5)]
    [InlineData(AuthenticationMechanism.Sha1)]
    [InlineData(AuthenticationMechanism.Sha256)]
    public void Hls_WithADigest_ProvesBothSides(AuthenticationMechanism mechanism)
    {
        var meter = new SampleMeter(TimeProvider.System);
        byte[] secret = "a secret of the two"u8.ToArray();
        var server = new DlmsServer(
            meter.Device, [new AssociationProfile { Client = 1, Mechanism = mechanism, Secret = secret }], meter.Security, meter, TimeProvider.System);
        Assert.True(Associates(server, mechanism, secret));
        Assert.False(Associates(server, mechanism, "another"u8.ToArray()));
    }

    [Theory]
    [InlineData(SecuritySuite.Suite1)]
    [InlineData(SecuritySuite.Suite2)]
    public void Hls7AndGeneralSigning_WithTheRightKey_Verify(SecuritySuite suite)
    {
        using var own = System.Security.Cryptography.ECDsa.Create(Signatures.Curve(suite));
        using var other = System.Security.Cryptography.ECDsa.Create(Signatures.Curve(suite));
        var pass = new HlsPass { Challenge = new byte[16], OwnChallenge = new byte[16], Prover = SampleMeter.HeadEndTitle, Verifier = SampleMeter.MeterTitle };
        byte[] proof = new byte[Hls.MaxProof];
        int size = Hls.ComputeSignature(suite, own, pass, proof);
        Assert.True(Hls.VerifySignature(suite, own, pass, proof.AsSpan(0, size)));
        Assert.False(Hls.VerifySignature(suite, other, pass, proof.AsSpan(0, size)));

        byte[] apdu = new byte[256];
        size = new GeneralSigning { Header = new GeneralHeader { TransactionId = new byte[8] }, Content = "\x0f"u8 }.Write(suite, own, apdu);
        Assert.True(GeneralSigning.TryRead(apdu.AsSpan(0, size), out GeneralSigning read));
        Assert.True(read.IsSignedBy(suite, own));
        apdu[3] ^= 1;
        Assert.True(GeneralSigning.TryRead(apdu.AsSpan(0, size), out read));
        Assert.False(read.IsSignedBy(suite, own));
    }

    [Theory]
    [InlineData(SecuritySuite.Suite0, 0x10)]
    [InlineData(SecuritySuite.Suite0, 0x20)]
    [InlineData(SecuritySuite.Suite1, 0x31)]
    [InlineData(SecuritySuite.Suite2, 0x32)]
    public void GeneralCiphering_ProtectedAndOpened_IsTheSame(SecuritySuite suite, byte control)
    {
        using var key = new CipherKey(suite, new byte[suite.KeySize()], new byte[suite.KeySize()]);
        byte[] title = new byte[8];
        byte[] plain = [.. Enumerable.Range(0, 600).Select(i => (byte)(i & 0x7F))];
        byte[] apdu = new byte[1024];
        var header = new GeneralHeader { TransactionId = new byte[8], Originator = title, Recipient = title, OtherInformation = new byte[300] };
        int size = new GeneralCiphering { Header = header, KeyKind = KeyInformation.Identified }.Write(key, new SecurityControl(control), 1, plain, apdu);
        Assert.True(GeneralCiphering.TryRead(apdu.AsSpan(0, size), out GeneralCiphering read));
        byte[] opened = new byte[1024];
        Assert.True(read.TryUnprotect(key, opened, out int length));
        Assert.Equal(plain, opened[..length]);
        apdu[^1] = 0;
        apdu[12] ^= 1;
        bool authenticated = (control & 0x10) != 0;
        Assert.True(GeneralCiphering.TryRead(apdu.AsSpan(0, size), out read));
        if (authenticated) Assert.False(read.TryUnprotect(key, opened, out _));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(1, 25)]
    [InlineData(8, 25)]
    public void GeneralBlockTransfer_OverALineThatLosesBlocks_DeliversBothApdus(int window, int lossPercent) =>
        Gen.Select(Gen.Byte.Array[1, 700], Gen.Byte.Array[1, 700], Gen.Int[1, int.MaxValue]).Sample(
            (request, response, seed) => LossyBlockLine.Exchange(request, response, window, lossPercent, (uint)seed), iter: 100, threads: 1);

    private static bool Associates(DlmsServer server, AuthenticationMechanism mechanism, byte[] secret)
    {
        var client = new Client.DlmsClient(new Client.DlmsClientOptions
        {
            Mechanism = mechanism, Secret = secret, Challenge = "0123456789abcdef"u8.ToArray(), Title = SampleMeter.HeadEndTitle,
        });
        ServerConnection connection = server.Open();
        byte[] request = new byte[512];
        byte[] answer = new byte[512];
        int size = client.Associate(request);
        while (size > 0)
        {
            int answered = connection.Process(1, request.AsSpan(0, size), answer);
            _ = client.Take(answer.AsSpan(0, answered), request, out size);
        }

        return client.IsAssociated && connection.IsAssociated(1);
    }
}
