using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Client;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Bench;

/// <summary>A small prepaid meter with fixed keys, as the figures and the tests use it: registers, one day of 15-minute values, relay, token gateway.</summary>
internal sealed class SampleMeter : IProfileRows, IDisconnectControl, ITokenQueue, IChallengeSource, IInvocationCounterStore, IClockHost
{
    public const int RowCount = 96;
    public static readonly LogicalName Energy = new(1, 0, 1, 8, 0);
    public static readonly LogicalName Profile = new(1, 0, 99, 1, 0);
    public static readonly LogicalName Clock = new(0, 0, 1, 0, 0);
    public static readonly LogicalName Relay = new(0, 0, 96, 3, 10);
    public static readonly LogicalName Gateway = new(0, 0, 19, 40, 0);
    public static readonly LogicalName Setup = new(0, 0, 43, 0, 0);
    public static readonly LogicalName Serial = new(0, 0, 96, 1, 0);
    public static readonly SystemTitle MeterTitle = new(0x4C41_5443_0000_0001);
    public static readonly SystemTitle HeadEndTitle = new(0x4C41_5443_4845_0001);
    public static readonly byte[] Encryption = Convert.FromHexString("000102030405060708090a0b0c0d0e0f");
    public static readonly byte[] Authentication = Convert.FromHexString("d0d1d2d3d4d5d6d7d8d9dadbdcdddedf");
    public static readonly byte[] Master = Convert.FromHexString("00112233445566778899aabbccddeeff");
    public static readonly byte[] Password = "12345678"u8.ToArray();
    private static readonly DateTimeOffset Midnight = new(2026, 1, 1, 0, 0, 0, TimeSpan.FromHours(8));
    private readonly Dictionary<(KeySlot Slot, ulong Sender), ulong> _counters = [];
    private readonly CosemDateTime[] _times = [.. Enumerable.Range(0, RowCount).Select(i => CosemDateTime.From(Midnight.AddMinutes(15 * i)))];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private byte _challenge;
    private byte[] _serial = "KPM31-000001"u8.ToArray();

    public SampleMeter(TimeProvider time, ushort maxPdu = 4096)
    {
        Security = new ServerSecurity(MeterTitle, SecuritySuite.Suite0, Encryption, Authentication, Master, this);
        var columns = new CaptureObject[]
        {
            new(InterfaceClass.Clock, Clock, 2, 0), new(InterfaceClass.Data, new LogicalName(0, 0, 96, 10, 1), 2, 0),
            new(InterfaceClass.Register, Energy, 2, 0), new(InterfaceClass.Register, new LogicalName(1, 0, 2, 8, 0), 2, 0),
        };
        Device = new LogicalDevice()
            .Add(new CosemData(new LogicalName(0, 0, 42, 0, 0), static (ref AxdrWriter w) => w.OctetString("LAT0000000000001"u8)), Everybody)
            .Add(new CosemData(Serial, (ref AxdrWriter w) => w.OctetString(_serial), TakeSerial), AccessGrant.ReadAll(32), AccessGrant.SecuredWrite(1, 2))
            .Add(new CosemData(new LogicalName(0, 0, 43, 1, 0), (ref AxdrWriter w) => w.DoubleLongUnsigned(Security.ExpectedFrom(HeadEndTitle))), Everybody)
            .Add(new CosemClock(Clock, this), Everybody)
            .Add(new CosemRegister(Energy, static (ref AxdrWriter w) => w.DoubleLongUnsigned(123_456), 0, 30), AccessGrant.ReadAll(32), AccessGrant.ReadAll(1))
            .Add(new ProfileGeneric(Profile, columns, 900, 8640, this), AccessGrant.ReadAll(32), AccessGrant.ReadAll(1))
            .Add(new DisconnectControl(Relay, this), AccessGrant.ReadAll(32), AccessGrant.ReadAll(1), AccessGrant.SecuredCall(1))
            .Add(new TokenGateway(Gateway, this), AccessGrant.ReadAll(1), AccessGrant.SecuredCall(1))
            .Add(new SecuritySetup(Setup, Security, AssociationProfile.Management().Policy), AccessGrant.ReadAll(1), AccessGrant.SecuredCall(1));
        Server = new DlmsServer(
            Device,
            [
                AssociationProfile.Public(),
                new AssociationProfile { Client = 32, Mechanism = AuthenticationMechanism.Low, Secret = Password, MaxReceivePdu = maxPdu },
                new AssociationProfile
                {
                    Client = 1, Context = ApplicationContext.LogicalNameCiphered, Mechanism = AuthenticationMechanism.Gmac, MaxReceivePdu = maxPdu,
                    Policy = AssociationProfile.Management().Policy,
                },
            ],
            Security, this, time);
    }

    public ServerSecurity Security { get; }

    public LogicalDevice Device { get; }

    public DlmsServer Server { get; }

    public int Credits { get; private set; }

    /// <summary>Tokens that reached the queue, the same one each time anew.</summary>
    public int Entered { get; private set; }

    public bool HasEntered(string digits) => _used.Contains(digits);

    public byte[] SerialNumber => _serial;

    private static AccessGrant[] Everybody => [AccessGrant.ReadAll(16), AccessGrant.ReadAll(32), AccessGrant.ReadAll(1)];

    public int Count => RowCount;

    public long TimeOf(int row) => Midnight.ToUnixTimeSeconds() + (900L * row);

    public void WriteColumn(int row, int column, ref AxdrWriter writer)
    {
        if (column == 0) writer.DateTimeOctets(_times[row]);
        else if (column == 1) writer.Unsigned(0);
        else writer.DoubleLongUnsigned(column == 2 ? 100_000 + (37 * (uint)row) : (uint)(row % 5));
    }

    public bool OutputState => State == ControlState.Connected;

    public ControlState State { get; private set; } = ControlState.Connected;

    public byte Mode { get; private set; } = 5;

    public ActionResult Request(ControlTrigger trigger)
    {
        if (DisconnectControlTable.Next(Mode, State, trigger) is not ControlState next) return ActionResult.TemporaryFailure;
        State = next;
        return ActionResult.Success;
    }

    public bool TrySetMode(byte mode)
    {
        Mode = mode;
        return true;
    }

    public CosemDateTime Now => _times[0];

    public void Refused()
    {
    }

    public long UnixSeconds => Midnight.ToUnixTimeSeconds();

    public int UtcOffsetMinutes => 8 * 60;

    public int MeasuringPeriod => 900;

    public bool TrySetTime(long unixSeconds) => false;

    public bool TrySetOffset(int minutes) => false;

    public TokenOutcome Enter(ReadOnlySpan<char> digits)
    {
        Entered++;
        if (!_used.Add(digits.ToString())) return new TokenOutcome(TokenStatus.ValidationFailure, 9, "used");
        Credits++;
        return new TokenOutcome(TokenStatus.ExecutionOk, 0, "accept");
    }

    // Fixed challenges: figures and tests replay. A real meter hands in a generator that nobody can foretell.
    public void Fill(Span<byte> challenge)
    {
        challenge.Fill(0x5A);
        challenge[0] = _challenge = unchecked((byte)(_challenge + 1));
    }

    public ulong LoadTransmit(KeySlot slot) => _counters.GetValueOrDefault((slot, 0UL));

    public void SaveTransmit(KeySlot slot, ulong bound) => _counters[(slot, 0UL)] = bound;

    public ulong LoadReceive(KeySlot slot, SystemTitle sender) => _counters.GetValueOrDefault((slot, sender.Value));

    public void SaveReceive(KeySlot slot, SystemTitle sender, ulong bound) => _counters[(slot, sender.Value)] = bound;

    public void ForgetReceived(KeySlot slot)
    {
        foreach ((KeySlot Slot, ulong Sender) key in _counters.Keys.Where(k => k.Slot == slot && k.Sender != 0).ToArray()) _counters.Remove(key);
    }

    public static DlmsClientOptions Management(CipherKey key, TransmitCounter transmit, ReceiveCounter receive, ushort maxPdu = 4096) => new()
    {
        Context = ApplicationContext.LogicalNameCiphered,
        Mechanism = AuthenticationMechanism.Gmac,
        Challenge = "0123456789abcdef"u8.ToArray(),
        Title = HeadEndTitle,
        Key = key,
        Transmit = transmit,
        Receive = receive,
        MaxReceivePdu = maxPdu,
    };

    private DataAccessResult TakeSerial(DataView value)
    {
        if (value.Tag != DataTag.OctetString || !value.TryGetOctets(out ReadOnlySpan<byte> octets)) return DataAccessResult.TypeUnmatched;
        _serial = octets.ToArray();
        return DataAccessResult.Success;
    }
}
