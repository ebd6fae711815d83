using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;
using Latchkey.Meter;
using Latchkey.Meter.Cosem;
using Latchkey.Meter.Update;
using Latchkey.Simulator.Bench;
using Latchkey.Simulator.Loads;
using Latchkey.Simulator.Memory;
using Latchkey.Sts;

namespace Latchkey.Simulator.Tests.Cosem;

/// <summary>A virtual meter with a DLMS line, and clients on it.</summary>
internal sealed class CosemRig : IDisposable
{
    public static readonly byte[] Encryption = Convert.FromHexString("000102030405060708090A0B0C0D0E0F");
    public static readonly byte[] Authentication = Convert.FromHexString("D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF");
    public static readonly byte[] Master = Convert.FromHexString("00112233445566778899AABBCCDDEEFF");
    public static readonly byte[] Password = "12345678"u8.ToArray();
    public static readonly DateTimeOffset Start = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly MemoryNvmImage _memory = new();
    private readonly FirmwareKey? _firmware;
    private readonly MeterProfile _profile;

    public CosemRig(MeterProfile? profile = null, int watts = 0, DateTimeOffset? start = null, FirmwareKey? firmware = null)
    {
        (_profile, _firmware) = (profile ?? MeterProfile.Kpm31, firmware);
        Meter = Build(start ?? Start);
        Meter.Load = new ConstantLoad(watts);
    }

    public TestMint Mint { get; } = new();

    public MemoryNvmImage Store { get; } = new(VirtualMeter.StoreSize);

    public VirtualMeter Meter { get; private set; }

    public static SystemTitle HeadEnd { get; } = new(0x4C4B_5948_4553_0001);

    public void Run(double seconds) => Meter.Advance(TimeSpan.FromMicroseconds(Math.Round(seconds * 1e6)));

    /// <summary>The process ends and begins again on the same memories.</summary>
    public void Restart()
    {
        DateTimeOffset now = Meter.Now;
        ILoad load = Meter.Load;
        Meter.Dispose();
        Meter = Build(now);
        Meter.Load = load;
    }

    public CosemLine Public() => new(this, 16, new DlmsClientOptions { Conformance = AssociationProfile.Public().Conformance });

    public CosemLine Reading(ushort maxPdu = 2048) =>
        new(this, 32, new DlmsClientOptions { Mechanism = Latchkey.Dlms.Acse.AuthenticationMechanism.Low, Secret = Password, MaxReceivePdu = maxPdu, MaxValue = 262_144 });

    public CosemLine Management(ushort maxPdu = 2048, byte[]? encryption = null, byte[]? authentication = null, uint counter = 1)
    {
        var transmit = new TransmitCounter();
        transmit.TryJumpTo(counter);
        return new CosemLine(this, 1, new DlmsClientOptions
        {
            Context = Latchkey.Dlms.Acse.ApplicationContext.LogicalNameCiphered,
            Mechanism = Latchkey.Dlms.Acse.AuthenticationMechanism.Gmac,
            Challenge = "0123456789abcdef"u8.ToArray(),
            Title = HeadEnd,
            Key = new CipherKey(SecuritySuite.Suite0, encryption ?? Encryption, authentication ?? Authentication),
            Transmit = transmit,
            Receive = new ReceiveCounter(),
            MaxReceivePdu = maxPdu,
            MaxValue = 262_144,
        });
    }

    public void Dispose() => Meter.Dispose();

    private VirtualMeter Build(DateTimeOffset start) => new(
        new VirtualMeterOptions
        {
            Profile = _profile,
            Attributes = Mint.Attributes,
            Key = Mint.Key,
            MessageKey = new byte[16],
            Start = start,
            NoModule = true,
            Seed = 7,
            FirmwareKey = _firmware,
            Store = Store,
            Cosem = new CosemIdentity
            {
                Title = CosemIdentity.TitleOf(1), Encryption = Encryption, Broadcast = new byte[16], Authentication = Authentication, Master = Master, ReadingPassword = Password,
            },
        },
        _memory);
}

/// <summary>One client's association, back to back with the meter.</summary>
internal sealed class CosemLine
{
    private readonly byte[] _request = new byte[8_192];
    private readonly byte[] _answer = new byte[ushort.MaxValue];
    private readonly ushort _address;
    private readonly ServerConnection _connection;

    public CosemLine(CosemRig rig, ushort address, DlmsClientOptions options)
    {
        _address = address;
        Client = new DlmsClient(options);
        _connection = rig.Meter.DlmsServer!.Open();
        Exchange(Client.Associate(_request));
    }

    public DlmsClient Client { get; }

    public ClientStep Step { get; private set; }

    /// <summary>Octets both ways in the last exchange.</summary>
    public int Octets { get; private set; }

    /// <summary>Round trips of the last exchange.</summary>
    public int Turns { get; private set; }

    public DataAccessResult ReadResult => Step == ClientStep.Done ? DataAccessResult.Success : (DataAccessResult)Client.Failure.Code;

    public static byte[] Data(ValueWriter value)
    {
        var writer = new AxdrWriter(new byte[4_096]);
        value(ref writer);
        return writer.Written.ToArray();
    }

    public DataAccessResult Read(InterfaceClass id, LogicalName name, sbyte attribute, SelectiveAccess selection = default)
    {
        Exchange(Client.Read(new AttributeDescriptor(id, name, attribute), selection, _request));
        return ReadResult;
    }

    public long Number(InterfaceClass id, LogicalName name, sbyte attribute = 2)
    {
        Assert.Equal(DataAccessResult.Success, Read(id, name, attribute));
        Assert.True(Client.Value.TryGetInteger(out long number), $"{name} is {Client.Value.Tag}");
        return number;
    }

    public DataAccessResult Write(InterfaceClass id, LogicalName name, sbyte attribute, ValueWriter value)
    {
        Assert.True(DataView.TryReadWhole(Data(value), out DataView data));
        Exchange(Client.Write(new AttributeDescriptor(id, name, attribute), data, _request));
        return ReadResult;
    }

    public ActionResult Call(InterfaceClass id, LogicalName name, sbyte method, ValueWriter parameter)
    {
        Assert.True(DataView.TryReadWhole(Data(parameter), out DataView data));
        Exchange(Client.Invoke(new MethodDescriptor(id, name, method), data, _request));
        return Step == ClientStep.Done ? ActionResult.Success : (ActionResult)Client.Failure.Code;
    }

    public ActionResult Call(InterfaceClass id, LogicalName name, sbyte method) => Call(id, name, method, static (ref AxdrWriter w) => w.Integer(0));

    public List<DataAccessResult> ReadList(params AttributeDescriptor[] attributes)
    {
        var writer = new AxdrWriter(new byte[1_024]);
        foreach (AttributeDescriptor attribute in attributes) AttributeList.Write(ref writer, attribute);
        Assert.True(AttributeList.TryRead(writer.Written, attributes.Length, out AttributeList list));
        Exchange(Client.ReadList(list, _request));
        var results = new List<DataAccessResult>();
        foreach (GetResult result in Client.Results) results.Add(result.Result);
        return results;
    }

    private void Exchange(int size)
    {
        (Step, Octets, Turns) = (ClientStep.Failed, 0, 0);
        while (size > 0)
        {
            int answered = _connection.Process(_address, _request.AsSpan(0, size), _answer);
            Octets += size + answered;
            Turns++;
            Step = Client.Take(_answer.AsSpan(0, answered), _request, out size);
            if (Step != ClientStep.Send) return;
        }
    }
}
