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

/// <summary>Lists and blocks in both directions, attribute 0, object-list selectors, general blocks from the client.</summary>
public sealed class BlockServiceTests
{
    private static readonly LogicalName Long = new(0, 0, 96, 1, 5);
    private static readonly LogicalName Other = new(0, 0, 96, 1, 6);
    private byte[] _long = [];
    private byte[] _other = [];

    [Theory]
    [InlineData(10)]
    [InlineData(200)]
    [InlineData(3_000)]
    public void Write_OfAnyLength_ArrivesWhole(int length)
    {
        BenchLine line = Line(pdu: 128);
        byte[] value = [.. Enumerable.Range(0, length).Select(i => (byte)(i % 251))];
        byte[] data = Octets(value);
        Assert.True(DataView.TryReadWhole(data, out DataView view));
        line.Exchange(line.Client.Write(new AttributeDescriptor(InterfaceClass.Data, Long, 2), view, line.RequestBuffer));
        Assert.Equal(ClientStep.Done, line.Step);
        Assert.Equal(value, _long);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(400)]
    public void WriteList_OfAnyLength_WritesEach_AndTellsEach(int length)
    {
        BenchLine line = Line(pdu: 128);
        var attributes = new AxdrWriter(new byte[64]);
        AttributeList.Write(ref attributes, new AttributeDescriptor(InterfaceClass.Data, Long, 2));
        AttributeList.Write(ref attributes, new AttributeDescriptor(InterfaceClass.Register, SampleMeter.Energy, 2));
        AttributeList.Write(ref attributes, new AttributeDescriptor(InterfaceClass.Data, Other, 2));
        Assert.True(AttributeList.TryRead(attributes.Written, 3, out AttributeList list));
        byte[] value = new byte[length];
        byte[] encoded = [.. Octets(value), 0x05, 0, 0, 0, 1, .. Octets([7, 8])];
        Assert.True(DataList.TryRead(encoded, 3, out DataList values));
        line.Exchange(line.Client.WriteList(list, values, line.RequestBuffer));
        Assert.Equal(ClientStep.Done, line.Step);
        Assert.Equal([0, (byte)DataAccessResult.ReadWriteDenied, 0], line.Client.SetResults.ToArray());
        Assert.Equal((length, 2), (_long.Length, _other.Length));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    public void InvokeList_OfAnyLength_CallsEach_AndTellsEach(int length)
    {
        BenchLine line = Line(pdu: 128);
        var methods = new AxdrWriter(new byte[64]);
        MethodList.Write(ref methods, new MethodDescriptor(InterfaceClass.Data, Long, 1));
        MethodList.Write(ref methods, new MethodDescriptor(InterfaceClass.DisconnectControl, SampleMeter.Relay, 1));
        Assert.True(MethodList.TryRead(methods.Written, 2, out MethodList list));
        byte[] encoded = [.. Octets(new byte[length]), 0x0F, 0];
        Assert.True(DataList.TryRead(encoded, 2, out DataList parameters));
        line.Exchange(line.Client.InvokeList(list, parameters, line.RequestBuffer));
        Assert.Equal(ClientStep.Done, line.Step);
        var results = new List<(ActionResult, int)>();
        foreach (MethodResult result in line.Client.MethodResults) results.Add((result.Result, result.Return.Encoded.Length));
        Assert.Equal([(ActionResult.Success, Octets(new byte[length]).Length), (ActionResult.ReadWriteDenied, 1)], results);
        Assert.Equal(ControlState.Connected, line.Meter.State);
    }

    [Fact]
    public void Invoke_WithALongParameterAndALongAnswer_GoesInBlocksBothWays()
    {
        BenchLine line = Line(pdu: 128);
        byte[] value = [.. Enumerable.Range(0, 1_000).Select(i => (byte)(i % 13))];
        Assert.True(DataView.TryReadWhole(Octets(value), out DataView parameter));
        line.Exchange(line.Client.Invoke(new MethodDescriptor(InterfaceClass.Data, Long, 1), parameter, line.RequestBuffer));
        Assert.Equal(ClientStep.Done, line.Step);
        Assert.True(line.Client.Value.TryGetOctets(out ReadOnlySpan<byte> returned));
        Assert.Equal(value, returned.ToArray());
    }

    [Fact]
    public void LastBlockOfASet_ThatComesAgain_IsAnsweredAgain_AndNotCarriedOutTwice()
    {
        BenchLine line = Line(pdu: 128);
        string Send(string hex) => Convert.ToHexStringLower(Process(line, hex));
        Assert.Equal("c502c100000001", Send("c102c10001000060010 5ff0200000000000103090541".Replace(" ", "", StringComparison.Ordinal)));
        string last = "c103c1010000000204" + "42434445";
        Assert.Equal("c503c10000000002", Send(last));
        _long = [];
        Assert.Equal("c503c10000000002", Send(last));
        Assert.Empty(_long);
    }

    [Fact]
    public void ListOfMoreThanThirtyTwo_IsRefused_BeforeAnythingIsDone()
    {
        BenchLine line = Line(pdu: 4096);
        byte[] attribute = Convert.FromHexString("00010000600105ff0200");
        byte[] request = [0xC1, 4, 0xC1, 33, .. Enumerable.Repeat(attribute, 33).SelectMany(x => x), 33, .. Enumerable.Repeat(Octets([1]), 33).SelectMany(x => x)];
        Assert.Equal("d80103", Convert.ToHexStringLower(Process(line, Convert.ToHexString(request))));
        Assert.Empty(_long);
    }

    [Fact]
    public void AttributeZero_GivesEveryAttributeThatMayBeRead_AndWritesThoseThatMayBeWritten()
    {
        BenchLine line = Line(pdu: 4096);
        line.Read(new AttributeDescriptor(InterfaceClass.Register, SampleMeter.Energy, 0));
        Assert.Equal((ClientStep.Done, 3), (line.Step, line.Client.Value.Count));
        byte[] whole = [0x02, 2, 0, .. Octets([9, 9])];
        Assert.True(DataView.TryReadWhole(whole, out DataView value));
        line.Exchange(line.Client.Write(new AttributeDescriptor(InterfaceClass.Data, Long, 0), value, line.RequestBuffer));
        Assert.Equal((ClientStep.Done, 2), (line.Step, _long.Length));
    }

    [Fact]
    public void AttributeZero_WhereItWasNotAgreed_IsUndefined()
    {
        BenchLine line = BenchLine.Reading(TimeProvider.System);
        line.Read(new AttributeDescriptor(InterfaceClass.Register, SampleMeter.Energy, 0));
        Assert.Equal(new ClientFailure(ClientFailureKind.Access, (int)DataAccessResult.ObjectUndefined), line.Client.Failure);
    }

    [Theory]
    [InlineData(1, "00", 11, 3)]
    [InlineData(2, "0102120003120007", 2, 3)]
    [InlineData(3, "01010202120003090601000108 00ff", 1, 4)]
    [InlineData(4, "0202120003090601000108 00ff", 1, 4)]
    public void ObjectList_BySelector_GivesThoseObjects(byte selector, string parameters, int objects, int fields)
    {
        BenchLine line = Line(pdu: 4096);
        Assert.True(DataView.TryReadWhole(Convert.FromHexString(parameters.Replace(" ", "", StringComparison.Ordinal)), out DataView wanted));
        line.Read(new AttributeDescriptor(InterfaceClass.Association, new LogicalName(0, 0, 40, 0, 0), 2), new SelectiveAccess(selector, wanted));
        Assert.Equal(ClientStep.Done, line.Step);
        Assert.Equal(objects, line.Client.Value.Count);
        Assert.True(line.Client.Value.Items.TryTake(out DataView first));
        Assert.Equal(fields, first.Count);
    }

    [Theory]
    [InlineData(5, "00")]
    [InlineData(2, "00")]
    [InlineData(4, "0202120003090601000108 01ff")]
    public void ObjectList_ByAWrongSelection_IsRefused(byte selector, string parameters)
    {
        BenchLine line = Line(pdu: 4096);
        Assert.True(DataView.TryReadWhole(Convert.FromHexString(parameters.Replace(" ", "", StringComparison.Ordinal)), out DataView wanted));
        line.Read(new AttributeDescriptor(InterfaceClass.Association, new LogicalName(0, 0, 40, 0, 0), 2), new SelectiveAccess(selector, wanted));
        Assert.Equal(ClientFailureKind.Access, line.Client.Failure.Kind);
    }

    [Fact]
    public void Conformance_AskedAndOfferedBeyondWhatIsCarriedOut_IsNotAgreed()
    {
        var meter = new SampleMeter(TimeProvider.System);
        const Conformance All = (Conformance)0xFFFFFF;
        var server = new DlmsServer(meter.Device, [new AssociationProfile { Client = 32, Conformance = All }], meter.Security, meter, TimeProvider.System);
        var line = new BenchLine(meter, server, 32, new DlmsClientOptions { Conformance = All });
        line.Associate();
        Assert.Equal(AssociationProfile.Implemented, line.Client.Conformance);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(4, 0)]
    [InlineData(8, 64)]
    public void GeneralBlocks_FromTheClient_CarryEveryKindOfRequest(int window, int size)
    {
        BenchLine line = Line(pdu: 200, window, size);
        line.Read(new AttributeDescriptor(InterfaceClass.ProfileGeneric, SampleMeter.Profile, 2));
        Assert.Equal((ClientStep.Done, SampleMeter.RowCount), (line.Step, line.Client.Value.Count));
        Assert.True(DataView.TryReadWhole(Octets(new byte[900]), out DataView value));
        line.Exchange(line.Client.Write(new AttributeDescriptor(InterfaceClass.Data, Long, 2), value, line.RequestBuffer));
        Assert.Equal((ClientStep.Done, 900), (line.Step, _long.Length));
    }

    [Fact]
    public void GeneralBlocks_OverALineThatLosesThem_EndRight() =>
        Gen.Int[1, int.MaxValue].Sample(
            seed =>
            {
                BenchLine line = Line(pdu: 200, window: 4, size: 100);
                uint state = (uint)seed;
                byte[] buffer = new byte[1024];
                byte[] answer = new byte[1024];
                int size = line.Client.Read(new AttributeDescriptor(InterfaceClass.ProfileGeneric, SampleMeter.Profile, 2), default, buffer);
                for (int round = 0; round < 400; round++)
                {
                    int next = 0;
                    for (; size > 0; size = line.Client.Continue(buffer))
                    {
                        if (Lost(ref state)) continue;
                        for (int back = line.Connection.Process(32, buffer.AsSpan(0, size), answer); back > 0; back = line.Connection.Continue(32, answer))
                        {
                            if (Lost(ref state)) continue;
                            ClientStep step = line.Client.Take(answer.AsSpan(0, back), buffer, out int written);
                            if (step == ClientStep.Done) return line.Client.Value.Count == SampleMeter.RowCount;
                            if (step == ClientStep.Failed) return false;
                            if (written > 0) next = written;
                        }

                        if (next > 0) break;
                    }

                    size = next > 0 ? next : line.Client.Repeat(buffer);
                }

                return false;
            },
            iter: 60, threads: 1);

    private static bool Lost(ref uint state)
    {
        state = unchecked((state * 1_664_525) + 1_013_904_223);
        return (state >> 8) % 100 < 20;
    }

    private static byte[] Process(BenchLine line, string hex)
    {
        byte[] answer = new byte[4096];
        int size = line.Connection.Process(32, Convert.FromHexString(hex), answer);
        return answer[..size];
    }

    private static byte[] Octets(byte[] value)
    {
        var writer = new AxdrWriter(new byte[value.Length + 8]);
        writer.OctetString(value);
        return writer.Written.ToArray();
    }

    private BenchLine Line(ushort pdu, int window = 0, int size = 0)
    {
        var meter = new SampleMeter(TimeProvider.System);
        meter.Device.Add(
            new Echo(Long, value => Keep(value, ref _long)), AccessGrant.ReadAll(32), new AccessGrant(32, IsMethod: false, 2, 2, AccessRights.Read | AccessRights.Write),
            new AccessGrant(32, IsMethod: true, 1, 1, AccessRights.Read));
        meter.Device.Add(
            new Echo(Other, value => Keep(value, ref _other)), AccessGrant.ReadAll(32), new AccessGrant(32, IsMethod: false, 2, 2, AccessRights.Read | AccessRights.Write));
        meter.Device.Add(new DisconnectControl(new LogicalName(0, 0, 96, 3, 11), meter), AccessGrant.ReadAll(32));
        var profile = new AssociationProfile
        {
            Client = 32, MaxReceivePdu = pdu,
            Conformance = AssociationProfile.Recommended | Conformance.AttributeZeroWithGet | Conformance.AttributeZeroWithSet,
        };
        var server = new DlmsServer(meter.Device, [profile], meter.Security, meter, TimeProvider.System);
        var line = new BenchLine(meter, server, 32, new DlmsClientOptions
        {
            MaxReceivePdu = 512, GeneralBlockWindow = window, GeneralBlockSize = size, Conformance = AssociationProfile.Implemented,
        });
        line.Associate();
        return line;
    }

    private static DataAccessResult Keep(DataView value, ref byte[] kept)
    {
        if (!value.TryGetOctets(out ReadOnlySpan<byte> octets)) return DataAccessResult.TypeUnmatched;
        kept = octets.ToArray();
        return DataAccessResult.Success;
    }

    /// <summary>An object that keeps what is written and whose method gives its parameter back.</summary>
    private sealed class Echo(LogicalName name, ValueTaker take) : CosemObject(InterfaceClass.Data, 0, name, 2, 1)
    {
        public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
        {
            writer.Null();
            return DataAccessResult.Success;
        }

        public override DataAccessResult Write(int attribute, DataView value) => take(value);

        public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result)
        {
            result.WriteData(parameter);
            return ActionResult.Success;
        }
    }
}
