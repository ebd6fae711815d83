using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;
using Latchkey.Dlms.Services;
using Latchkey.Meter.Control;
using Latchkey.Meter.Events;
using Latchkey.Meter.Hal;
using Latchkey.Meter.Payment;

namespace Latchkey.Meter.Cosem;

public sealed partial class MeterCosem
{
    private const int StandardLog = 0;
    private const int FraudLog = 1;
    private const int RelayLog = 2;
    private const int QualityLog = 3;
    private const int LinkLog = 4;
    private const int PaymentLog = 5;
    private CosemAlarms _alarms = null!;

    private void AddEvents()
    {
        Log(StandardLog, _context.General, code => !IsRelay(code) && !IsQuality(code) && !IsLink(code) && !IsPayment(code));
        Log(FraudLog, _context.Fraud, code => !IsQuality(code));
        Log(RelayLog, _context.General, IsRelay);
        Log(QualityLog, _context.Fraud, IsQuality);
        Log(LinkLog, _context.General, IsLink);
        Log(PaymentLog, _context.General, IsPayment);
        Device.Add(new CosemData(Obis.ErrorRegister, (ref AxdrWriter w) => w.DoubleLongUnsigned((uint)Errors())), Rights.Readable());
        Device.Add(new CosemData(Obis.AlarmRegister, (ref AxdrWriter w) => w.DoubleLongUnsigned((uint)Alarms())), Rights.Readable());
        _alarms = new CosemAlarms(_store);
        Device.Add(_alarms.Filter, Rights.Readable(2));
        Device.Add(_alarms.Descriptor, Rights.Readable(2));
        Device.Add(new CosemData(Obis.OffReasons, (ref AxdrWriter w) => w.DoubleLongUnsigned((uint)_parts.Supply.Decision.AllReasons)), Rights.Readable());
        Device.Add(new CosemData(Obis.TamperLatched, (ref AxdrWriter w) => w.DoubleLongUnsigned((uint)_context.State.Tamper)), Rights.Readable());
        Device.Add(new CosemData(Obis.Boots, (ref AxdrWriter w) => w.DoubleLongUnsigned(_context.State.BootCount)), Rights.Readable());
    }

    private void Log(int number, EventLog log, Func<EventCode, bool> belongs)
    {
        var rows = new EventRows(log, belongs, Clock);
        CaptureObject code = new(InterfaceClass.Data, Obis.EventCode(number), 2, 0);
        CaptureObject detail = new(InterfaceClass.Data, Obis.EventDetail(number), 2, 0);
        Device.Add(new CosemData(Obis.EventCode(number), (ref AxdrWriter w) => w.LongUnsigned((ushort)rows.Last.Code)), Rights.Readable());
        Device.Add(new CosemData(Obis.EventDetail(number), (ref AxdrWriter w) => w.DoubleLong((int)Math.Clamp(rows.Last.Detail, int.MinValue, int.MaxValue))), Rights.Readable());
        Device.Add(
            new ProfileGeneric(Obis.EventLog(number), [ClockColumn, code, detail], 0, Journal.JournalLayout.EventSlots, rows) { Deviation = () => Clock.Deviation, InOrder = false },
            Rights.Readable());
    }

    // A new alarm that the filter lets through is kept until it is cleared, and is told at once.
    private void ElapseAlarms()
    {
        if (_alarms.Take((uint)Alarms()) && _alarmPush.IsConfigured) _alarmPush.Push();
    }

    private MeterAlarms Alarms()
    {
        MeterAlarms alarms = Errors();
        if (_parts.Payment.Level >= CreditLevel.Low) alarms |= MeterAlarms.LowCredit;
        if (_parts.Payment.Level == CreditLevel.Out) alarms |= MeterAlarms.NoCredit;
        if ((_parts.Supply.Decision.Reasons & Control.OffReasons.Overload) != Control.OffReasons.None) alarms |= MeterAlarms.Overload;
        return alarms | (MeterAlarms)((uint)(_context.State.Tamper | _parts.Tamper.Active) << TamperShift);
    }

    private MeterAlarms Errors()
    {
        MeterAlarms errors = MeterAlarms.None;
        if (_context.Now.ClockSeconds <= 0) errors |= MeterAlarms.ClockInvalid;
        if (_context.Journal.IsBroken || _context.Journal.Acceptor is null || _store.IsBroken) errors |= MeterAlarms.Memory;
        if (_parts.Supply.Position == SupplyPosition.Failed) errors |= MeterAlarms.Relay;
        return errors;
    }

    private const int TamperShift = 16;

    private static bool IsRelay(EventCode code) => code is (>= EventCode.ManualDisconnection and <= EventCode.LocalConnection) or EventCode.SwitchFailed;

    private static bool IsQuality(EventCode code) => code is EventCode.MissingVoltage or EventCode.MissingVoltageEnded;

    private static bool IsLink(EventCode code) => code is EventCode.ModuleInserted or EventCode.ModuleRemoved or EventCode.ModuleFault;

    private static bool IsPayment(EventCode code) =>
        code is (>= EventCode.CreditGranted and <= EventCode.KeyChanged) or EventCode.EmergencyAccepted or (>= EventCode.BlockAdopted and <= EventCode.DebtSet);
}

/// <summary>The bits of the alarm register; from bit 16 on the tampers, by their own numbers.</summary>
[Flags]
internal enum MeterAlarms : uint
{
    None = 0,
    ClockInvalid = 1 << 0,
    Memory = 1 << 1,
    Relay = 1 << 2,
    LowCredit = 1 << 3,
    NoCredit = 1 << 4,
    Overload = 1 << 5,
}

/// <summary>Alarm filter and descriptor: which alarms are told, and which have been raised since the head-end cleared them.</summary>
internal sealed class CosemAlarms
{
    private readonly AlarmBits _filter;
    private readonly AlarmBits _descriptor;
    private uint _before;

    public CosemAlarms(CosemStore store)
    {
        _filter = new AlarmBits(Obis.AlarmFilter, store, uint.MaxValue);
        _descriptor = new AlarmBits(Obis.AlarmDescriptor, store, 0);
    }

    public CosemObject Filter => _filter;

    public CosemObject Descriptor => _descriptor;

    /// <summary>Takes the alarms that hold now; true when a new one was raised.</summary>
    public bool Take(uint alarms)
    {
        uint risen = alarms & ~_before & _filter.Bits;
        _before = alarms;
        uint kept = _descriptor.Bits;
        if ((risen & ~kept) == 0) return false;
        _descriptor.Set(kept | risen);
        return true;
    }

    private sealed class AlarmBits : StoredObject
    {
        public AlarmBits(LogicalName name, CosemStore store, uint bits)
            : base(InterfaceClass.Data, 0, name, store) => Preset(2, (ref AxdrWriter w) => w.DoubleLongUnsigned(bits));

        public uint Bits => (uint)Number(2);

        public void Set(uint bits) => Keep(2, (ref AxdrWriter w) => w.DoubleLongUnsigned(bits));

        protected override Latchkey.Dlms.Services.DataAccessResult Judge(int attribute, DataView value) => value.Tag == DataTag.DoubleLongUnsigned
            ? Latchkey.Dlms.Services.DataAccessResult.Success
            : Latchkey.Dlms.Services.DataAccessResult.TypeUnmatched;
    }
}
