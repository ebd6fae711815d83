using System.Buffers;
using System.Diagnostics;
using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Bench;
using Latchkey.Dlms.Bench.Torture;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Link.Hdlc;
using Latchkey.Dlms.Link.Wrapper;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;
using Latchkey.Dlms.Verification;

namespace Latchkey.Dlms.Tests;

/// <summary>Every way in takes mutated octets for 0.4 s, with LATCHKEY_LONG=1 for 60 s: no exception, bounded answers, and good requests are served
/// afterwards as before. A failure prints the octets; LATCHKEY_SEED replays a run.</summary>
public sealed class FuzzTests
{
    private static readonly AttributeDescriptor Register = new(InterfaceClass.Register, SampleMeter.Energy, 2);
    private static readonly AttributeDescriptor Profile = new(InterfaceClass.ProfileGeneric, SampleMeter.Profile, 2);

    [Fact]
    public void Apdu_OnEveryReaderAndTheDecoder() => Fuzz(Apdus(), octets =>
    {
        EveryReader.Try(octets);
        _ = DlmsDecoder.Describe(octets);
        _ = DlmsDecoder.DescribeJson(octets);
    });

    [Fact]
    public void Hdlc_OnBothStations()
    {
        byte[][] frames = [.. VectorFile.Octets.Where(o => o.Length > 8 && o[0] == 0x7E), .. Frames()];
        var server = new HdlcServerStation(HdlcAddress.Server(1), new HdlcParameters(512, 512, 3, 3), 2_048);
        var client = new HdlcClientStation(HdlcAddress.Client(16), HdlcAddress.Server(1), HdlcParameters.Default, 2_048);
        byte[] output = new byte[16_384];
        Fuzz(frames, octets =>
        {
            // Most damage dies at the check sequence: mend it in half of the cases, so that what is behind is reached.
            Mend(octets);
            ReadOnlySpan<byte> rest = octets;
            while (HdlcFrame.Read(rest, out HdlcFrame frame, out int consumed) == OperationStatus.Done)
            {
                int written = server.Receive(frame, output, out ReadOnlySpan<byte> apdu);
                if (!apdu.IsEmpty) written = server.Respond(apdu, output);
                Assert.InRange(written, 0, output.Length);
                Assert.InRange(server.Buffered, 0, 2_048 + Llc.Size);
                client.Receive(frame, output, out written, out _);
                Assert.InRange(written, 0, output.Length);
                rest = rest[consumed..];
            }
        });
    }

    [Fact]
    public void Wrapper_InAnySplit() => Fuzz([.. Apdus().Select(Wrap)], octets =>
    {
        int end = 0;
        for (int size = 0; size <= octets.Length; size += 1 + (octets.Length / 16))
        {
            OperationStatus status = WrapperFrame.Read(octets.AsSpan(0, size), 2_048, out WrapperFrame frame, out int consumed);
            Assert.InRange(consumed, 0, size);
            Assert.True(status == OperationStatus.Done || frame.Apdu.IsEmpty);

            // Once refused, more octets never make it good.
            if (status == OperationStatus.InvalidData) end = size;
            Assert.True(end == 0 || status == OperationStatus.InvalidData);
        }
    });

    [Fact]
    public void Aarq_OnTheServer_LeavesTheOldAssociation()
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        byte[] buffer = new byte[1_024];
        var other = new DlmsClient(SampleMeter.Management(key, new TransmitCounter(), new ReceiveCounter()));
        byte[] good = buffer[..other.Associate(buffer)];
        byte[] plain = Convert.FromHexString("6036a1090607608574050801018a0207808b0760857405080201ac0a80083132333435363738be10040e01000000065f1f0400621e5dffff");
        byte[] answer = new byte[1_024];
        Fuzz([good, plain, .. VectorFile.Octets.Where(o => o.Length > 2 && o[0] == 0x60)], octets =>
        {
            if (octets.Length > 0) octets[0] = AssociationRequest.Tag;
            foreach (ushort client in (ReadOnlySpan<ushort>)[1, 16, 32, 99]) Assert.InRange(line.Connection.Process(client, octets, answer), 3, answer.Length);
        });
        line.Read(Register);
        Assert.Equal(ClientStep.Done, line.Step);
    }

    [Fact]
    public void PlainApdu_OnTheServer()
    {
        var time = new VirtualTime();
        BenchLine line = BenchLine.Reading(time);
        byte[] answer = new byte[4_096];
        Fuzz(Apdus(), octets =>
        {
            Assert.InRange(line.Connection.Process(32, octets, answer), 0, answer.Length);
            for (int i = 0; i < 20 && line.Connection.Continue(32, answer) > 0; i++)
            {
            }
        });

        // Wrong passwords among the octets have locked the port; the longest lock is an hour.
        time.AdvanceTo(3_700_000);
        line.Associate();
        line.Read(Register);
        Assert.Equal(ClientStep.Done, line.Step);
    }

    [Fact]
    public void CipheredApdu_OnTheServer_BehindTheRightTag()
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        byte[] answer = new byte[4_096];
        uint counter = 1_000;
        Fuzz(Apdus(), octets =>
        {
            if (octets.Length == 0) return;
            byte[] secured = new byte[octets.Length + 64];
            int size = key.Protect(SecurityControl.AuthenticatedAndEncrypted(SecuritySuite.Suite0), SampleMeter.HeadEndTitle, ++counter, default, octets, secured);
            byte[] apdu = [0xDB, 8, .. Convert.FromHexString(SampleMeter.HeadEndTitle.ToString()), 0x82, (byte)(size >> 8), (byte)(size & 0xFF), .. secured.AsSpan(0, size)];
            Assert.InRange(line.Connection.Process(1, apdu, answer), 0, answer.Length);

            // A key change that happened to be well formed is one: begin again with the same keys.
            if (!line.Connection.IsAssociated(1)) line = BenchLine.Management(TimeProvider.System, key);
        });
    }

    [Fact]
    public void CipheredApdu_OnTheServer_NeverTakenWhenDamaged()
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        byte[] request = new byte[1_024];
        byte[] answer = new byte[4_096];
        byte[] good = request[..line.Client.Read(Register, default, request)];
        uint before = line.Meter.Security.ExpectedFrom(SampleMeter.HeadEndTitle);
        Fuzz([good], octets =>
        {
            if (IsSameSecured(octets, good)) return;
            int size = line.Connection.Process(1, octets, answer);

            // Blocks lie around the protection and are receipted; what they carry is judged when it is whole.
            bool refused = answer[0] is 0xD8 or 0x61 or 0x63 || (octets[0] == 0xE0 && answer[0] == 0xE0);
            Assert.True(size == 0 || refused, Convert.ToHexString(octets));
            Assert.Equal(before, line.Meter.Security.ExpectedFrom(SampleMeter.HeadEndTitle));
        });
        Assert.Equal(ClientStep.Done, line.Client.Take(answer.AsSpan(0, line.Connection.Process(1, good, answer)), request, out _));
    }

    [Fact]
    public void Answers_OnThePlainClient()
    {
        BenchLine line = BenchLine.Reading(TimeProvider.System, maxPdu: 512);
        byte[] request = new byte[4_096];
        Fuzz(Apdus(), octets =>
        {
            int size = line.Client.Read(Profile, default, request);
            Assert.True(size > 0);
            _ = line.Client.Take(octets, request, out int written);
            Assert.InRange(written, 0, request.Length);
            _ = line.Client.Value.Count;
        });
        line.Associate();
        line.Read(Profile);
        Assert.Equal((ClientStep.Done, SampleMeter.RowCount), (line.Step, line.Client.Value.Count));
    }

    [Fact]
    public void Answers_OnTheCipheredClient_BehindTheRightTag()
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        byte[] request = new byte[4_096];
        uint counter = 1_000;
        Fuzz(Apdus(), octets =>
        {
            if (octets.Length == 0) return;
            int size = counter % 3 == 0 ? line.Client.Read(Profile, default, request) : line.Client.Invoke(new MethodDescriptor(InterfaceClass.TokenGateway, SampleMeter.Gateway, 1), default, request);
            Assert.True(size > 0);
            byte[] secured = new byte[octets.Length + 64];
            size = key.Protect(SecurityControl.AuthenticatedAndEncrypted(SecuritySuite.Suite0), SampleMeter.MeterTitle, ++counter, default, octets, secured);
            byte[] apdu = [0xDB, 8, .. Convert.FromHexString(SampleMeter.MeterTitle.ToString()), 0x82, (byte)(size >> 8), (byte)(size & 0xFF), .. secured.AsSpan(0, size)];
            _ = line.Client.Take(apdu, request, out _);
            _ = line.Client.Value.Count;
        });
    }

    [Fact]
    public void Aare_OnTheClient_NeverAssociatesWithoutTheKey()
    {
        using CipherKey key = ServerTests.Key();
        var meter = new SampleMeter(TimeProvider.System);
        var transmit = new TransmitCounter();
        byte[] request = new byte[1_024];
        byte[] answer = new byte[1_024];
        var first = new DlmsClient(SampleMeter.Management(key, transmit, new ReceiveCounter()));
        byte[] good = answer[..meter.Server.Open().Process(1, request.AsSpan(0, first.Associate(request)), answer)];
        Fuzz([good, .. VectorFile.Octets.Where(o => o.Length > 2 && o[0] == 0x61)], octets =>
        {
            var client = new DlmsClient(SampleMeter.Management(key, transmit, new ReceiveCounter()));
            Assert.True(client.Associate(request) > 0);
            _ = client.Take(octets, request, out _);
            Assert.False(client.IsAssociated);
        });
    }

    [Fact]
    public void EndToEnd_OnTheServer()
    {
        using var bench = new PublicKeyBench(SecuritySuite.Suite1);
        var line = new BenchLine(bench.Meter, bench.Server(), 1, bench.Options(AuthenticationMechanism.Gmac, ProtectionFamily.EndToEnd, KeyInformation.Agreed, signs: true));
        line.Associate();
        byte[] request = new byte[1_024];
        byte[] answer = new byte[4_096];
        byte[] agreed = request[..line.Client.Read(Register, default, request)];
        Fuzz([agreed, VectorFile.Hex("gb-t41-general-ciphering", "apdu")], octets =>
            Assert.InRange(line.Connection.Process(1, octets, answer), 0, answer.Length));
        line.Read(Register);
        Assert.Equal(ClientStep.Done, line.Step);
    }

    // A length in more octets than it needs, or another wrapping around the same secured octets, is the same request: the wrapping is in clear.
    private static bool IsSameSecured(byte[] octets, byte[] good) =>
        ProtectedApdu.TryRead(octets, out ProtectedApdu read) && ProtectedApdu.TryRead(good, out ProtectedApdu right) && read.Secured.SequenceEqual(right.Secured);

    [Fact]
    public void ALengthInMoreOctetsThanItNeeds_FoundByTheFuzzer_IsTheSameRequest_AndTakenOnce()
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        byte[] request = new byte[1_024];
        byte[] answer = new byte[1_024];
        byte[] good = request[..line.Client.Read(Register, default, request)];
        byte[] longer = [good[0], 0x81, good[1], .. good.AsSpan(2)];
        _ = line.Connection.Process(1, longer, answer);
        Assert.Equal(0xCC, answer[0]);
        _ = line.Connection.Process(1, good, answer);
        Assert.Equal("d80106", Convert.ToHexStringLower(answer.AsSpan(0, 3)));
    }

    [Theory]
    [InlineData("df00000000000cdf0000000000 02df0000000000")] // a signature around a signature
    [InlineData("c401c100 0902 0901")] // octets that look like data: described as octets, once
    public void Decoder_OnWhatTheFuzzerFound_Ends(string hex)
    {
        byte[] octets = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.NotEmpty(DlmsDecoder.Describe(octets));
        Assert.NotNull(DlmsDecoder.DescribeJson(octets));
    }

    private static void Fuzz(IReadOnlyList<byte[]> corpus, Action<byte[]> target)
    {
        var mutator = new Mutator(corpus, LongRun.Seed);
        var clock = Stopwatch.StartNew();
        for (long round = 0; clock.Elapsed < LongRun.FuzzFor; round++)
        {
            byte[] octets = mutator.Next();
            string input = Convert.ToHexString(octets);
            try
            {
                target(octets);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"round {round} of seed {LongRun.Seed}: {input}", e);
            }
        }
    }

    private static byte[][] Apdus() =>
    [
        .. VectorFile.Octets.Where(o => o.Length is > 0 and < 1_200),
        .. new[]
        {
            "e0410001000000", "e0c10001000005c001c10008", "c003c1020003 0100010800ff020000080000010000ff0200", "c102c100010000600100ff020000000001030905 41",
            "c104c10100010000600100ff020001090141", "c303c10100730000132800ff0101 090a48643202781314010686", "c304c100730000132800ff010000000001 03090a48",
            "d9c00000010002010003 0100010800ff020300730000132800ff010200090a48643202781314010686", "0f00000001000906000102030405", "1040000001 00",
            "df0801020304050607080841424344454647480847525831323334350000050ec001c140",
        }.Select(h => Convert.FromHexString(h.Replace(" ", "", StringComparison.Ordinal))),
    ];

    private static IEnumerable<byte[]> Frames()
    {
        var client = new HdlcClientStation(HdlcAddress.Client(16), HdlcAddress.Server(1), HdlcParameters.Default, 2_048);
        byte[] output = new byte[4_096];
        yield return output[..client.Connect(output)];
        byte[] ua = new byte[64];
        var server = new HdlcServerStation(HdlcAddress.Server(1), HdlcParameters.Default, 2_048);
        _ = HdlcFrame.Read(output, out HdlcFrame snrm, out _);
        int size = server.Receive(snrm, ua, out _);
        yield return ua[..size];
        _ = HdlcFrame.Read(ua.AsSpan(0, size), out HdlcFrame accepted, out _);
        client.Receive(accepted, output, out _, out _);
        yield return output[..client.Send(new byte[300], output)];
        yield return output[..client.Poll(output)];
        yield return output[..client.Disconnect(output)];
    }

    private static byte[] Wrap(byte[] apdu)
    {
        byte[] frame = new byte[apdu.Length + WrapperFrame.HeaderSize];
        new WrapperFrame { SourcePort = 16, DestinationPort = 1, Apdu = apdu }.Write(frame);
        return frame;
    }

    private static void Mend(byte[] octets)
    {
        if (octets.Length < 11 || octets[0] != 0x7E || octets[^1] != 0x7E || (octets[^3] & 1) == 0) return;
        int length = octets.Length - 2;
        octets[1] = (byte)(0xA0 | (octets[1] & 0x08) | ((length >> 8) & 7));
        octets[2] = (byte)(length & 0xFF);
        int header = 3;
        for (int address = 0; address < 2; address++)
        {
            while (header < octets.Length - 4 && (octets[header++] & 1) == 0)
            {
            }
        }

        header++;
        if (header + 2 < octets.Length - 3) Put(octets, header, HdlcChecksum.Compute(octets.AsSpan(1, header - 1)));
        Put(octets, octets.Length - 3, HdlcChecksum.Compute(octets.AsSpan(1, octets.Length - 4)));
    }

    private static void Put(byte[] octets, int at, ushort check) => (octets[at], octets[at + 1]) = ((byte)(check & 0xFF), (byte)(check >> 8));
}
