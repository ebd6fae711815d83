using System.Buffers.Binary;
using CsCheck;
using Latchkey.Dlms.Bench;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Tests;

public sealed class ServerAttackTests
{
    private static readonly byte[] PlainRead = Convert.FromHexString("c001c100030100010800ff0200");

    [Fact]
    public void RequestBeforeAssociation_IsNotAllowed() => Assert.Equal("d80101", Answer(new SampleMeter(TimeProvider.System).Server.Open(), 32, PlainRead));

    [Theory]
    [InlineData("", "d80202")]
    [InlineData("ff", "d80202")]
    [InlineData("c0", "d80202")]
    [InlineData("c001c1", "d80202")]
    [InlineData("c001c100030100010800ff020000", "d80202")] // an octet too many
    public void UndecodableRequest_IsUnknown(string request, string expected)
    {
        BenchLine line = BenchLine.Reading(TimeProvider.System);
        Assert.Equal(expected, Answer(line.Connection, 32, Convert.FromHexString(request)));
    }

    [Fact]
    public void ServiceNotAgreed_IsNotSupported()
    {
        var line = new BenchLine(new SampleMeter(TimeProvider.System), 16, new Client.DlmsClientOptions());
        line.Associate();
        Assert.Equal("d80102", Answer(line.Connection, 16, Convert.FromHexString("c101c100010000600100ff02000900")));
    }

    [Fact]
    public void PlainRequest_WherePolicyWantsCiphering_IsNotAllowed()
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        Assert.Equal("d80101", Answer(line.Connection, 1, PlainRead));
    }

    [Fact]
    public void WrongTag_IsADecipheringError_AndMovesNoCounter()
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        uint before = line.Meter.Security.ExpectedFrom(SampleMeter.HeadEndTitle);
        Assert.Equal("d80105", Answer(line.Connection, 1, Request(key, uint.MaxValue, flip: true)));
        Assert.Equal("d80105", Answer(line.Connection, 1, Request(key, before, flip: true)));
        Assert.Equal(before, line.Meter.Security.ExpectedFrom(SampleMeter.HeadEndTitle));
        Assert.StartsWith("cc", Answer(line.Connection, 1, Request(key, before, flip: false)), StringComparison.Ordinal);
    }

    [Fact]
    public void ReplayedRequest_IsToldTheExpectedCounter()
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        uint next = line.Meter.Security.ExpectedFrom(SampleMeter.HeadEndTitle);
        byte[] request = Request(key, next, flip: false);
        Assert.StartsWith("cc", Answer(line.Connection, 1, request), StringComparison.Ordinal);
        Assert.Equal($"d80106{next + 1:x8}", Answer(line.Connection, 1, request));
        Assert.Equal($"d80106{next + 1:x8}", Answer(line.Connection, 1, Request(key, next - 1, flip: false)));
    }

    [Fact]
    public void AuthenticatedOnly_WherePolicyWantsEncryptionToo_IsNotAllowed()
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        uint next = line.Meter.Security.ExpectedFrom(SampleMeter.HeadEndTitle);
        Assert.Equal("d80101", Answer(line.Connection, 1, Request(key, next, flip: false, SecurityControl.AuthenticatedOnly(SecuritySuite.Suite0))));
    }

    [Fact]
    public void OtherRequestsThanTheProof_BeforePass4_AreNotAllowed()
    {
        using CipherKey key = ServerTests.Key();
        var meter = new SampleMeter(TimeProvider.System);
        var client = new Client.DlmsClient(SampleMeter.Management(key, new TransmitCounter(), new ReceiveCounter()));
        ServerConnection connection = meter.Server.Open();
        byte[] buffer = new byte[512];
        byte[] answer = new byte[512];
        Assert.True(connection.Process(1, buffer.AsSpan(0, client.Associate(buffer)), answer) > 100);
        Assert.False(connection.IsAssociated(1));
        Assert.Equal("d80101", Answer(connection, 1, Request(key, 2, flip: false)));
        Assert.False(connection.IsAssociated(1));
    }

    [Fact]
    public void GetNext_Repeated_GivesTheSameBlock_AndAWrongNumberEndsTheTransfer()
    {
        BenchLine line = BenchLine.Reading(TimeProvider.System, maxPdu: 128);
        byte[] first = Convert.FromHexString(Answer(line.Connection, 32, Convert.FromHexString("c001c100070100630100ff0200")));
        Assert.Equal(0xC4, first[0]);
        string second = Answer(line.Connection, 32, Convert.FromHexString("c002c100000001"));
        Assert.Equal(second, Answer(line.Connection, 32, Convert.FromHexString("c002c100000001")));
        Assert.Equal("c402c101000000090113", Answer(line.Connection, 32, Convert.FromHexString("c002c100000009")));
        Assert.Equal("c402c101000000020110", Answer(line.Connection, 32, Convert.FromHexString("c002c100000002")));
    }

    [Fact]
    public void SetInBlocks_WritesOnce_AndOutOfOrderIsRefused()
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        string Send(string hex) => Plain(line, key, hex);
        Assert.Equal("c502c100000001", Send("c102c100010000600100ff0200" + "00" + "00000001" + "03" + "090541"));
        Assert.Equal("c502c100000001", Send("c103c1" + "00" + "00000001" + "03" + "090541"));
        Assert.Equal("c503c10000000002", Send("c103c1" + "01" + "00000002" + "04" + "42434445"));
        Assert.Equal("ABCDE", System.Text.Encoding.ASCII.GetString(line.Meter.SerialNumber));
        Assert.Equal("c503c11200000003", Send("c103c1" + "01" + "00000003" + "01" + "00"));
    }

    [Fact]
    public void ListOfThirtyThree_IsRefused()
    {
        BenchLine line = BenchLine.Reading(TimeProvider.System);
        byte[] request = [0xC0, 3, 0xC1, 33, .. Enumerable.Repeat(Convert.FromHexString("00030100010800ff0200"), 33).SelectMany(x => x)];
        Assert.Equal("d80103", Answer(line.Connection, 32, request));
    }

    [Fact]
    public void ArbitraryOctets_OnEveryPhase_GetAnAnswer_AndLeaveTheAssociation()
    {
        BenchLine line = BenchLine.Reading(TimeProvider.System);
        byte[] answer = new byte[4096];
        byte[] tags = [0x60, 0x62, 0xC0, 0xC1, 0xC3, 0xC8, 0xCB, 0xD0, 0xD9, 0xDB, 0xDD, 0xDF, 0xE0, 0x0F, 0x21];
        Gen.Select(Gen.Int[0, tags.Length - 1].Select(i => tags[i]), Gen.Byte.Array[0, 80])
            .Sample((tag, rest) => line.Connection.Process(99, [tag, .. rest], answer) >= 0 && line.Connection.Process(32, [tag, .. rest], answer) >= 0,
                iter: 20_000, threads: 1);
        line.Associate();
        Assert.True(line.Client.IsAssociated);
    }

    [Fact]
    public void EveryBitFlipOfACipheredRequest_IsRefused_AndTheRequestItselfStillServed()
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        byte[] request = Request(key, line.Meter.Security.ExpectedFrom(SampleMeter.HeadEndTitle), flip: false);
        for (int bit = 0; bit < request.Length * 8; bit++)
        {
            request[bit >> 3] ^= (byte)(1 << (bit & 7));

            // An AARQ or RLRQ tag with what follows is no such APDU; none of the flips can end the association.
            Assert.StartsWith("d8", Answer(line.Connection, 1, request), StringComparison.Ordinal);
            request[bit >> 3] ^= (byte)(1 << (bit & 7));
        }

        Assert.StartsWith("cc", Answer(line.Connection, 1, request), StringComparison.Ordinal);
    }

    [Fact]
    public void ReadPath_AllocatesNothing()
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        var profile = new AttributeDescriptor(InterfaceClass.ProfileGeneric, SampleMeter.Profile, 2);
        for (int i = 0; i < 100; i++) line.Read(profile);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++) line.Read(profile);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Restart_NeverSendsACounterTwice_NorTakesOneTwice()
    {
        var meter = new SampleMeter(TimeProvider.System);
        var transmit = new TransmitCounter(meter, KeySlot.GlobalUnicastEncryption);
        Assert.True(transmit.TryTake(out uint last));
        Assert.True(new TransmitCounter(meter, KeySlot.GlobalUnicastEncryption).Next > last);
        var receive = new ReceiveCounter(meter, KeySlot.GlobalUnicastEncryption, SampleMeter.HeadEndTitle);
        receive.Accept(7);
        Assert.False(new ReceiveCounter(meter, KeySlot.GlobalUnicastEncryption, SampleMeter.HeadEndTitle).IsFresh(7));
    }

    [Fact]
    public void TransmitCounter_AtItsEnd_GivesNoMore()
    {
        var counter = new TransmitCounter();
        Assert.True(counter.TryJumpTo((uint)TransmitCounter.AlarmFrom - 1));
        Assert.False(counter.TryJumpTo(uint.MaxValue));
        Assert.False(counter.TryJumpTo(5));
        Assert.False(counter.IsNearEnd);
        Assert.True(counter.TryTake(out _));
        Assert.True(counter.IsNearEnd);
        while (counter.TryTake(out _))
        {
        }

        Assert.Equal(1UL << 32, counter.Next);
    }

    [Fact]
    public void ReceiveCounter_AfterTheHighest_TakesNoMore()
    {
        var counter = new ReceiveCounter();
        counter.Accept(uint.MaxValue);
        Assert.False(counter.IsFresh(uint.MaxValue));
        Assert.Equal(uint.MaxValue, counter.Expected);
    }

    private static byte[] Request(CipherKey key, uint counter, bool flip, SecurityControl? control = null)
    {
        byte[] secured = new byte[64];
        int size = key.Protect(
            control ?? SecurityControl.AuthenticatedAndEncrypted(SecuritySuite.Suite0), SampleMeter.HeadEndTitle, counter, default, PlainRead, secured);
        if (flip) secured[size - 1] ^= 1;
        return [0xC8, (byte)size, .. secured.AsSpan(0, size)];
    }

    private static string Plain(BenchLine line, CipherKey key, string hex)
    {
        byte[] plain = Convert.FromHexString(hex);
        byte[] secured = new byte[256];
        uint counter = line.Meter.Security.ExpectedFrom(SampleMeter.HeadEndTitle);
        int size = key.Protect(SecurityControl.AuthenticatedAndEncrypted(SecuritySuite.Suite0), SampleMeter.HeadEndTitle, counter, default, plain, secured);
        byte[] answer = Convert.FromHexString(Answer(line.Connection, 1, [(byte)(plain[0] + 8), (byte)size, .. secured.AsSpan(0, size)]));
        Assert.True(ProtectedApdu.TryRead(answer, out ProtectedApdu read));
        Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(answer.AsSpan(3)), read.Counter);
        byte[] opened = new byte[answer.Length];
        Assert.True(key.TryUnprotect(read.Secured, SampleMeter.MeterTitle, default, opened, out int length));
        return Convert.ToHexStringLower(opened.AsSpan(0, length));
    }

    private static string Answer(ServerConnection connection, ushort client, byte[] request)
    {
        byte[] answer = new byte[4096];
        return Convert.ToHexStringLower(answer.AsSpan(0, connection.Process(client, request, answer)));
    }
}
