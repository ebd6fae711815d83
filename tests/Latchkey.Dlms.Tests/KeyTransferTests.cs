using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Bench;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Tests;

public sealed class KeyTransferTests
{
    private static readonly byte[] Fresh = Convert.FromHexString("0f0e0d0c0b0a09080706050403020100");

    [Fact]
    public void AnswerLost_TheOldKeyHoldsUntilTheNewOneIsUsed()
    {
        using CipherKey old = ServerTests.Key();
        using var renewed = new CipherKey(SecuritySuite.Suite0, Fresh, SampleMeter.Authentication);
        BenchLine line = BenchLine.Management(TimeProvider.System, old);
        Transfer(line, Fresh);

        // The client behaves as if it had heard nothing, and asks again under the old key.
        line.Read(new AttributeDescriptor(InterfaceClass.Register, SampleMeter.Energy, 2));
        Assert.Equal(ClientStep.Done, line.Step);
        Transfer(line, Fresh);
        Assert.Equal(ClientStep.Done, line.Step);

        Assert.True(Associates(line.Meter, renewed));
        line.Read(new AttributeDescriptor(InterfaceClass.Register, SampleMeter.Energy, 2));
        Assert.Equal(ClientStep.Failed, line.Step);
        Assert.False(Associates(line.Meter, old));
        Assert.True(Associates(line.Meter, renewed));
    }

    [Fact]
    public void TheSameKeyAgain_StartsNoCounterAnew()
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        ulong before = line.Meter.Security.NextTransmit;
        Transfer(line, SampleMeter.Encryption);
        Assert.Equal(ClientStep.Done, line.Step);
        Assert.True(line.Meter.Security.NextTransmit > before);
        line.Read(new AttributeDescriptor(InterfaceClass.Register, SampleMeter.Energy, 2));
        Assert.Equal(ClientStep.Done, line.Step);
    }

    [Fact]
    public void AKeyThatComesBack_MeetsNoCounterOfTheMeterAgain()
    {
        using CipherKey first = ServerTests.Key();
        using var second = new CipherKey(SecuritySuite.Suite0, Fresh, SampleMeter.Authentication);
        BenchLine line = BenchLine.Management(TimeProvider.System, first);
        ulong sent = line.Meter.Security.NextTransmit;
        Transfer(line, Fresh);
        var next = new BenchLine(line.Meter, 1, SampleMeter.Management(second, new TransmitCounter(), new ReceiveCounter()));
        next.Associate();
        Transfer(next, SampleMeter.Encryption);
        Assert.True(line.Meter.Security.NextTransmit > sent);
    }

    [Theory]
    [InlineData(16, true)]
    [InlineData(24, false)]
    public void WrongKeyMaterial_IsRefused_AndChangesNothing(int size, bool damaged)
    {
        using CipherKey key = ServerTests.Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        byte[] wrapped = new byte[size + KeyWrap.Overhead];
        KeyWrap.Wrap(SampleMeter.Master, new byte[size], wrapped);
        if (damaged) wrapped[^1] ^= 1;
        Call(line, wrapped);
        Assert.Equal(new ClientFailure(ClientFailureKind.Action, (int)ActionResult.OtherReason), line.Client.Failure);
        line.Read(new AttributeDescriptor(InterfaceClass.Register, SampleMeter.Energy, 2));
        Assert.Equal(ClientStep.Done, line.Step);
    }

    private static bool Associates(SampleMeter meter, CipherKey key)
    {
        var transmit = new TransmitCounter();
        for (int attempt = 0; attempt < 2; attempt++)
        {
            // A head-end that starts at 1 is told where the meter stands, and jumps there.
            var line = new BenchLine(meter, 1, SampleMeter.Management(key, transmit, new ReceiveCounter()));
            line.Associate();
            if (line.Client.IsAssociated) return true;
        }

        return false;
    }

    private static void Transfer(BenchLine line, byte[] key)
    {
        byte[] wrapped = new byte[key.Length + KeyWrap.Overhead];
        KeyWrap.Wrap(SampleMeter.Master, key, wrapped);
        Call(line, wrapped);
    }

    private static void Call(BenchLine line, byte[] wrapped)
    {
        byte[] parameter = ServerTests.Data((ref AxdrWriter w) =>
        {
            w.Array(1);
            w.Structure(2);
            w.Enum((byte)KeySlot.GlobalUnicastEncryption);
            w.OctetString(wrapped);
        });
        ServerTests.Call(line, new MethodDescriptor(InterfaceClass.SecuritySetup, SampleMeter.Setup, 2), parameter);
    }
}
