using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Bench;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Tests;

public sealed class ServerTests
{
    private static readonly AttributeDescriptor Register = new(InterfaceClass.Register, SampleMeter.Energy, 2);
    private static readonly AttributeDescriptor Buffer = new(InterfaceClass.ProfileGeneric, SampleMeter.Profile, 2);
    private static readonly MethodDescriptor Enter = new(InterfaceClass.TokenGateway, SampleMeter.Gateway, 1);

    [Fact]
    public void PublicClient_ReadsTheClock_AndSeesNothingElse()
    {
        var line = new BenchLine(new SampleMeter(TimeProvider.System), 16, new DlmsClientOptions());
        line.Associate();
        Assert.True(line.Client.IsAssociated);
        line.Read(new AttributeDescriptor(InterfaceClass.Clock, SampleMeter.Clock, 2));
        Assert.True(line.Client.Value.TryGetDateTime(out CosemDateTime time));
        Assert.Equal(2026, time.Year);
        line.Read(Register);
        Assert.Equal(new ClientFailure(ClientFailureKind.Access, (int)DataAccessResult.ObjectUndefined), line.Client.Failure);
    }

    [Fact]
    public void ReadingClient_WithTheWrongPassword_IsRejected_AndLockedAfterThree()
    {
        var meter = new SampleMeter(TimeProvider.System);
        for (int i = 0; i < 3; i++)
        {
            var guess = new BenchLine(meter, 32, new DlmsClientOptions { Mechanism = AuthenticationMechanism.Low, Secret = "00000000"u8.ToArray() });
            guess.Associate();
            Assert.Equal(new ClientFailure(ClientFailureKind.AssociationRejected, (int)AssociationDiagnostic.AuthenticationFailure), guess.Client.Failure);
        }

        var owner = new BenchLine(meter, 32, new DlmsClientOptions { Mechanism = AuthenticationMechanism.Low, Secret = SampleMeter.Password });
        owner.Associate();
        Assert.Equal(ClientStep.Failed, owner.Step);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(128)]
    [InlineData(64)]
    public void ReadingClient_ReadsTheDayInOneApduOrInBlocks(ushort maxPdu)
    {
        BenchLine line = BenchLine.Reading(TimeProvider.System, maxPdu);
        line.Read(Buffer);
        Assert.Equal(ClientStep.Done, line.Step);
        Assert.Equal(SampleMeter.RowCount, line.Client.Value.Count);
    }

    [Theory]
    [InlineData(4096)]
    [InlineData(200)]
    public void ManagementClient_ReadsTheDayCiphered(ushort maxPdu)
    {
        using CipherKey key = Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key, maxPdu);
        Assert.True(line.Client.IsAssociated);
        line.Read(Buffer);
        Assert.Equal(SampleMeter.RowCount, line.Client.Value.Count);
    }

    [Fact]
    public void Profile_ByRangeOfTimes_IncludesBothEnds()
    {
        BenchLine line = BenchLine.Reading(TimeProvider.System);
        var writer = new AxdrWriter(new byte[128]);
        DateTimeOffset six = new(2026, 1, 1, 6, 0, 0, TimeSpan.FromHours(8));
        var clock = new CaptureObject(InterfaceClass.Clock, SampleMeter.Clock, 2, 0);
        RangeDescriptor.WriteTimes(ref writer, clock, CosemDateTime.From(six), CosemDateTime.From(six.AddHours(1)));
        Assert.True(DataView.TryReadWhole(writer.Written, out DataView range));
        line.Read(Buffer, new SelectiveAccess(RangeDescriptor.Selector, range));
        Assert.Equal(5, line.Client.Value.Count);
    }

    [Theory]
    [InlineData(1, 2, 0, 0, 2)]
    [InlineData(96, 0, 1, 1, 1)]
    [InlineData(97, 0, 1, 1, 0)]
    [InlineData(5, 3, 1, 0, 0)]
    public void Profile_ByEntries_IncludesBothEnds(uint from, uint to, ushort first, ushort last, int expected)
    {
        BenchLine line = BenchLine.Reading(TimeProvider.System);
        var writer = new AxdrWriter(new byte[64]);
        new EntryDescriptor(from, to, Math.Max((ushort)1, first), last).Write(ref writer);
        Assert.True(DataView.TryReadWhole(writer.Written, out DataView entries));
        line.Read(Buffer, new SelectiveAccess(EntryDescriptor.Selector, entries));
        Assert.Equal((ClientStep.Done, expected), (line.Step, line.Client.Value.Count));
    }

    [Fact]
    public void List_OfThree_GivesAResultEach()
    {
        BenchLine line = BenchLine.Reading(TimeProvider.System);
        var writer = new AxdrWriter(new byte[64]);
        AttributeList.Write(ref writer, Register);
        AttributeList.Write(ref writer, new AttributeDescriptor(InterfaceClass.Register, new LogicalName(9, 9, 9, 9, 9), 2));
        AttributeList.Write(ref writer, new AttributeDescriptor(InterfaceClass.Clock, SampleMeter.Energy, 2));
        Assert.True(AttributeList.TryRead(writer.Written, 3, out AttributeList list));
        line.Exchange(line.Client.ReadList(list, line.RequestBuffer));
        var results = new List<DataAccessResult>();
        foreach (GetResult result in line.Client.Results) results.Add(result.Result);
        Assert.Equal([DataAccessResult.Success, DataAccessResult.ObjectUndefined, DataAccessResult.ObjectClassInconsistent], results);
    }

    [Fact]
    public void Token_EnteredTwice_IsCreditedOnce_AndTheSecondTimeUsed()
    {
        using CipherKey key = Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        foreach (TokenStatus expected in new[] { TokenStatus.ExecutionOk, TokenStatus.ValidationFailure })
        {
            Call(line, Enter, Data((ref AxdrWriter w) => w.OctetString(Convert.FromHexString("48643202781314010686"))));
            Assert.Equal(ClientStep.Done, line.Step);
            line.Read(new AttributeDescriptor(InterfaceClass.TokenGateway, SampleMeter.Gateway, 6));
            Assert.True(line.Client.Value.Items.TryTakeFirst(out long status));
            Assert.Equal((long)expected, status);
        }

        Assert.Equal(1, line.Meter.Credits);
    }

    [Fact]
    public void Token_OnAnEstablishedCipheredAssociation_CostsLessThanTwoHundredOctets()
    {
        using CipherKey key = Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        int octets = Call(line, Enter, Data((ref AxdrWriter w) => w.OctetString(Convert.FromHexString("48643202781314010686"))));
        Assert.InRange(octets, 1, 200);
    }

    [Fact]
    public void Access_EntersATokenAndReadsItsStatus_InOneRoundTrip()
    {
        using CipherKey key = Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        var entries = new AxdrWriter(new byte[64]);
        new AccessSpecification { Service = AccessService.Action, Target = new(InterfaceClass.TokenGateway, SampleMeter.Gateway, 1) }.Write(ref entries);
        new AccessSpecification { Service = AccessService.Get, Target = new(InterfaceClass.TokenGateway, SampleMeter.Gateway, 6) }.Write(ref entries);
        Assert.True(AccessSpecificationList.TryRead(entries.Written, 2, out AccessSpecificationList list));
        byte[] data = [.. Data((ref AxdrWriter w) => w.OctetString(Convert.FromHexString("48643202781314010686"))), 0];
        line.Exchange(line.Client.Access(list, data, line.RequestBuffer));
        Assert.Equal(ClientStep.Done, line.Step);
        Assert.Equal([3, 0, 1, 0], line.Client.AccessAnswer.Results.ToArray());
        Assert.Equal(1, line.Meter.Credits);
    }

    [Fact]
    public void Relay_DisconnectedAndReconnected_FollowsItsMode()
    {
        using CipherKey key = Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        byte[] zero = Data((ref AxdrWriter w) => w.Integer(0));
        Call(line, new MethodDescriptor(InterfaceClass.DisconnectControl, SampleMeter.Relay, 1), zero);
        Assert.Equal(ControlState.Disconnected, line.Meter.State);
        Call(line, new MethodDescriptor(InterfaceClass.DisconnectControl, SampleMeter.Relay, 2), zero);
        Assert.Equal(ControlState.ReadyForReconnection, line.Meter.State);
        Call(line, new MethodDescriptor(InterfaceClass.DisconnectControl, SampleMeter.Relay, 2), zero);
        Assert.Equal(new ClientFailure(ClientFailureKind.Action, (int)ActionResult.TemporaryFailure), line.Client.Failure);
    }

    [Fact]
    public void ReadingClient_WithoutTheRight_ChangesNothing()
    {
        BenchLine line = BenchLine.Reading(TimeProvider.System);
        Call(line, new MethodDescriptor(InterfaceClass.DisconnectControl, SampleMeter.Relay, 1), Data((ref AxdrWriter w) => w.Integer(0)));
        Assert.Equal(new ClientFailure(ClientFailureKind.Action, (int)ActionResult.ReadWriteDenied), line.Client.Failure);
        Assert.Equal(ControlState.Connected, line.Meter.State);
        Assert.True(DataView.TryReadWhole(Data((ref AxdrWriter w) => w.DoubleLongUnsigned(0)), out DataView zero));
        line.Exchange(line.Client.Write(Register, zero, line.RequestBuffer));
        Assert.Equal(new ClientFailure(ClientFailureKind.Access, (int)DataAccessResult.ReadWriteDenied), line.Client.Failure);
    }

    [Fact]
    public void ManagementClient_WritesTheSerialNumber()
    {
        using CipherKey key = Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        Assert.True(DataView.TryReadWhole(Data((ref AxdrWriter w) => w.OctetString("X1"u8)), out DataView value));
        line.Exchange(line.Client.Write(new AttributeDescriptor(InterfaceClass.Data, SampleMeter.Serial, 2), value, line.RequestBuffer));
        Assert.Equal((ClientStep.Done, "X1"), (line.Step, System.Text.Encoding.ASCII.GetString(line.Meter.SerialNumber)));
    }

    [Fact]
    public void KeyTransfer_GoesOnUnderTheNewKey()
    {
        using CipherKey key = Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        byte[] fresh = Convert.FromHexString("0f0e0d0c0b0a09080706050403020100");
        byte[] wrapped = new byte[24];
        KeyWrap.Wrap(SampleMeter.Master, fresh, wrapped);
        byte[] parameter = Data((ref AxdrWriter w) =>
        {
            w.Array(1);
            w.Structure(2);
            w.Enum((byte)KeySlot.GlobalUnicastEncryption);
            w.OctetString(wrapped);
        });
        Call(line, new MethodDescriptor(InterfaceClass.SecuritySetup, SampleMeter.Setup, 2), parameter);
        Assert.Equal(ClientStep.Done, line.Step);

        using var renewed = new CipherKey(SecuritySuite.Suite0, fresh, SampleMeter.Authentication);
        var next = new BenchLine(line.Meter, 1, SampleMeter.Management(renewed, new TransmitCounter(), new ReceiveCounter()));
        next.Associate();
        Assert.True(next.Client.IsAssociated);
        var stale = new BenchLine(line.Meter, 1, SampleMeter.Management(key, new TransmitCounter(), new ReceiveCounter()));
        stale.Associate();
        Assert.False(stale.Client.IsAssociated);
    }

    [Fact]
    public void Release_OfACipheredAssociation_WithoutItsInitiate_IsRefused()
    {
        using CipherKey key = Key();
        BenchLine line = BenchLine.Management(TimeProvider.System, key);
        byte[] answer = new byte[256];
        int size = line.Connection.Process(1, [0x62, 0x03, 0x80, 0x01, 0x00], answer);
        Assert.Equal((byte)ApduTag.ExceptionResponse, answer[0]);
        Assert.Equal(3, size);
        Assert.True(line.Connection.IsAssociated(1));
        line.Release();
        Assert.False(line.Connection.IsAssociated(1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    public void GeneralBlocks_CarryARequestAndALongAnswer(int window)
    {
        BenchLine line = BenchLine.Reading(TimeProvider.System, maxPdu: 200);
        var client = new GeneralBlockTransfer(8192, window);
        client.Start(Convert.FromHexString("c001c100070100630100ff0200"), 64, window);
        byte[] block = new byte[256];
        byte[] answer = new byte[200];
        for (int round = 0; round < 100 && client.Received.IsEmpty; round++)
        {
            int size;
            while ((size = client.WriteNext(block)) > 0)
            {
                int answered = line.Connection.Process(32, block.AsSpan(0, size), answer);
                while (answered > 0)
                {
                    Assert.True(GeneralBlock.TryRead(answer.AsSpan(0, answered), out GeneralBlock read));
                    Assert.NotEqual(BlockTransferEvent.Aborted, client.Receive(read));
                    answered = line.Connection.Continue(32, answer);
                }
            }
        }

        Assert.True(GetResponse.TryRead(client.Received, PeerTolerance.None, out GetResponse response));
        Assert.Equal(SampleMeter.RowCount, response.Data.Count);

        // Outside general blocks the client's own limit holds again.
        byte[] roomy = new byte[4096];
        Assert.InRange(line.Connection.Process(32, Convert.FromHexString("c001c100070100630100ff0200"), roomy), 1, 200);
    }

    [Fact]
    public void PublicClient_IsNotLockedOutByOthersFailures()
    {
        var meter = new SampleMeter(TimeProvider.System);
        for (int i = 0; i < 5; i++)
            new BenchLine(meter, 32, new DlmsClientOptions { Mechanism = AuthenticationMechanism.Low, Secret = "00000000"u8.ToArray() }).Associate();
        var line = new BenchLine(meter, 16, new DlmsClientOptions());
        line.Associate();
        Assert.True(line.Client.IsAssociated);
    }

    internal static CipherKey Key() => new(SecuritySuite.Suite0, SampleMeter.Encryption, SampleMeter.Authentication);

    internal static byte[] Data(ValueWriter write)
    {
        var writer = new AxdrWriter(new byte[128]);
        write(ref writer);
        return writer.Written.ToArray();
    }

    internal static int Call(BenchLine line, MethodDescriptor method, byte[] parameter)
    {
        Assert.True(DataView.TryReadWhole(parameter, out DataView value));
        return line.Exchange(line.Client.Invoke(method, value, line.RequestBuffer));
    }
}

internal static class DataItemsExtensions
{
    public static bool TryTakeFirst(this DataItems items, out long value)
    {
        value = 0;
        return items.TryTake(out DataView item) && item.TryGetInteger(out value);
    }
}
