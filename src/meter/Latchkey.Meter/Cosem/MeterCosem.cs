using System.Globalization;
using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Server;
using Latchkey.Meter.Control;
using Latchkey.Meter.Payment;
using Latchkey.Meter.Tamper;
using Latchkey.Meter.Tokens;

namespace Latchkey.Meter.Cosem;

/// <summary>The meter as COSEM objects over its core, with the associations that reach them. It measures, credits and switches nothing itself.</summary>
public sealed partial class MeterCosem : IDisposable
{
    /// <summary>Bytes of the communication store.</summary>
    public const int StoreSize = CosemLayout.MemorySize;

    private const int MaxValue = 192 * 1024;
    private readonly MeterContext _context;
    private readonly CosemParts _parts;
    private readonly CosemIdentity _identity;
    private readonly CosemEquipment _equipment;
    private readonly CosemStore _store;
    private readonly KeyVault _vault;
    private readonly ServerSecurity _security;

    internal MeterCosem(MeterContext context, CosemParts parts, CosemIdentity identity, CosemEquipment equipment)
    {
        (_context, _parts, _identity, _equipment) = (context, parts, identity, equipment);
        _store = new CosemStore(equipment.Store);
        _vault = new KeyVault(_store, identity);
        _security = new ServerSecurity(
            identity.Title, identity.Suite, _vault.Key(KeySlot.GlobalUnicastEncryption), _vault.Key(KeySlot.Authentication), _vault.Key(KeySlot.KeyEncryption),
            _vault, _vault.Change);
        Clock = new CosemClock(Obis.Clock, new CoreClock(context, equipment.Clock), _store);
        AddIdentification();
        AddRegisters();
        AddSupply();
        AddTokens();
        AddSecurity();
        Server = new DlmsServer(Device, Associations(), _security, equipment.Random, new CoreTime(context), MaxValue);
    }

    /// <summary>The objects.</summary>
    public LogicalDevice Device { get; } = new();

    /// <summary>The server over them; one thread at a time.</summary>
    public DlmsServer Server { get; }

    /// <summary>The clock object.</summary>
    public CosemClock Clock { get; }

    /// <summary>The meter's title.</summary>
    public SystemTitle Title => _identity.Title;

    /// <summary>logical_device_name: the maker's letters and thirteen digits of the meter's number.</summary>
    public string LogicalDeviceName { get; private set; } = string.Empty;

    /// <summary>The clients that may associate.</summary>
    public IReadOnlyList<AssociationProfile> Profiles => Associations();

    /// <summary>Clears the keys.</summary>
    public void Dispose() => _security.Dispose();

    private AssociationProfile[] Associations() =>
    [
        AssociationProfile.Public(Rights.Public),
        AssociationProfile.Reading(_identity.ReadingPassword, Rights.Reading),
        AssociationProfile.Management(Rights.Management),
    ];

    private void AddIdentification()
    {
        string number = _context.Pan.ToString();
        LogicalDeviceName = CosemIdentity.Maker + number[Math.Max(0, number.Length - 13)..].PadLeft(13, '0');
        byte[] name = System.Text.Encoding.ASCII.GetBytes(LogicalDeviceName);
        byte[] digits = System.Text.Encoding.ASCII.GetBytes(number);
        Device.Add(new CosemData(Obis.LogicalDeviceName, (ref AxdrWriter w) => w.OctetString(name)), Rights.Open());
        Device.Add(new SapAssignment(Obis.SapAssignment, 1, name), Rights.Readable());
        Device.Add(new CosemData(Obis.SerialNumber, (ref AxdrWriter w) => w.OctetString(digits)), Rights.Readable());
        Device.Add(Clock, [new AccessGrant(Rights.Public, IsMethod: false, 1, 2, Latchkey.Dlms.Cosem.AccessRights.Read), .. Rights.Callable(2, 3, 5, 6, 7, 8, 9)]);
    }

    private void AddSecurity()
    {
        Device.Add(new SecuritySetup(Obis.SecuritySetup, _security, AssociationProfile.Management().Policy), Rights.Secured());
        Device.Add(
            new CosemData(Obis.InvocationCounter, (ref AxdrWriter w) => w.DoubleLongUnsigned((uint)Math.Min(_security.NextTransmit, uint.MaxValue))), Rights.Open());
    }

    /// <summary>The clock of the core, settable where the hardware lets it be set.</summary>
    private sealed class CoreClock(MeterContext context, IRealTimeClock? clock) : IClockHost
    {
        public long UnixSeconds => context.Now.ClockSeconds;

        public int UtcOffsetMinutes => context.State.Parameters.UtcOffsetMinutes;

        public int MeasuringPeriod => 900;

        public bool TrySetTime(long unixSeconds)
        {
            if (clock is null || unixSeconds is <= 0 or > uint.MaxValue || !clock.TrySet(unixSeconds)) return false;
            context.Now = context.Now with { ClockSeconds = unixSeconds };
            return true;
        }

        public bool TrySetOffset(int minutes) => context.TrySet(ModuleLink.Messages.MeterParameter.UtcOffsetMinutes, minutes);
    }

    /// <summary>The time by which lock-outs end: that of the core, which nobody sets from outside.</summary>
    private sealed class CoreTime(MeterContext context) : TimeProvider
    {
        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp() => context.Now.MonotonicMs;
    }
}

/// <summary>The desks of the core that objects act through.</summary>
internal sealed record CosemParts(SupplyControl Supply, PaymentDesk Payment, TokenDesk Tokens, TamperPanel Tamper);
