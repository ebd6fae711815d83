using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Server;
using Latchkey.Meter.Control;
using Latchkey.Meter.Payment;
using Latchkey.Meter.Payment.Accounts;
using Latchkey.Meter.Slot;
using Latchkey.Meter.Tamper;
using Latchkey.Meter.Tokens;
using Latchkey.Meter.Update;
using Latchkey.ModuleLink.Messages;

namespace Latchkey.Meter.Cosem;

/// <summary>The meter as COSEM objects over its core, with the associations that reach them. It measures, credits and switches nothing itself.</summary>
public sealed partial class MeterCosem : IDisposable
{
    /// <summary>Bytes of the communication store.</summary>
    public const int StoreSize = CosemLayout.MemorySize;

    private const int MaxValue = 192 * 1024;
    private const int ElapseEveryMs = 1_000;
    private readonly MeterContext _context;
    private readonly CosemParts _parts;
    private readonly CosemIdentity _identity;
    private readonly CosemEquipment _equipment;
    private readonly CosemStore _store;
    private readonly KeyVault _vault;
    private readonly ServerSecurity _security;
    private DateTime? _before;
    private long _elapsedMs;

    internal MeterCosem(MeterContext context, CosemParts parts, CosemIdentity identity, CosemEquipment equipment)
    {
        (_context, _parts, _identity, _equipment) = (context, parts, identity, equipment);
        _store = new CosemStore(equipment.Store);
        _vault = new KeyVault(_store, identity);
        _security = new ServerSecurity(
            identity.Title, identity.Suite, _vault.Key(KeySlot.GlobalUnicastEncryption), _vault.Key(KeySlot.Authentication), _vault.Key(KeySlot.KeyEncryption),
            _vault, _vault.Change)
        {
            Broadcast = _vault.Key(KeySlot.GlobalBroadcastEncryption).ToArray(),
            KeysTransferred = _vault.Commit,
            PolicyRaised = _vault.KeepPolicy,
        };
        _security.TryRaisePolicy(_vault.Policy);
        Clock = new CosemClock(Obis.Clock, new CoreClock(this, equipment.Clock), _store);
        Profiles =
        [
            AssociationProfile.Public(Rights.Public),
            AssociationProfile.Reading(_identity.ReadingPassword, Rights.Reading),
            AssociationProfile.Management(Rights.Management),
            AssociationProfile.Broadcast(Rights.Broadcast),
        ];
        AddIdentification();
        AddRegisters();
        AddSupply();
        AddPushes();
        AddTokens();
        AddProfiles();
        AddEvents();
        AddLinks();
        AddSecurity();
        Server = new DlmsServer(Device, Profiles, _security, equipment.Random, new CoreTime(context), MaxValue);
        Device.Add(new PortProtection(Obis.PortProtection, new LogicalName(0, 0, 22, 0, 0), Server), Rights.Callable(2, 3, 4, 5, 6));
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

    /// <summary>What each client is offered.</summary>
    public IReadOnlyList<AssociationProfile> Profiles { get; }

    /// <summary>Protects a push: anybody may carry it, only who holds the key reads it. 0 when it does not fit.</summary>
    public int Protect(ReadOnlySpan<byte> notification, Span<byte> output) => _security.ProtectNotification(notification, output);

    /// <summary>Clears the keys.</summary>
    public void Dispose() => _security.Dispose();

    /// <summary>Lets time pass, once a second: captures, schedules, calendars, alarms.</summary>
    internal void Elapse()
    {
        long ms = _context.Now.MonotonicMs;
        if (ms - _elapsedMs < ElapseEveryMs || _context.Journal.Acceptor is null) return;
        _elapsedMs = ms;
        ElapseSupply(ms / 1_000);
        ElapseProfiles();
        ElapseCharges();
        ElapseAlarms();
        if (_context.Now.ClockSeconds <= 0) return;
        DateTime now = Local().DateTime;
        if (_before is { } before)
        {
            _calendar.Elapse(Clock.Now);
            ElapseSchedules(before, now);
        }
        else
        {
            CatchUp(now);
        }

        _before = now;
    }

    // A month or a day that ended without power is frozen now.
    private void CatchUp(DateTime now)
    {
        if (_daily.Count > 0 && Clock.At(_daily.TimeOf(_daily.Count - 1)).TryToInstant(0, out DateTimeOffset day) && day.Date < now.Date) _daily.Capture(_context.Now.ClockSeconds);
        if (_billing.Count == 0 || !Clock.At(_billing.TimeOf(_billing.Count - 1)).TryToInstant(0, out DateTimeOffset month)) return;
        if ((month.Year, month.Month) == (now.Year, now.Month)) return;
        _billing.Capture(_context.Now.ClockSeconds);
        SetHighest(0, 0);
    }

    private DateTimeOffset Local() => Clock.Now.TryToInstant(0, out DateTimeOffset local) ? local : DateTimeOffset.UnixEpoch;

    private void AddIdentification()
    {
        string number = _context.Pan.ToString();
        LogicalDeviceName = CosemIdentity.Maker + number[Math.Max(0, number.Length - 13)..].PadLeft(13, '0');
        Text(Obis.LogicalDeviceName, LogicalDeviceName, Rights.Open());
        Device.Add(new SapAssignment(Obis.SapAssignment, 1, System.Text.Encoding.ASCII.GetBytes(LogicalDeviceName)), Rights.Readable());
        Text(Obis.SerialNumber, number, Rights.Readable());
        Text(new LogicalName(0, 0, 96, 1, 1), _context.Profile.Name.ToUpperInvariant(), Rights.Readable());
        Device.Add(
            new CosemData(new LogicalName(1, 0, 0, 2, 0), (ref AxdrWriter w) => w.OctetString(System.Text.Encoding.ASCII.GetBytes(VersionOf(_parts.Update.RunningVersion)))), Rights.Readable());
        (string version, string hash) = MeterCore.MetrologyImage;
        Text(new LogicalName(1, 1, 0, 2, 0), version, Rights.Readable());
        byte[] image = Convert.FromHexString(hash);
        Device.Add(new CosemData(new LogicalName(1, 1, 0, 2, 8), (ref AxdrWriter w) => w.OctetString(image)), Rights.Readable());
        Device.Add(Clock, [new AccessGrant(Rights.Public, IsMethod: false, 1, 2, Latchkey.Dlms.Cosem.AccessRights.Read), .. Rights.Callable(2, 3, 5, 6, 7, 8, 9), Rights.Told(2)]);
    }

    private void Text(LogicalName name, string text, AccessGrant[] rights)
    {
        byte[] octets = System.Text.Encoding.ASCII.GetBytes(text);
        Device.Add(new CosemData(name, (ref AxdrWriter w) => w.OctetString(octets)), rights);
    }

    private static string VersionOf(uint version) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{version >> 16}.{(version >> 8) & 0xFF}.{version & 0xFF}");

    private void AddSecurity()
    {
        Device.Add(new SecuritySetup(Obis.SecuritySetup, _security, AssociationProfile.Management().Policy), Rights.Secured());
        Device.Add(
            new CosemData(Obis.InvocationCounter, (ref AxdrWriter w) => w.DoubleLongUnsigned((uint)Math.Min(_vault.NextExpected, uint.MaxValue))), Rights.Open());
        Device.Add(new CosemImageTransfer(Obis.Image, new FirmwareTarget(_parts.Update)), Rights.Secured(5));
        Scripts(Obis.ImageScripts, new ScriptAction(1, InterfaceClass.ImageTransfer, Obis.Image, 4));
        Schedule(Obis.ImageSchedule, new ScriptReference(Obis.ImageScripts, 1), NoTimes);
    }

    /// <summary>The clock of the core, settable where the hardware lets it be set.</summary>
    private sealed class CoreClock(MeterCosem meter, IRealTimeClock? clock) : IClockHost
    {
        private const int UsualPeriod = 900;

        public long UnixSeconds => meter._context.Now.ClockSeconds;

        public int UtcOffsetMinutes => meter._context.State.Parameters.UtcOffsetMinutes;

        public int MeasuringPeriod => (int)(meter._load?.Period ?? UsualPeriod);

        public bool TrySetTime(long unixSeconds)
        {
            if (clock is null || unixSeconds is <= 0 or > uint.MaxValue || !clock.TrySet(unixSeconds)) return false;
            meter._context.Now = meter._context.Now with { ClockSeconds = unixSeconds };
            meter._profileStatus |= ClockAdjusted;
            return true;
        }

        public bool TrySetOffset(int minutes) => meter._context.TrySet(MeterParameter.UtcOffsetMinutes, minutes);
    }

    /// <summary>The time by which lock-outs end: that of the core, which nobody sets from outside.</summary>
    private sealed class CoreTime(MeterContext context) : TimeProvider
    {
        public override long TimestampFrequency => 1_000;

        public override long GetTimestamp() => context.Now.MonotonicMs;
    }
}

/// <summary>The desks of the core that objects act through.</summary>
internal sealed record CosemParts(
    SupplyControl Supply, PaymentDesk Payment, AccountDesk Account, AccountOffice Office, TokenDesk Tokens, TamperPanel Tamper, ModuleSlot Slot, FirmwareUpdate Update);
